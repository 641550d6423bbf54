package org.xlstm4j.engine.kernels;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/**
 * Work on tiny inputs that takes the SIMD kernels of a family through all their branches, so that
 * the first compilation already knows them; odd sizes, so that the ends of rows are among them.
 *
 * @param family the kernels
 * @param scalarWork how many multiply-adds a scalar loop would do in the time that scalar kernels
 *     would take, about
 * @param work the exercise
 * @param switching puts the SIMD kernels to use
 */
record KernelExercise(KernelFamily family, double scalarWork, Runnable work, Runnable switching) {
  /** An elementwise function takes a scalar loop as long as so many multiply-adds. */
  private static final int FUNCTION = 8;

  void run() {
    work.run();
  }

  void use() {
    switching.run();
  }

  static List<KernelExercise> all() {
    return List.of(
        tiles(),
        rows(KernelFamily.BF16_ROWS, new VectorBf16RowKernels()),
        rows(KernelFamily.F32_ROWS, new VectorF32RowKernels()),
        halves(),
        panels(),
        mlstm(),
        slstm(),
        math(),
        blocks(),
        grids());
  }

  private static KernelExercise tiles() {
    TileKernels kernels = new VectorTileKernels();
    int depth = 32;
    float[] a = ramp(depth * TileKernels.ROWS);
    float[] b = ramp(depth * TileKernels.COLUMNS);
    float[] out = new float[TileKernels.ROWS * TileKernels.COLUMNS];
    return new KernelExercise(
        KernelFamily.TILES,
        depth * TileKernels.ROWS * TileKernels.COLUMNS,
        () -> {
          Arrays.fill(out, 0);
          kernels.tile(a, 0, b, 0, depth, out, 0, TileKernels.COLUMNS);
        },
        () -> Kernels.use(kernels));
  }

  private static KernelExercise rows(KernelFamily family, RowKernels kernels) {
    int columns = 131;
    int rows = 5;
    MemorySegment weights = zeros(Float.BYTES * columns * rows);
    float[] x = ramp(columns * RowKernels.MAX_TOKENS);
    float[] y = new float[rows * RowKernels.MAX_TOKENS];
    int pairs = RowKernels.MAX_TOKENS * (RowKernels.MAX_TOKENS + 1) / 2;
    return new KernelExercise(
        family,
        pairs * rows * columns,
        () -> {
          for (int tokens = 1; tokens <= RowKernels.MAX_TOKENS; tokens++) {
            kernels.multiply(weights, 0, columns, rows, x, columns, tokens, y, 0, rows);
          }
        },
        family == KernelFamily.BF16_ROWS
            ? () -> Kernels.useBf16Rows(kernels)
            : () -> Kernels.useF32Rows(kernels));
  }

  private static KernelExercise halves() {
    HalfKernels kernels = new VectorHalfKernels();
    int columns = 131;
    MemorySegment weights = zeros(Short.BYTES * columns);
    float[] x = ramp(columns);
    float[] y = new float[columns];
    return new KernelExercise(
        KernelFamily.HALVES,
        3 * columns,
        () -> {
          kernels.widenBf16(weights, 0, columns, y, 0);
          kernels.widenF16(weights, 0, columns, y, 0);
          kernels.split(x, 0, columns, y, 0);
        },
        () -> Kernels.use(kernels));
  }

  private static KernelExercise panels() {
    PanelKernels kernels = new VectorPanelKernels();
    MemorySegment weights = zeros(4 * PanelKernels.Q8_BLOCK);
    float[] x = ramp(2 * PanelKernels.COLUMNS);
    float[] y = new float[RowKernels.MAX_TOKENS * PanelKernels.ROWS];
    float[] panel = new float[2 * PanelKernels.COLUMNS * TileKernels.COLUMNS];
    int blocks = PanelKernels.blocks(x.length);
    int[] values = new int[RowKernels.MAX_TOKENS * x.length];
    float[] scales = new float[RowKernels.MAX_TOKENS * blocks];
    int[] sums = new int[RowKernels.MAX_TOKENS * blocks];
    int[] factors = new int[values.length];
    int rows = PanelKernels.ROWS;
    int pairs = RowKernels.MAX_TOKENS * (RowKernels.MAX_TOKENS + 1) / 2;
    return new KernelExercise(
        KernelFamily.PANELS,
        2.0 * pairs * rows * x.length,
        () -> {
          kernels.quantize(x, 0, x.length, values, 0, scales, sums, 0);
          kernels.factors(values, values.length, factors);
          for (int tokens = 1; tokens <= RowKernels.MAX_TOKENS; tokens++) {
            kernels.q8(weights, 0, blocks, rows, values, scales, tokens, y, 0, rows);
            kernels.q4(weights, 0, blocks, rows, factors, scales, sums, tokens, y, 0, rows);
          }
          kernels.unpackQ8(weights, 0, 0, blocks, panel);
          kernels.unpackQ4(weights, 0, 0, blocks, panel);
        },
        () -> Kernels.use(kernels));
  }

