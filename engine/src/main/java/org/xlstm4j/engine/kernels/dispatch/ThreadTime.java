package org.xlstm4j.engine.kernels.dispatch;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/** How long threads have had a processor, if Java was started with the module that knows it. */
final class ThreadTime {
  private static final boolean KNOWN = ModuleLayer.boot().findModule("java.management").isPresent();

  private ThreadTime() {}

  private static final class Management {
    static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  }

  /**
   * Time of the current thread so far.
   *
   * @return nanoseconds; the most there are where nobody knows it
   */
  static long nanos() {
    return KNOWN && Management.THREADS.isCurrentThreadCpuTimeSupported()
        ? Management.THREADS.getCurrentThreadCpuTime()
        : Long.MAX_VALUE;
  }
}
