package org.xlstm4j.engine.kernels;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The kernels in use. Each family starts on its scalar implementation, which is fast enough at
 * once, and is switched to the SIMD one when that is compiled ({@link KernelWarmUp}).
 */
public final class Kernels {
  /** What the models loaded so far compute with. */
  private static final Set<KernelFamily> WANTED = ConcurrentHashMap.newKeySet();

  static {
    WANTED.add(KernelFamily.TILES);
    WANTED.add(KernelFamily.MATH);
  }

  private static RowKernels f32Rows = new ScalarF32RowKernels();
  private static RowKernels bf16Rows = new ScalarBf16RowKernels();
  private static HalfKernels halves = new ScalarHalfKernels();
  private static PanelKernels panels = new ScalarPanelKernels();
  private static TileKernels tiles = new ScalarTileKernels();
  private static MathKernels math = new ScalarMathKernels();
  private static MlstmKernels mlstm = new ScalarMlstmKernels();
  private static SlstmKernels slstm = new ScalarSlstmKernels();
  private static BlockKernels blocks = new ScalarBlockKernels();
  private static GridKernels grids = new ScalarGridKernels();

  private Kernels() {}

  /** Products of row-major f32 weights with a few tokens. */
  public static RowKernels f32Rows() {
    return f32Rows;
  }

  /** Products of row-major bf16 weights with a few tokens. */
  public static RowKernels bf16Rows() {
    return bf16Rows;
  }

  /** 16-bit weights and what meets them. */
  public static HalfKernels halves() {
    return halves;
  }

  /** Products of quantized weights in panels with a few tokens. */
  public static PanelKernels panels() {
    return panels;
  }

  /** Dense products with many tokens. */
  public static TileKernels tiles() {
    return tiles;
  }

  /** Elementwise functions and sums. */
  public static MathKernels math() {
    return math;
  }

  /** The matrix memory's recurrent form. */
  public static MlstmKernels mlstm() {
    return mlstm;
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
   * Says that something computes with these kernels, so that they are compiled.
   *
   * @param family the kernels
   */
  public static void want(KernelFamily family) {
    if (WANTED.add(family)) {
      KernelWarmUp.more();
    }
  }

  static boolean wanted(KernelFamily family) {
    return WANTED.contains(family);
  }

  static void useF32Rows(RowKernels kernels) {
    f32Rows = kernels;
  }

  static void useBf16Rows(RowKernels kernels) {
    bf16Rows = kernels;
  }

  static void use(HalfKernels kernels) {
    halves = kernels;
  }

  static void use(PanelKernels kernels) {
    panels = kernels;
  }

  static void use(TileKernels kernels) {
    tiles = kernels;
  }

  static void use(MathKernels kernels) {
    math = kernels;
  }

  static void use(MlstmKernels kernels) {
    mlstm = kernels;
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
