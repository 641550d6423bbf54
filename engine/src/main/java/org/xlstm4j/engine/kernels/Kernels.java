package org.xlstm4j.engine.kernels;

import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The kernels in use. Each family starts on its scalar implementation, which is fast enough at
 * once, and is switched to the SIMD one when that is compiled ({@link KernelWarmUp}).
 */
public final class Kernels {
  /** What the models loaded so far compute with. */
  private static final Set<KernelFamily> WANTED = ConcurrentHashMap.newKeySet();

  /** What is computed by machine code, which needs no compiling and is never switched. */
  private static final Set<KernelFamily> PROVIDED = ConcurrentHashMap.newKeySet();

  /** What would provide families, when they are first wanted. */
  private static final Map<KernelFamily, Runnable> OFFERED = new ConcurrentHashMap<>();

  /** Weights loaded so far that are multiplied by a family. */
  private static final Map<KernelFamily, Long> WEIGHTS = new ConcurrentHashMap<>();

  /** Such a part of the most that a family has are few weights: gates beside projections. */
  private static final long FEW = 16;

  static {
    WANTED.add(KernelFamily.MATH);
  }

  /** Calls with several tokens after which their kernels are worth compiling: not one prompt's. */
  private static final int OFTEN = 4000;

  private static volatile boolean weightsAreMapped;
  private static int severalCalls;

  private static RowKernels f32Rows = new ScalarF32RowKernels();
  private static RowKernels f32RowsOfTokens = f32Rows;
  private static RowKernels bf16Rows = new ScalarBf16RowKernels();
  private static RowKernels bf16RowsOfTokens = bf16Rows;
  private static HalfKernels halves = new ScalarHalfKernels();
  private static ActivationKernels activations = new ScalarActivationKernels();
  private static Q8Kernels q8 = new ScalarQ8Kernels();
  private static Q4Kernels q4 = new ScalarQ4Kernels();
  private static UnpackKernels unpacking = new ScalarUnpackKernels();
  private static TileKernels tiles = new ScalarTileKernels();
  private static MathKernels math = new ScalarMathKernels();
  private static MlstmKernels mlstm = new ScalarMlstmKernels();
  private static MlstmKernels mlstmOfTokens = mlstm;
  private static SlstmKernels slstm = new ScalarSlstmKernels();
  private static BlockKernels blocks = new ScalarBlockKernels();
  private static GridKernels grids = new ScalarGridKernels();

  private Kernels() {}

  /**
   * Products of row-major f32 weights.
   *
   * @param tokens how many tokens they are for
   */
  public static RowKernels f32Rows(int tokens) {
    return tokens == 1 ? f32Rows : several(KernelFamily.F32_ROWS_OF_TOKENS, f32RowsOfTokens);
  }

  /**
   * Products of row-major bf16 weights.
   *
   * @param tokens how many tokens they are for
   */
  public static RowKernels bf16Rows(int tokens) {
    return tokens == 1 ? bf16Rows : several(KernelFamily.BF16_ROWS_OF_TOKENS, bf16RowsOfTokens);
  }

  /** 16-bit weights and what meets them. */
  public static HalfKernels halves() {
    return halves;
  }

  /** Activations on their way to quantized weights. */
  public static ActivationKernels activations() {
    return activations;
  }

  /** Products of 8-bit weights with a few tokens. */
  public static Q8Kernels q8() {
    return q8;
  }

  /** Products of 4-bit weights with a few tokens. */
  public static Q4Kernels q4() {
    return q4;
  }

  /** Quantized weights on their way to products with many tokens. */
  public static UnpackKernels unpacking() {
    return unpacking;
  }

  /** Dense products with many tokens. */
  public static TileKernels tiles() {
    return tiles;
  }

  /** Elementwise functions and norms. */
  public static MathKernels math() {
    return math;
  }

  /**
   * The matrix memory's recurrent form.
   *
   * @param tokens how many tokens it is for
   */
  public static MlstmKernels mlstm(int tokens) {
    return tokens == 1 ? mlstm : several(KernelFamily.MLSTM_OF_TOKENS, mlstmOfTokens);
  }

  /** The scalar memory and its recurrent products. */
  public static SlstmKernels slstm() {
    return slstm;
  }

  /** Products with block-diagonal weights. */
  public static BlockKernels blocks() {
    return blocks;
  }

  /** Convolutions over grids of tokens. */
  public static GridKernels grids() {
    return grids;
  }

  private static <K> K several(KernelFamily family, K kernels) {
    if (severalCalls < OFTEN) {
      severalCalls++;
    } else {
      want(family);
    }
    return kernels;
  }

  /** What steps of several tokens need, where steps of one token are wanted. */
  static void wantSeveral() {
    if (wanted(KernelFamily.BF16_ROWS)) {
      want(KernelFamily.BF16_ROWS_OF_TOKENS);
    }
    if (wanted(KernelFamily.F32_ROWS)) {
      want(KernelFamily.F32_ROWS_OF_TOKENS);
    }
    if (wanted(KernelFamily.Q8) || wanted(KernelFamily.Q4)) {
      want(KernelFamily.UNPACKING);
    }
    if (wanted(KernelFamily.MLSTM)) {
      want(KernelFamily.MLSTM_OF_TOKENS);
    }
  }

