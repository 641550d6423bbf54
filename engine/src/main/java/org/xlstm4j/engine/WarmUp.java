package org.xlstm4j.engine;

import org.xlstm4j.engine.kernels.VectorModule;
import org.xlstm4j.engine.kernels.dispatch.KernelWarmUp;

/**
 * The start of the engine in a cold JVM. Machine code is fast at once, and there is nothing to wait
 * for. Where there is none, everything works on scalar kernels first; the kernels of the Vector API
 * are compiled in the background and switched in when they are fast. A model's first work begins
 * that; a program that must be fast from some step on runs one before, and waits with {@link
 * #complete}.
 *
 * <p>Thread-safe.
 */
public final class WarmUp {
  private WarmUp() {}

  /** How far it is, and how it ended. */
  public enum Result {
    /** Not begun, or SIMD kernels are still being compiled. */
    RUNNING,
    /** All that was computed so far is computed by machine code or by SIMD kernels. */
    SIMD,
    /** The Vector API is there, but some kernels are no faster with it on this JVM. */
    SLOW_VECTORS,
    /** The module {@code jdk.incubator.vector} was not resolved. */
    NO_VECTOR_MODULE,
    /** Scalar kernels were chosen, {@link KernelPath#SCALAR}. */
    SCALAR_CHOSEN
  }

  /**
   * Starts compiling in the background what is computed without machine code, now and from now on;
   * does nothing if that was done before.
   */
  public static void begin() {
    KernelPath.inUse();
    KernelWarmUp.begin();
  }

  /**
   * Begins if necessary and waits until the SIMD kernels of everything computed so far are in use,
   * and those that prompts need.
   *
   * @return how it ended
   */
  public static Result complete() {
    KernelPath.inUse();
    try {
      KernelWarmUp.complete();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return result();
  }

  /**
   * How far it is.
   *
   * @return the result so far
   */
  public static Result result() {
    if (KernelPath.inUse() == KernelPath.MACHINE && !KernelWarmUp.isNeeded()) {
      return Result.SIMD;
    } else if (!VectorModule.isPresent()) {
      return Result.NO_VECTOR_MODULE;
    } else if (KernelWarmUp.scalarChosen()) {
      return Result.SCALAR_CHOSEN;
    } else if (!KernelWarmUp.begun() || KernelWarmUp.underWay()) {
      return Result.RUNNING;
    }
    return KernelWarmUp.slow() ? Result.SLOW_VECTORS : Result.SIMD;
  }

  /**
   * What a user should know, in one line.
   *
   * @return a sentence
   */
  public static String description() {
    String path = KernelPath.description();
    if (KernelPath.inUse() == KernelPath.MACHINE) {
      return path;
    }
    return path.isEmpty() ? vectors() : path + "; " + vectors();
  }

  /** What computes where there is no machine code. */
  private static String vectors() {
    return switch (result()) {
      case RUNNING -> "SIMD kernels are being compiled, scalar kernels meanwhile";
      case SIMD -> "SIMD kernels of " + VectorModule.bits() + " bits";
      case SLOW_VECTORS ->
          "scalar kernels: those of the Vector API are no faster here (they need the C2 compiler,"
              + " AVX2 or NEON, and a processor that is not emulated)";
      case SCALAR_CHOSEN -> "scalar kernels, as chosen";
      case NO_VECTOR_MODULE ->
          "scalar kernels: start Java with --add-modules jdk.incubator.vector for SIMD";
    };
  }
}
