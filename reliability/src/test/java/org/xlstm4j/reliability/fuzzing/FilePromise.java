package org.xlstm4j.reliability.fuzzing;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.cli.process.Failures;
import org.xlstm4j.loader.files.ModelFormatException;

/**
 * What is promised of every reader, whatever the file: it is read, or refused by a {@code
 * ModelFormatException}, in commands perhaps an {@code IOException}, with a message of one line,
 * within a second and another one for each megabyte, and with at most 16 MB of allocations and ten
 * times the file.
 */
final class FilePromise {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private static final long MEGABYTE = 1 << 20;
  private static final long SECOND = 1_000_000_000L;
  private static final int ATTEMPTS = 3;

  private FilePromise() {}

  /** The promise was broken. */
  static final class BrokenException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BrokenException(String how) {
      super(how);
    }
  }

  /**
   * Reads a file. What takes too long or too much is read again, since what the JVM does once, such
   * as loading classes, is not the file's doing.
   *
   * @return whether it was read, not refused
   * @throws BrokenException if the reader took too long or too much, or refused in another way
   */
  static boolean check(FuzzTarget target, byte[] file) {
    String excess = null;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Outcome outcome = read(target, file);
      if (outcome.excess == null) {
        return outcome.read;
      }
      excess = outcome.excess;
    }
    throw new BrokenException(target + ": " + excess + " for " + file.length + " bytes");
  }

  /**
   * How a file was read.
   *
   * @param read whether it was, not refused
   * @param excess what took too long or too much, or null
   */
  private record Outcome(boolean read, @Nullable String excess) {}

  private static Outcome read(FuzzTarget target, byte[] file) {
    long allocated = allocatedBytes(target);
    long time = processorTime(target);
    boolean read = reads(target, file);
    time = processorTime(target) - time;
    allocated = allocatedBytes(target) - allocated;
    if (time > SECOND + SECOND * file.length / MEGABYTE) {
      return new Outcome(read, time / 1e9 + " s");
    }
    long most = 16 * MEGABYTE + 10L * file.length;
    boolean fits = allocated <= most || allocated <= most + target.extraBytes(file);
    return new Outcome(read, fits ? null : allocated + " bytes allocated");
  }

  private static long allocatedBytes(FuzzTarget target) {
    return target.isServed()
        ? THREADS.getTotalThreadAllocatedBytes()
        : THREADS.getCurrentThreadAllocatedBytes();
  }

  private static long processorTime(FuzzTarget target) {
    return target.isServed() ? SYSTEM.getProcessCpuTime() : THREADS.getCurrentThreadCpuTime();
  }

  private static boolean reads(FuzzTarget target, byte[] file) {
    try {
      target.reader().read(file);
      return true;
    } catch (IOException refused) {
      String line = Failures.line(refused);
      boolean expected =
          refused.getClass() == target.refusal()
              || refused.getClass() == ModelFormatException.class;
      if (!expected || line.isBlank() || line.lines().count() != 1 || line.length() > 10_000) {
        BrokenException broken = new BrokenException(target + ": refused in another way");
        broken.initCause(refused);
        throw broken;
      }
      return false;
    }
  }
}
