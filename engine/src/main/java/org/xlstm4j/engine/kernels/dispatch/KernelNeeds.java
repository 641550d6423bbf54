package org.xlstm4j.engine.kernels.dispatch;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The one place that decides which kernels are made or compiled: what computes says here, before it
 * does, which family it is about to use. Costs a read of memory once that family is as fast as it
 * gets.
 *
 * <p>Thread-safe.
 */
@SuppressWarnings("EnumOrdinal") // the cheapest map, also while the JVM is cold
public final class KernelNeeds {
  /** Calls with several tokens after which their kernels are worth compiling: not one prompt's. */
  private static final int OFTEN = 4000;

  /** Such a part of the most work that a family has is little: gates beside projections. */
  private static final long LITTLE = 16;

  private static final int FAMILIES = KernelFamily.values().length;

  /** How far a family is; null before anything wants it. */
  private static final AtomicReferenceArray<@Nullable Stage> STAGES =
      new AtomicReferenceArray<>(FAMILIES);

  /** Multiply-adds that families were wanted for. */
  private static final AtomicLongArray WORK = new AtomicLongArray(FAMILIES);

  private static final AtomicIntegerArray CALLS_OF_SEVERAL = new AtomicIntegerArray(FAMILIES);

  /** What would provide families, when they are first wanted. */
  private static final ConcurrentHashMap<KernelFamily, Runnable> OFFERED =
      new ConcurrentHashMap<>();

  private static volatile boolean weightsAreMapped;

  private enum Stage {
    /** By what computes, on scalar kernels meanwhile. */
    WANTED,
    /** The SIMD kernels are in use. */
    COMPILED,
    /** By machine code, which is fast at once and never switched. */
    PROVIDED
  }

  private KernelNeeds() {}

  /**
   * Says that something is about to be computed by these kernels.
   *
   * @param family the kernels
   */
  public static void want(KernelFamily family) {
    if (stage(family) == null) {
      wantFirst(family);
    }
  }

  /**
   * Says that weights are about to be multiplied by these kernels.
   *
   * @param family the kernels
   * @param weights where they lie
   * @param work how many multiply-adds that is
   */
  public static void want(KernelFamily family, MemorySegment weights, long work) {
    Stage stage = stage(family);
    if (stage == null || stage == Stage.WANTED) {
      WORK.addAndGet(family.ordinal(), work);
      weightsAreMapped |= weights.isMapped();
      want(family);
    }
  }

  /**
   * Says that something is about to be computed by kernels for several tokens, which are worth
   * compiling when that happens often.
   *
   * @param family the kernels
   */
  public static void wantForSeveral(KernelFamily family) {
    if (stage(family) == null && CALLS_OF_SEVERAL.incrementAndGet(family.ordinal()) > OFTEN) {
      want(family);
    }
  }

  /** What steps of several tokens need, where steps of one token were wanted. */
  static void wantSeveral() {
    wantAfter(KernelFamily.BF16_ROWS, KernelFamily.BF16_ROWS_OF_TOKENS);
    wantAfter(KernelFamily.F32_ROWS, KernelFamily.F32_ROWS_OF_TOKENS);
    wantAfter(KernelFamily.Q8, KernelFamily.UNPACKING);
    wantAfter(KernelFamily.Q4, KernelFamily.UNPACKING);
    wantAfter(KernelFamily.MLSTM, KernelFamily.MLSTM_OF_TOKENS);
  }

  private static void wantAfter(KernelFamily one, KernelFamily several) {
    if (stage(one) != null) {
      want(several);
    }
  }

  private static void wantFirst(KernelFamily family) {
    provideOffered(family);
    if (STAGES.compareAndSet(family.ordinal(), null, Stage.WANTED)) {
      provideOffered(family); // what was offered meanwhile, by somebody who did not see the want
      KernelWarmUp.more();
    }
  }

  /** Takes an offer up, if there is one; whoever else wants the family waits for that. */
  private static void provideOffered(KernelFamily family) {
    OFFERED.computeIfPresent(
        family,
        (key, provider) -> {
          provider.run();
          return null;
        });
  }

  /**
   * Offers kernels that are made when something wants to compute with them.
   *
   * @param family the kernels
   * @param provider hands them to {@link Kernels}, or does nothing if there are none
   */
  public static void offer(KernelFamily family, Runnable provider) {
    OFFERED.put(family, provider);
    if (stage(family) != null) {
      provideOffered(family);
    }
  }

  /**
   * Has machine code compute a family from now on.
   *
   * @param switching puts it to use
   */
  static synchronized void provide(KernelFamily family, Runnable switching) {
    switching.run();
    STAGES.set(family.ordinal(), Stage.PROVIDED);
  }

  /**
   * Has the SIMD kernels compute a family from now on, unless machine code does or is on offer.
   *
   * @param switching puts them to use
   */
  static void compiled(KernelFamily family, Runnable switching) {
    provideOffered(family);
    switchUnlessProvided(family, switching);
  }

  private static synchronized void switchUnlessProvided(KernelFamily family, Runnable switching) {
    if (stage(family) != Stage.PROVIDED) {
      switching.run();
      STAGES.set(family.ordinal(), Stage.COMPILED);
    }
  }

  /** Whether a family waits for its SIMD kernels. */
  static boolean isWanted(KernelFamily family) {
    return stage(family) == Stage.WANTED;
  }

  /** Whether some family waits for its SIMD kernels. */
  static boolean areAnyWanted() {
    for (int i = 0; i < FAMILIES; i++) {
      if (STAGES.get(i) == Stage.WANTED) {
        return true;
      }
    }
    return false;
  }

  /** Whether a family does little of the work so far: others are compiled first. */
  static boolean isHardlyUsed(KernelFamily family) {
    long most = 0;
    for (int i = 0; i < FAMILIES; i++) {
      most = Math.max(most, WORK.get(i));
    }
    long work = WORK.get(family.ordinal());
    return work > 0 && work < most / LITTLE;
  }

  /** Whether weights lie in mapped files. */
  static boolean weightsAreMapped() {
    return weightsAreMapped;
  }

  private static @Nullable Stage stage(KernelFamily family) {
    return STAGES.get(family.ordinal());
  }
}
