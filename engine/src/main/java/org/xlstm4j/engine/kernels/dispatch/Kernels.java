package org.xlstm4j.engine.kernels.dispatch;

import org.xlstm4j.engine.kernels.ActivationKernels;
import org.xlstm4j.engine.kernels.BlockKernels;
import org.xlstm4j.engine.kernels.GridKernels;
import org.xlstm4j.engine.kernels.HalfKernels;
import org.xlstm4j.engine.kernels.MathKernels;
import org.xlstm4j.engine.kernels.MlstmKernels;
import org.xlstm4j.engine.kernels.Q4Kernels;
import org.xlstm4j.engine.kernels.Q8Kernels;
import org.xlstm4j.engine.kernels.RowKernels;
import org.xlstm4j.engine.kernels.SlstmKernels;
import org.xlstm4j.engine.kernels.TileKernels;
import org.xlstm4j.engine.kernels.UnpackKernels;
import org.xlstm4j.engine.kernels.scalar.ScalarKernels;

/**
 * The kernels in use. Each family starts on its scalar implementation, which is fast enough at
 * once, and is switched to the SIMD one when that is compiled ({@link KernelWarmUp}).
 *
 * <p>The fields are plain although all threads read them: kernels are immutable, and a thread that
 * sees a switch late computes the same with the earlier ones.
 */
public final class Kernels {
  private static RowKernels f32Rows = ScalarKernels.f32Rows();
  private static RowKernels f32RowsOfTokens = f32Rows;
  private static RowKernels bf16Rows = ScalarKernels.bf16Rows();
  private static RowKernels bf16RowsOfTokens = bf16Rows;
  private static HalfKernels halves = ScalarKernels.halves();
  private static ActivationKernels activations = ScalarKernels.activations();
  private static Q8Kernels q8 = ScalarKernels.q8();
  private static Q4Kernels q4 = ScalarKernels.q4();
  private static UnpackKernels unpacking = ScalarKernels.unpacking();
  private static TileKernels tiles = ScalarKernels.tiles();
  private static MathKernels math = ScalarKernels.math();
  private static MlstmKernels mlstm = ScalarKernels.mlstm();
  private static MlstmKernels mlstmOfTokens = mlstm;
  private static SlstmKernels slstm = ScalarKernels.slstm();
  private static BlockKernels blocks = ScalarKernels.blocks();
  private static GridKernels grids = ScalarKernels.grids();

  private Kernels() {}

  /**
   * Products of row-major f32 weights.
   *
   * @param tokens how many tokens they are for
   */
  public static RowKernels f32Rows(int tokens) {
    return tokens == 1 ? f32Rows : f32RowsOfTokens;
  }

  /**
   * Products of row-major bf16 weights.
   *
   * @param tokens how many tokens they are for
   */
  public static RowKernels bf16Rows(int tokens) {
    return tokens == 1 ? bf16Rows : bf16RowsOfTokens;
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
    return tokens == 1 ? mlstm : mlstmOfTokens;
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

  /**
   * Replaces the elementwise functions for good.
   *
   * @param kernels are fast at once
   */
  public static void provide(MathKernels kernels) {
    KernelNeeds.provide(KernelFamily.MATH, () -> math = kernels);
  }

  /**
   * Replaces the sLSTM's kernels for good.
   *
   * @param kernels are fast at once
   */
  public static void provide(SlstmKernels kernels) {
    KernelNeeds.provide(KernelFamily.SLSTM, () -> slstm = kernels);
  }

  /**
   * Replaces the products with block-diagonal weights for good.
   *
   * @param kernels are fast at once
   */
  public static void provide(BlockKernels kernels) {
    KernelNeeds.provide(KernelFamily.BLOCKS, () -> blocks = kernels);
  }

  /**
   * Replaces dense products with many tokens for good.
   *
   * @param kernels are fast at once
   */
  public static void provide(TileKernels kernels) {
    KernelNeeds.provide(KernelFamily.TILES, () -> tiles = kernels);
  }

  /**
   * Replaces the unpacking of quantized weights for good.
   *
   * @param kernels are fast at once
   */
  public static void provide(UnpackKernels kernels) {
    KernelNeeds.provide(KernelFamily.UNPACKING, () -> unpacking = kernels);
  }

  /**
   * Replaces what is done with 16-bit weights for good.
   *
   * @param kernels are fast at once
   */
  public static void provide(HalfKernels kernels) {
    KernelNeeds.provide(KernelFamily.HALVES, () -> halves = kernels);
  }

  /**
   * Replaces convolutions over grids of tokens for good.
   *
   * @param kernels are fast at once
   */
  public static void provide(GridKernels kernels) {
    KernelNeeds.provide(KernelFamily.GRIDS, () -> grids = kernels);
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
