package org.xlstm4j.engine.kernels;

/**
 * The kernels in use. Each family starts on its scalar implementation, which is fast enough at
 * once, and is switched to the SIMD one when that is compiled ({@link KernelWarmUp}).
 */
public final class Kernels {
  private static RowKernels rows = new ScalarRowKernels();
  private static PanelKernels panels = new ScalarPanelKernels();
  private static TileKernels tiles = new ScalarTileKernels();
  private static MathKernels math = new ScalarMathKernels();
  private static CellKernels cells = new ScalarCellKernels();
  private static BlockKernels blocks = new ScalarBlockKernels();
  private static GridKernels grids = new ScalarGridKernels();

  private Kernels() {}

  /** Products of row-major weights with a few tokens. */
  public static RowKernels rows() {
    return rows;
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

  /** Inner loops of the cells. */
  public static CellKernels cells() {
    return cells;
  }

  /** Products with block-diagonal weights. */
  public static BlockKernels blocks() {
    return blocks;
  }

  /** Convolutions over grids of tokens. */
  public static GridKernels grids() {
    return grids;
  }

  static void use(RowKernels kernels) {
    rows = kernels;
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

  static void use(CellKernels kernels) {
    cells = kernels;
  }

  static void use(BlockKernels kernels) {
    blocks = kernels;
  }

  static void use(GridKernels kernels) {
    grids = kernels;
  }
}
