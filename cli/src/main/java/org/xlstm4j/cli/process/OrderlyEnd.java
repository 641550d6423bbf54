package org.xlstm4j.cli.process;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets a command that is asked to end, by an interrupt from the keyboard or by another program,
 * save its work first: the process waits until the command is through.
 */
public final class OrderlyEnd implements AutoCloseable {
  /** How long a process that was asked to end waits. */
  private static final long PATIENCE_SECONDS = 60;

  private static final CountDownLatch THROUGH = new CountDownLatch(1);

  private final Thread hook;

  /**
   * From now on.
   *
   * @param cancel has the command come to its end soon; is called in another thread
   */
  public OrderlyEnd(Runnable cancel) {
    hook = new Thread(() -> cancelAndWait(cancel), "xlstm4j-orderly-end");
    try {
      Runtime.getRuntime().addShutdownHook(hook);
    } catch (IllegalStateException e) {
      cancel.run(); // the process is ending already
    }
  }

  /** The command is through: all that it had to say is said. */
  public static void commandIsThrough() {
    THROUGH.countDown();
  }

  private static void cancelAndWait(Runnable cancel) {
    cancel.run();
    try {
      boolean unused = THROUGH.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** From now on an interrupt ends the process at once. */
  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // it runs, and waits for the command
    }
  }
}
