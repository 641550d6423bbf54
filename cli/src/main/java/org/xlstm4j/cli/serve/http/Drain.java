package org.xlstm4j.cli.serve.http;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Counts requests that are being answered, and lets no more in when the server is to end. */
public final class Drain {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition empty = lock.newCondition();
  private int inFlight;
  private boolean closed;

  /** A request comes in; false if it may not. */
  boolean enter() {
    lock.lock();
    try {
      if (!closed) {
        inFlight++;
      }
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  /** A request that came in is through. */
  void leave() {
    lock.lock();
    try {
      inFlight--;
      empty.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Requests that are being answered. */
  public int inFlight() {
    lock.lock();
    try {
      return inFlight;
    } finally {
      lock.unlock();
    }
  }

  /** From now on requests get 503. */
  public void close() {
    lock.lock();
    try {
      closed = true;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until all requests are through, but not longer than the grace; false if some are not. */
  public boolean await(Duration grace) throws InterruptedException {
    lock.lock();
    try {
      long left = grace.toNanos();
      while (inFlight > 0 && left > 0) {
        left = empty.awaitNanos(left);
      }
      return inFlight == 0;
    } finally {
      lock.unlock();
    }
  }
}