  private static KernelExercise mlstm() {
    MlstmKernels kernels = new VectorMlstmKernels();
    int keyWidth = 9;
    int valueWidth = 67;
    MemorySegment memory = zeros(Float.BYTES * keyWidth * valueWidth);
    float[] gates = {0.5f, 0.5f, 0.5f, 0.5f};
    float[] keys = ramp(MlstmKernels.MAX_TOKENS * keyWidth);
    float[] values = ramp(MlstmKernels.MAX_TOKENS * valueWidth);
    float[] h = new float[MlstmKernels.MAX_TOKENS * valueWidth];
    int pairs = MlstmKernels.MAX_TOKENS * (MlstmKernels.MAX_TOKENS + 1) / 2;
    return new KernelExercise(
        KernelFamily.MLSTM,
        pairs * keyWidth * valueWidth,
        () -> {
          for (int tokens = 1; tokens <= MlstmKernels.MAX_TOKENS; tokens++) {
            kernels.matrixMemoryStep(
                memory,
                0,
                keyWidth,
                valueWidth,
                0,
                valueWidth,
                tokens,
                gates,
                gates,
                0,
                keys,
                keys,
                0,
                keyWidth,
                values,
                0,
                valueWidth,
                h,
                0,
                valueWidth);
          }
        },
        () -> Kernels.use(kernels));
  }

  private static KernelExercise slstm() {
    SlstmKernels kernels = new VectorSlstmKernels();
    int inputs = 17;
    int width = SlstmKernels.PANEL;
    MemorySegment weights = zeros(Float.BYTES * inputs * width);
    float[] gates = ramp(4 * width);
    float[] y = ramp(width);
    float[] sums = new float[width];
    float[] cell = new float[width];
    float[] normalizer = new float[width];
    float[] stabilizer = new float[width];
    return new KernelExercise(
        KernelFamily.SLSTM,
        2 * inputs * width + 2 * FUNCTION * width,
        () -> {
          kernels.recurrentF32(weights, 0, inputs, 0, 1, y, 0, sums, 0);
          kernels.recurrentBf16(weights, 0, inputs, 0, 1, y, 0, sums, 0);
          Arrays.fill(normalizer, 1);
          kernels.stabilizeGates(gates, 0, width, normalizer, stabilizer, 0, width);
          kernels.scalarMemoryStep(gates, 0, width, cell, normalizer, y, 0, width);
          Arrays.fill(y, 0);
        },
        () -> Kernels.use(kernels));
  }

  private static KernelExercise math() {
    MathKernels kernels = new VectorMathKernels();
    float[] x = ramp(131);
    float[] y = new float[x.length];
    int n = x.length;
    return new KernelExercise(
        KernelFamily.MATH,
        6 * FUNCTION * n + 8 * n,
        () -> {
          kernels.sigmoid(x, 0, n, y, 0);
          kernels.silu(x, 0, n, y, 0);
          kernels.tanh(x, 0, n, y, 0);
          kernels.logSigmoid(x, 0, n, y, 0);
          kernels.gelu(x, 0, n, y, 0);
          kernels.exp(x, 0, n, y, 0);
          kernels.multiply(x, 0, n, y, 0);
          kernels.add(x, 0, n, y, 0);
          kernels.scale(0.5f, y, 0, n);
          kernels.multiplyAdd(0.5f, x, 0, n, y, 0);
          kernels.multiplyAdd(x, 0, x, 0, n, y, 0);
          float mean = kernels.sum(x, 0, n) / n;
          float squares = kernels.sumOfSquares(x, 0, n, mean) + kernels.dot(x, 0, x, 0, n);
          kernels.normalize(x, 0, n, mean, 1 / (1 + squares), x, 0, y, 0);
        },
        () -> Kernels.use(kernels));
  }

  private static KernelExercise blocks() {
    BlockKernels kernels = new VectorBlockKernels();
    int length = 128;
    float[] w = ramp(64 * length);
    float[] x = ramp(length);
    float[] y = new float[length];
    return new KernelExercise(
        KernelFamily.BLOCKS,
        (4 + 64) * length,
        () -> {
          kernels.blocks(w, 4, x, 0, x.length, y, 0);
          kernels.blocks(w, 64, x, 0, x.length, y, 0);
        },
        () -> Kernels.use(kernels));
  }

  private static KernelExercise grids() {
    GridKernels kernels = new VectorGridKernels();
    int length = 8;
    int channels = 64;
    float[] x = ramp(length * channels);
    float[] y = new float[length * channels];
    return new KernelExercise(
        KernelFamily.GRIDS,
        3 * length * channels,
        () -> kernels.addRow(x, 0, channels, length, channels, x, 0, y, 0, channels),
        () -> Kernels.use(kernels));
  }

  private static MemorySegment zeros(int bytes) {
    return Arena.ofAuto().allocate(bytes, 64);
  }

  private static float[] ramp(int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (i % 64 - 32) / 16f;
    }
    return values;
  }
}
