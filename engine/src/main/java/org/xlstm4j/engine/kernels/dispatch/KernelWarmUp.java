package org.xlstm4j.engine.kernels.dispatch;

import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.engine.kernels.LaneSums;
import org.xlstm4j.engine.kernels.VectorModule;

/**
 * Brings the SIMD kernels into use. Interpreted vector operations are thousands of times slower
 * than compiled ones, so each family is exercised on tiny inputs in a background thread until it is
 * faster than scalar code would be, and only then switched in. A family that never is (a JVM
 * without C2, or a processor without the wide instructions) stays scalar. As a busy machine can
 * keep the compiler waiting for long, it is tried again once a second.
 *
 * <p>Only what something computes with is exercised ({@link KernelNeeds}); the thread ends when
 * that is done and comes back when more is wanted.
 *
 * <p>For measurements the value {@code simd} of the system property {@code xlstm4j.kernels} uses
 * SIMD kernels from the first call on.
 */
public final class KernelWarmUp {
  private static final String START = System.getProperty("xlstm4j.kernels", "");

  /**
   * Kernels that are not fast after so much time in all will not become so. That is time on a
   * processor: where other programs keep it, they keep it from the compiler too.
   */
  private static final long PATIENCE_NANOS = 20_000_000_000L;

  private static final long SECOND_MILLIS = 1000;

  /** Seconds after which a family is no longer tried. */
  private static final int LAST_TRY = 600;

  /** Runs of an exercise timed together. */
  private static final int BATCH = 2;

  /** A batch that takes less is not followed by a rest. */
  private static final long SHORT_NANOS = 1_000_000;

  /** Length of a rest in batches, and at most: what the compiler gets of a processor meanwhile. */
  private static final long REST = 5;

  private static final long LONGEST_REST_NANOS = 20_000_000;

  private static final KernelWarmUp INSTANCE = new KernelWarmUp();

  private volatile boolean scalar;
  private volatile boolean begun;
  private volatile boolean underWay;
  private volatile boolean urgent;
  private volatile boolean awaited;
  private final AtomicInteger slowFamilies = new AtomicInteger();
  private long patience = PATIENCE_NANOS;
  private double scalarRate;
  private final Set<KernelFamily> untried = EnumSet.allOf(KernelFamily.class);

  private KernelWarmUp() {}

  /** Keeps the scalar kernels. */
  public static void stayScalar() {
    INSTANCE.scalar = true;
  }

  /** Whether scalar kernels were asked for. */
  public static boolean scalarChosen() {
    return INSTANCE.scalar;
  }

  /** Uses the SIMD kernels from now on, compiled or not, where no machine code is on offer. */
  public static void useVectorKernels() {
    for (KernelFamily family : KernelFamily.values()) {
      KernelExercise.of(family).use();
    }
  }

  /** Starts compiling in the background what is wanted, now and whenever more is wanted. */
  public static void begin() {
    if (!INSTANCE.begun) {
      KernelNeeds.want(KernelFamily.MATH);
      INSTANCE.start(true);
    }
  }

  /**
   * Begins and waits until everything wanted by now, and what prompts need, runs on SIMD kernels,
   * or never will.
   */
  public static void complete() throws InterruptedException {
    KernelNeeds.want(KernelFamily.MATH);
    KernelNeeds.want(KernelFamily.TILES);
    KernelNeeds.wantSeveral();
    INSTANCE.start(true);
    INSTANCE.await();
  }

  /** Whether something waits for SIMD kernels. */
  public static boolean isNeeded() {
    return KernelNeeds.areAnyWanted();
  }

  /** Whether compiling was begun. */
  public static boolean begun() {
    return INSTANCE.begun;
  }

  /** Whether kernels are being compiled just now. */
  public static boolean underWay() {
    return INSTANCE.underWay;
  }

  /** Whether kernels that a step of one token needs are being compiled just now. */
  public static boolean urgent() {
    return INSTANCE.urgent;
  }

  /** Whether some kernels are no faster as SIMD kernels on this JVM. */
  public static boolean slow() {
    return INSTANCE.slowFamilies.get() > 0;
  }

  /** More is wanted. */
  static void more() {
    INSTANCE.start(false);
  }

