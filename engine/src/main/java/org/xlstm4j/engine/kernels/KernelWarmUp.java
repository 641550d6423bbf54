package org.xlstm4j.engine.kernels;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/**
 * Brings the SIMD kernels into use. Interpreted vector operations are thousands of times slower
 * than compiled ones, so each family is exercised on tiny inputs in a background thread until its
 * compiled code beats the scalar kernels on the same inputs, and only then switched in. A family
 * that never does (a JVM without C2, or a processor without the wide instructions) stays scalar.
 */
public final class KernelWarmUp {
  /** A family that is not fast by then will not become so. */
  private static final long PATIENCE_NANOS = 20_000_000_000L;

  /** Calls timed together. */
  private static final int BATCH = 16;

  private final List<Stage> stages;
  private boolean slow;

  private KernelWarmUp(List<Stage> stages) {
    this.stages = stages;
  }

  /** One family: the same work by the scalar and the SIMD kernels, and the switch. */
  private record Stage(Runnable scalar, Runnable vector, Runnable use) {}

  /**
   * Exercises and switches all families, one after the other.
   *
   * @return whether all of them run on SIMD kernels now
   */
  public static boolean run() {
    KernelWarmUp warmUp = new KernelWarmUp(stages());
    for (Stage stage : warmUp.stages) {
      warmUp.exercise(stage);
    }
    return !warmUp.slow;
  }

  /** Width of the SIMD kernels' vectors. */
  public static int vectorBits() {
    return jdk.incubator.vector.FloatVector.SPECIES_PREFERRED.vectorBitSize();
  }

  /** Uses the SIMD kernels from now on, compiled or not. */
  public static void useVectorKernels() {
    for (Stage stage : stages()) {
      stage.use.run();
    }
    Kernels.use(new VectorBlockKernels());
  }

  private void exercise(Stage stage) {
    long end = System.nanoTime() + PATIENCE_NANOS;
    int wins = 0;
    while (System.nanoTime() < end) {
      wins = time(stage.vector) < time(stage.scalar) ? wins + 1 : 0;
      if (wins == 2) {
        stage.use.run();
        return;
      }
    }
    slow = true;
  }

  private static long time(Runnable work) {
    long start = System.nanoTime();
    for (int i = 0; i < BATCH; i++) {
      work.run();
    }
    return System.nanoTime() - start;
  }

  private static List<Stage> stages() {
    return List.of(rows(), panels(), math(), cells(), tiles(), blocks(), grids());
  }

  private static Stage rows() {
    RowKernels scalar = new ScalarRowKernels();
    RowKernels vector = new VectorRowKernels();
    int columns = 256;
    int rows = 8;
    MemorySegment weights = Arena.ofAuto().allocate((long) Float.BYTES * columns * rows, 64);
    float[] x = ramp(columns * RowKernels.MAX_TOKENS);
    float[] y = new float[rows * RowKernels.MAX_TOKENS];
    return new Stage(
        () -> exerciseRows(scalar, weights, columns, rows, x, y),
        () -> exerciseRows(vector, weights, columns, rows, x, y),
        () -> Kernels.use(vector));
  }

  private static void exerciseRows(
      RowKernels kernels, MemorySegment weights, int columns, int rows, float[] x, float[] y) {
    for (int tokens = 1; tokens <= 3; tokens += 2) {
      kernels.bf16(weights, 0, columns, rows, x, columns, tokens, y, 0, rows);
      kernels.f32(weights, 0, columns, rows, x, columns, tokens, y, 0, rows);
    }
  }

  private static Stage panels() {
    PanelKernels scalar = new ScalarPanelKernels();
    PanelKernels vector = new VectorPanelKernels();
    MemorySegment weights = Arena.ofAuto().allocate(4L * PanelKernels.Q8_BLOCK, 64);
    float[] x = ramp(2 * PanelKernels.COLUMNS);
    float[] y = new float[RowKernels.MAX_TOKENS * PanelKernels.ROWS];
    float[] panel = new float[2 * PanelKernels.COLUMNS * TileKernels.COLUMNS];
    return new Stage(
        () -> exercisePanels(scalar, weights, x, y, panel),
        () -> exercisePanels(vector, weights, x, y, panel),
        () -> Kernels.use(vector));
  }