  /**
   * Says that something computes with these kernels, so that they are compiled.
   *
   * @param family the kernels
   */
  public static void want(KernelFamily family) {
    if (PROVIDED.contains(family)) {
      return;
    }
    OFFERED.computeIfPresent(family, (key, provider) -> provideNow(provider));
    if (!PROVIDED.contains(family) && WANTED.add(family)) {
      KernelWarmUp.more();
    }
  }

  /**
   * Says that weights are multiplied by these kernels.
   *
   * @param family the kernels
   * @param weights how many
   */
  public static void want(KernelFamily family, long weights) {
    WEIGHTS.merge(family, weights, Long::sum);
    want(family);
  }

  private static @Nullable Runnable provideNow(Runnable provider) {
    provider.run();
    return null;
  }

  /**
   * Offers kernels that are made when something wants to compute with them.
   *
   * @param family the kernels
   * @param provider hands them to this class, or does nothing if there are none
   */
  public static void offer(KernelFamily family, Runnable provider) {
    if (WANTED.contains(family)) {
      provider.run();
    } else {
      OFFERED.put(family, provider);
    }
  }

  /**
   * Replaces the elementwise functions for good.
   *
   * @param kernels are fast at once
   */
  public static void provide(MathKernels kernels) {
    provided(KernelFamily.MATH);
    math = kernels;
  }

  /**
   * Replaces the sLSTM's kernels for good.
   *
   * @param kernels are fast at once
   */
  public static void provide(SlstmKernels kernels) {
    provided(KernelFamily.SLSTM);
    slstm = kernels;
  }

  /**
   * Replaces the products with block-diagonal weights for good.
   *
   * @param kernels are fast at once
   */
  public static void provide(BlockKernels kernels) {
    provided(KernelFamily.BLOCKS);
    blocks = kernels;
  }

  /** Whether a family is not to be switched. */
  static boolean isProvided(KernelFamily family) {
    return PROVIDED.contains(family);
  }

  /**
   * Replaces dense products with many tokens for good.
   *
   * @param kernels are fast at once
   */
  public static void provide(TileKernels kernels) {
    provided(KernelFamily.TILES);
    tiles = kernels;
  }

  /**
   * Replaces the unpacking of quantized weights for good.
   *
   * @param kernels are fast at once
   */
  public static void provide(UnpackKernels kernels) {
    provided(KernelFamily.UNPACKING);
    unpacking = kernels;
  }

  /**
   * Replaces what is done with 16-bit weights for good.
   *
   * @param kernels are fast at once
   */
  public static void provide(HalfKernels kernels) {
    provided(KernelFamily.HALVES);
    halves = kernels;
  }

  /**
   * Replaces convolutions over grids of tokens for good.
   *
   * @param kernels are fast at once
   */
  public static void provide(GridKernels kernels) {
    provided(KernelFamily.GRIDS);
    grids = kernels;
  }

  private static void provided(KernelFamily family) {
    PROVIDED.add(family);
    WANTED.remove(family);
  }

  /** Whether few of the weights loaded so far need these kernels: others are compiled first. */
  static boolean hardlyUsed(KernelFamily family) {
    Long weights = WEIGHTS.get(family);
    return weights != null && weights < Collections.max(WEIGHTS.values()) / FEW;
  }

  /**
   * Says in what kind of memory weights lie.
   *
   * @param weights of something loaded
   */
  public static void met(MemorySegment weights) {
    if (weights.isMapped()) {
      weightsAreMapped = true;
    }
  }

  /** Whether weights lie in mapped files. */
  static boolean weightsAreMapped() {
    return weightsAreMapped;
  }

  static boolean wanted(KernelFamily family) {
    return WANTED.contains(family);
  }

  static void useF32Rows(RowKernels kernels) {
    f32Rows = kernels;
  }

  static void useF32RowsOfTokens(RowKernels kernels) {
    f32RowsOfTokens = kernels;
  }

  static void useBf16Rows(RowKernels kernels) {
    bf16Rows = kernels;
  }

  static void useBf16RowsOfTokens(RowKernels kernels) {
    bf16RowsOfTokens = kernels;
  }

  static void use(HalfKernels kernels) {
    halves = kernels;
  }

  static void use(ActivationKernels kernels) {
    activations = kernels;
  }

  static void useQ8(Q8Kernels kernels) {
    q8 = kernels;
  }

  static void useQ4(Q4Kernels kernels) {
    q4 = kernels;
  }

  static void use(UnpackKernels kernels) {
    unpacking = kernels;
  }

  static void use(TileKernels kernels) {
    tiles = kernels;
  }

  static void use(MathKernels kernels) {
    math = kernels;
  }

  static void useMlstm(MlstmKernels kernels) {
    mlstm = kernels;
  }

  static void useMlstmOfTokens(MlstmKernels kernels) {
    mlstmOfTokens = kernels;
  }

  static void use(SlstmKernels kernels) {
    slstm = kernels;
  }

  static void use(BlockKernels kernels) {
    blocks = kernels;
  }

  static void use(GridKernels kernels) {
    grids = kernels;
  }
}
