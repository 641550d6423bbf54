package org.xlstm4j.engine.threads;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.engine.kernels.dispatch.KernelWarmUp;

/**
 * The threads that compute together. A region is cut into one band a member; the caller works as
 * member 0, helper threads take the others, and {@link #run} returns when all are done. Helpers
 * wait for the next region by spinning for a moment and then parking, because a decode step is
 * hundreds of regions of a few microseconds each. A band that its helper has not begun when the
 * caller is through with its own, because the helper is parked or the system has given its
 * processor to another program, is done by the caller.
 *
 * <p>There is one set of helper threads a process. If another session's region occupies it, the
 * caller works through all bands itself: results never depend on who computed a band.
 */
public final class Team {
  /** Spins before a helper parks: about 50 microseconds, longer than the serial parts of a step. */
  private static final int SPINS = 1 << 14;

  private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();

  private static final ReentrantLock OCCUPIED = new ReentrantLock();
  private static Helper[] helpers = new Helper[0];

  private final int size;

  private Team(int size) {
    this.size = size;
  }

  /** Work that can be cut into independent bands. */
  public interface Region {
    /**
     * Does one member's share. Bands must not wait for each other.
     *
     * @param member 0 to {@code members - 1}
     * @param members how many bands there are
     */
    void run(int member, int members);
  }

  /**
   * A team of a given size.
   *
   * @param size number of threads, the caller's included, at least 1
   * @return the team; all teams of a process share the same helper threads
   */
  public static Team of(int size) {
    if (size < 1 || size > 1024) {
      throw new IllegalArgumentException("a team has 1 to 1024 threads, not " + size);
    }
    return new Team(size);
  }

  /**
   * A team as large as the machine has physical cores.
   *
   * @return the default team
   */
  public static Team ofPhysicalCores() {
    return of(Processors.physicalCores());
  }

  /**
   * Number of threads, the caller's included.
   *
   * @return at least 1
   */
  public int size() {
    return size;
  }

  /**
   * Runs a region and returns when every band is done.
   *
   * @param region the work; an exception in any band is thrown here after all have ended
   */
  public void run(Region region) {
    if (size == 1) {
      region.run(0, 1);
    } else if (!OCCUPIED.isHeldByCurrentThread() && OCCUPIED.tryLock()) {
      try {
        runTogether(region);
      } finally {
        OCCUPIED.unlock();
      }
    } else {
      for (int member = 0; member < size; member++) {
        region.run(member, size);
      }
    }
  }

  private void runTogether(Region region) {
    int helping = helping();
    Helper[] all = helpers(helping);
    for (int i = 0; i < helping; i++) {
      all[i].start(region, i + 1, size);
    }
    Throwable failure = null;
    try {
      region.run(0, size);
      for (int member = helping + 1; member < size; member++) {
        region.run(member, size);
      }
    } catch (RuntimeException | Error e) {
      failure = e;
    }
    for (int i = 0; i < helping; i++) {
      Throwable theirs = all[i].finish();
      failure = failure == null ? theirs : failure;
    }
    if (failure instanceof Error error) {
      throw error;
    } else if (failure instanceof RuntimeException exception) {
      throw exception;
    }
  }

  /**
   * How many helpers take a band. While kernels are being compiled one processor is left to the
   * compiler: the sooner it is done, the more is gained.
   */
  private int helping() {
    return size >= PROCESSORS && KernelWarmUp.urgent() ? size - 2 : size - 1;
  }

  private static Helper[] helpers(int count) {
    if (helpers.length < count) {
      Helper[] more = new Helper[count];
      System.arraycopy(helpers, 0, more, 0, helpers.length);
      for (int i = helpers.length; i < count; i++) {
        more[i] = new Helper(i + 1);
      }
      helpers = more;
    }
    return helpers;
  }

  /** One helper thread and the mailbox through which it gets its band. */
  private static final class Helper implements Runnable {
    private final Thread thread;
    private final AtomicInteger ordered = new AtomicInteger();

    /** The last order that somebody has begun: who sets it does the work. */
    private final AtomicInteger begun = new AtomicInteger();

    private final AtomicInteger done = new AtomicInteger();
    private volatile boolean parked;
    private @Nullable Region region;
    private int member;
    private int members;
    private @Nullable Throwable failure;

    Helper(int number) {
      thread = new Thread(this, "xlstm4j-" + number);
      thread.setDaemon(true);
      thread.start();
    }

    void start(Region work, int asMember, int ofMembers) {
      region = work;
      member = asMember;
      members = ofMembers;
      ordered.set(ordered.getPlain() + 1);
      if (parked) {
        LockSupport.unpark(thread);
      }
    }

    /** Does the band if the helper has not begun it, else waits until it is done. */
    @Nullable Throwable finish() {
      int order = ordered.getPlain();
      if (begun.compareAndSet(order - 1, order)) {
        work();
      } else {
        awaitDone(order);
      }
      Throwable result = failure;
      failure = null;
      region = null;
      return result;
    }

    @SuppressWarnings("ThreadPriorityCheck") // a helper that lost its core needs ours
    private void awaitDone(int order) {
      for (int spin = 0; done.get() != order; spin++) {
        if (spin < SPINS) {
          Thread.onSpinWait();
        } else {
          Thread.yield();
        }
      }
    }

    @Override
    public void run() {
      int seen = 0;
      while (true) {
        awaitOrder(seen);
        seen = ordered.get();
        if (begun.compareAndSet(seen - 1, seen)) {
          work();
          done.set(seen);
        }
      }
    }

    private void work() {
      try {
        Region work = region;
        if (work != null) {
          work.run(member, members);
        }
      } catch (RuntimeException | Error e) {
        failure = e;
      }
    }

    private void awaitOrder(int seen) {
      for (int spin = 0; spin < SPINS; spin++) {
        if (ordered.get() != seen) {
          return;
        }
        Thread.onSpinWait();
      }
      parked = true;
      while (ordered.get() == seen) {
        LockSupport.park(this);
      }
      parked = false;
    }
  }
}