  private static void exercisePanels(
      PanelKernels kernels, MemorySegment weights, float[] x, float[] y, float[] panel) {
    int blocks = PanelKernels.blocks(x.length);
    int[] values = new int[RowKernels.MAX_TOKENS * x.length];
    float[] scales = new float[RowKernels.MAX_TOKENS * blocks];
    int[] sums = new int[RowKernels.MAX_TOKENS * blocks];
    int[] factors = new int[values.length];
    kernels.quantize(x, 0, x.length, values, 0, scales, sums, 0);
    kernels.factors(values, values.length, factors);
    for (int tokens = 1; tokens <= RowKernels.MAX_TOKENS; tokens++) {
      int rows = PanelKernels.ROWS;
      kernels.q8(weights, 0, blocks, rows, values, scales, tokens, y, 0, rows);
      kernels.q4(weights, 0, blocks, rows, factors, scales, sums, tokens, y, 0, rows);
    }
    kernels.unpackQ8(weights, 0, 0, blocks, panel);
    kernels.unpackQ4(weights, 0, 0, blocks, panel);
  }

  private static Stage math() {
    MathKernels scalar = new ScalarMathKernels();
    MathKernels vector = new VectorMathKernels();
    float[] x = ramp(512);
    float[] y = new float[512];
    return new Stage(
        () -> exerciseMath(scalar, x, y),
        () -> exerciseMath(vector, x, y),
        () -> Kernels.use(vector));
  }

  private static void exerciseMath(MathKernels kernels, float[] x, float[] y) {
    int n = x.length;
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
  }

  private static Stage cells() {
    CellKernels scalar = new ScalarCellKernels();
    CellKernels vector = new VectorCellKernels();
    int width = 64;
    MemorySegment memory = Arena.ofAuto().allocate((long) Float.BYTES * width * width, 64);
    float[] x = ramp(width);
    float[] h = new float[width];
    return new Stage(
        () -> exerciseCells(scalar, memory, width, x, h),
        () -> exerciseCells(vector, memory, width, x, h),
        () -> Kernels.use(vector));
  }

  private static void exerciseCells(
      CellKernels kernels, MemorySegment memory, int width, float[] x, float[] h) {
    float[] one = {1, 1, 1, 1};
    float[] four = new float[4 * width];
    for (int tokens = 1; tokens <= 3; tokens += 2) {
      kernels.matrixMemoryStep(
          memory,
          0,
          width,
          width,
          0,
          width,
          tokens,
          one,
          one,
          0,
          four,
          four,
          0,
          width,
          four,
          0,
          width,
          four.clone(),
          0,
          width);
    }
    kernels.recurrentF32(memory, 0, width, 0, width / CellKernels.PANEL, x, 0, h, 0);
    kernels.recurrentBf16(memory, 0, width, 0, width / CellKernels.PANEL, x, 0, h, 0);
    float[] ones = new float[width];
    Arrays.fill(ones, 1);
    kernels.stabilizeGates(four, 0, width, ones, x.clone(), 0, width);
    kernels.scalarMemoryStep(four, 0, width, x.clone(), ones, h, 0, width);
  }

  private static Stage tiles() {
    TileKernels scalar = new ScalarTileKernels();
    TileKernels vector = new VectorTileKernels();
    int depth = 64;
    float[] a = ramp(depth * TileKernels.ROWS);
    float[] b = ramp(depth * TileKernels.COLUMNS);
    float[] out = new float[TileKernels.ROWS * TileKernels.COLUMNS];
    return new Stage(
        () -> exerciseTiles(scalar, a, b, depth, out),
        () -> exerciseTiles(vector, a, b, depth, out),
        () -> Kernels.use(vector));
  }

  private static void exerciseTiles(
      TileKernels kernels, float[] a, float[] b, int depth, float[] out) {
    Arrays.fill(out, 0);
    kernels.tile(a, 0, b, 0, depth, out, 0, TileKernels.COLUMNS);
  }

  private static Stage blocks() {
    BlockKernels scalar = new ScalarBlockKernels();
    BlockKernels vector = new VectorBlockKernels();
    int length = 512;
    float[] w = ramp(64 * length);
    float[] x = ramp(length);
    float[] y = new float[length];
    return new Stage(
        () -> exerciseBlocks(scalar, w, x, y),
        () -> exerciseBlocks(vector, w, x, y),
        () -> Kernels.use(vector));
  }

  private static void exerciseBlocks(BlockKernels kernels, float[] w, float[] x, float[] y) {
    kernels.blocks(w, 4, x, 0, x.length, y, 0);
    kernels.blocks(w, 64, x, 0, x.length, y, 0);
  }

  private static Stage grids() {
    GridKernels scalar = new ScalarGridKernels();
    GridKernels vector = new VectorGridKernels();
    int length = 8;
    int channels = 64;
    float[] x = ramp(length * channels);
    float[] y = new float[length * channels];
    return new Stage(
        () -> scalar.addRow(x, 0, channels, length, channels, x, 0, y, 0, channels),
        () -> vector.addRow(x, 0, channels, length, channels, x, 0, y, 0, channels),
        () -> Kernels.use(vector));
  }

  private static float[] ramp(int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (i % 64 - 32) / 16f;
    }
    return values;
  }
}