  private synchronized void start(boolean begin) {
    begun |= begin;
    if (!VectorModule.isPresent() || scalarChosen()) {
      return;
    }
    if (START.equals("simd")) {
      useVectorKernels();
    } else if (begun && !underWay && KernelNeeds.areAnyWanted()) {
      Thread thread = new Thread(this::run, "xlstm4j-warm-up");
      thread.setDaemon(true);
      thread.start();
      underWay = true; // only where there is a thread that will end it
    }
  }

  private synchronized void await() throws InterruptedException {
    awaited = true;
    try {
      while (underWay) {
        wait();
      }
    } finally {
      awaited = false;
    }
  }

  private void run() {
    try {
      KernelExercise next = next();
      while (next != null) {
        exercise(next);
        next = next();
      }
    } catch (RuntimeException | Error e) {
      slowFamilies.incrementAndGet();
      ended();
      throw e;
    }
  }

  /** The next family that is wanted; where there is none, this was the thread's last act. */
  private synchronized @Nullable KernelExercise next() {
    KernelFamily next = next(false);
    if (next == null) {
      next = next(true);
    }
    if (next == null) {
      ended();
      return null;
    }
    if (scalarRate == 0) {
      scalarRate = scalarRate();
    }
    untried.remove(next);
    urgent = !next.onlyForSeveralTokens();
    return KernelExercise.of(next);
  }

  /** The first family that is wanted, and hardly used or not. */
  private @Nullable KernelFamily next(boolean hardlyUsed) {
    for (KernelFamily family : untried) {
      if (KernelNeeds.isWanted(family) && KernelNeeds.isHardlyUsed(family) == hardlyUsed) {
        return family;
      }
    }
    return null;
  }

  private synchronized void ended() {
    urgent = false;
    underWay = false;
    notifyAll();
  }

  private void exercise(KernelExercise exercise) {
    long begin = System.nanoTime();
    long end = begin + patience;
    boolean fast = false;
    while (!fast && (System.nanoTime() < end || ThreadTime.nanos() < PATIENCE_NANOS)) {
      long batch = System.nanoTime();
      fast = isFast(exercise);
      if (!fast && !awaited) {
        rest(System.nanoTime() - batch);
      }
    }
    patience -= System.nanoTime() - begin;
    if (fast) {
      exercise.use();
    } else {
      slowFamilies.incrementAndGet();
      Thread thread = new Thread(() -> tryAgain(exercise), "xlstm4j-late-warm-up");
      thread.setDaemon(true);
      thread.start();
    }
  }

  /**
   * Leaves the processor to the compiler, which exercises beyond those that called it only keep
   * from its work: they make it compile the Vector API's own methods, which nothing needs later.
   */
  private static void rest(long batchNanos) {
    if (batchNanos > SHORT_NANOS) {
      LockSupport.parkNanos(Math.min(REST * batchNanos, LONGEST_REST_NANOS));
    }
  }

  private void tryAgain(KernelExercise exercise) {
    try {
      for (int second = 0; second < LAST_TRY; second++) {
        Thread.sleep(SECOND_MILLIS);
        if (isFast(exercise)) {
          exercise.use();
          slowFamilies.decrementAndGet();
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether two batches, one after the other, are faster than scalar code. */
  private boolean isFast(KernelExercise exercise) {
    double most = BATCH * exercise.scalarWork() / scalarRate;
    for (int batch = 0; batch < 2; batch++) {
      long start = System.nanoTime();
      for (int i = 0; i < BATCH; i++) {
        exercise.run();
      }
      if (System.nanoTime() - start >= most) {
        return false;
      }
    }
    return true;
  }

  /** Multiply-adds of a compiled scalar loop a nanosecond: the yardstick of this machine. */
  private static double scalarRate() {
    float[] x = new float[512];
    float[] lanes = new float[LaneSums.LANES];
    double best = 0;
    float sum = 0;
    for (int round = 0; round < 64; round++) {
      long start = System.nanoTime();
      for (int i = 0; i < 16; i++) {
        LaneSums.products(x, 0, x, 0, x.length, lanes.length, lanes, 0);
        sum += LaneSums.total(lanes, 0, lanes.length);
      }
      best = Math.max(best, 16.0 * x.length / Math.max(1, System.nanoTime() - start));
    }
    return sum == 0 ? best : 0;
  }
}
