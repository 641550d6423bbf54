package org.xlstm4j.engine;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.xlstm4j.engine.kernels.KernelWarmUp;

/**
 * The start of the engine in a cold JVM. Everything works at once on scalar kernels; the SIMD
 * kernels are compiled in the background and switched in when they are fast. Opening a model begins
 * it; a program that must be fast from its first step waits for it with {@link #complete}.
 *
 * <p>Thread-safe.
 */
public final class WarmUp {
  private static final String VECTOR_MODULE = "jdk.incubator.vector";

  private static final AtomicBoolean BEGUN = new AtomicBoolean();
  private static final CountDownLatch DONE = new CountDownLatch(1);
  private static volatile Result result = Result.RUNNING;

  private WarmUp() {}

  /** How far it is, and how it ended. */
  public enum Result {
    /** Not begun, or SIMD kernels still being compiled. */
    RUNNING,
    /** All kernels are SIMD kernels. */
    SIMD,
    /** The Vector API is there, but some kernels are no faster with it on this JVM. */
    SLOW_VECTORS,
    /** The module {@code jdk.incubator.vector} was not resolved. */
    NO_VECTOR_MODULE
  }

  /** Starts compiling the SIMD kernels in the background; does nothing if that was done before. */
  public static void begin() {
    if (BEGUN.compareAndSet(false, true)) {
      Thread thread = new Thread(WarmUp::run, "xlstm4j-warm-up");
      thread.setDaemon(true);
      thread.start();
    }
  }

  /**
   * Begins if necessary and waits until the SIMD kernels are in use.
   *
   * @return how it ended
   */
  public static Result complete() {
    begin();
    try {
      DONE.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return result;
  }

  /**
   * How far it is.
   *
   * @return the result so far
   */
  public static Result result() {
    return result;
  }

  /**
   * What a user should know, in one line.
   *
   * @return a sentence
   */
  public static String description() {
    return switch (result) {
      case RUNNING -> "SIMD kernels are being compiled, scalar kernels meanwhile";
      case SIMD -> "SIMD kernels of " + vectorBits() + " bits";
      case SLOW_VECTORS ->
          "scalar kernels: the Vector API is slow on this JVM or processor (it needs the C2"
              + " compiler and at least AVX2 or NEON)";
      case NO_VECTOR_MODULE ->
          "scalar kernels: start Java with --add-modules " + VECTOR_MODULE + " for SIMD";
    };
  }

  private static void run() {
    try {
      if (hasVectorModule()) {
        result = KernelWarmUp.run() ? Result.SIMD : Result.SLOW_VECTORS;
      } else {
        result = Result.NO_VECTOR_MODULE;
      }
    } finally {
      DONE.countDown();
    }
  }

  private static boolean hasVectorModule() {
    return ModuleLayer.boot().findModule(VECTOR_MODULE).isPresent();
  }

  private static int vectorBits() {
    return KernelWarmUp.vectorBits();
  }
}
