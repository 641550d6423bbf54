package org.xlstm4j.engine.kernels.dispatch;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.function.Consumer;
import org.xlstm4j.engine.kernels.ActivationKernels;
import org.xlstm4j.engine.kernels.BlockKernels;
import org.xlstm4j.engine.kernels.GridKernels;
import org.xlstm4j.engine.kernels.HalfKernels;
import org.xlstm4j.engine.kernels.MathKernels;
import org.xlstm4j.engine.kernels.MlstmKernels;
import org.xlstm4j.engine.kernels.MlstmTokens;
import org.xlstm4j.engine.kernels.PanelKernels;
import org.xlstm4j.engine.kernels.Q4Kernels;
import org.xlstm4j.engine.kernels.Q8Kernels;
import org.xlstm4j.engine.kernels.RowKernels;
import org.xlstm4j.engine.kernels.SlstmKernels;
import org.xlstm4j.engine.kernels.TileKernels;
import org.xlstm4j.engine.kernels.UnpackKernels;
import org.xlstm4j.engine.kernels.vector.VectorKernels;
import org.xlstm4j.engine.tokens.Columns;

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

  /** Tokens that stand for any number of them where a loop runs over tokens. */
  private static final int SEVERAL = 2;

  void run() {
    work.run();
  }

  /** Switches to the kernels, unless others were provided for good. */
  void use() {
    KernelNeeds.compiled(family, switching);
  }

  static KernelExercise of(KernelFamily family) {
    return switch (family) {
      case TILES -> tiles();
      case Q8 -> q8();
      case Q4 -> q4();
      case ACTIVATIONS -> activations();
      case BF16_ROWS -> rows(family, 1, 1, VectorKernels.bf16Rows(), Kernels::useBf16Rows);
      case F32_ROWS -> rows(family, 1, 1, VectorKernels.f32Rows(), Kernels::useF32Rows);
      case HALVES -> halves();
      case MLSTM -> mlstm(family, 1, 1, Kernels::useMlstm);
      case SLSTM -> slstm();
      case MATH -> math();
      case BLOCKS -> blocks();
      case GRIDS -> grids();
      case UNPACKING -> unpacking();
      case BF16_ROWS_OF_TOKENS ->
          rows(
              family,
              2,
              RowKernels.MAX_TOKENS,
              VectorKernels.bf16Rows(),
              Kernels::useBf16RowsOfTokens);
      case F32_ROWS_OF_TOKENS ->
          rows(
              family,
              2,
              RowKernels.MAX_TOKENS,
              VectorKernels.f32Rows(),
              Kernels::useF32RowsOfTokens);
      case MLSTM_OF_TOKENS -> mlstm(family, 2, MlstmKernels.MAX_TOKENS, Kernels::useMlstmOfTokens);
    };
  }

  private static KernelExercise tiles() {
    TileKernels kernels = VectorKernels.tiles();
    int depth = 32;
    float[] a = ramp(depth * TileKernels.ROWS);
    float[] b = ramp(depth * TileKernels.COLUMNS);
    float[] out = new float[TileKernels.ROWS * TileKernels.COLUMNS];
    return new KernelExercise(
        KernelFamily.TILES,
        depth * TileKernels.ROWS * TileKernels.COLUMNS,
        () -> {
          kernels.pack(b, 0, depth, depth, a, 0, TileKernels.ROWS);
          kernels.tile(a, 0, b, 0, depth, b, 0, 0, out, 0, TileKernels.COLUMNS);
        },
        () -> Kernels.use(kernels));
  }

  private static KernelExercise rows(
      KernelFamily family,
      int fewest,
      int most,
      RowKernels kernels,
      Consumer<RowKernels> switching) {
    int columns = 131;
    int rows = 5;
    ExerciseWeights weights = new ExerciseWeights(Float.BYTES * columns * rows);
    float[] x = ramp(columns * most);
    float[] y = new float[rows * most];
    return new KernelExercise(
        family,
        sum(fewest, most) * rows * columns,
        () -> {
          for (int tokens = fewest; tokens <= most; tokens++) {
            kernels.multiply(weights.get(), 0, columns, rows, x, columns, tokens, y, 0, rows);
          }
        },
        () -> switching.accept(kernels));
  }

  private static KernelExercise halves() {
    HalfKernels kernels = VectorKernels.halves();
    int columns = 131;
    ExerciseWeights weights = new ExerciseWeights(Short.BYTES * columns);
    float[] x = ramp(columns);
    float[] y = new float[columns];
    return new KernelExercise(
        KernelFamily.HALVES,
        (2 + FUNCTION) * columns,
        () -> {
          kernels.widenBf16(weights.get(), 0, columns, y, 0);
          kernels.widenF16(weights.get(), 0, columns, y, 0);
          kernels.split(x, 0, columns, y, 0);
        },
        () -> Kernels.use(kernels));
  }

  private static KernelExercise activations() {
    ActivationKernels kernels = VectorKernels.activations();
    float[] x = ramp(2 * PanelKernels.COLUMNS);
    int blocks = PanelKernels.blocks(x.length);
    int[] values = new int[x.length];
    float[] scales = new float[blocks];
    int[] sums = new int[blocks];
    int[] factors = new int[blocks * PanelKernels.Q8_FACTORS];
    return new KernelExercise(
        KernelFamily.ACTIVATIONS,
        2.0 * FUNCTION * x.length,
        () -> {
          kernels.quantize(x, 0, x.length, values, 0, scales, sums, 0);
          kernels.q8Factors(values, values.length, factors);
          kernels.q4Factors(values, values.length, factors);
        },
        () -> Kernels.use(kernels));
  }

  private static KernelExercise q8() {
    Q8Kernels kernels = VectorKernels.q8();
    int blocks = 2;
    int rows = PanelKernels.ROWS;
    ExerciseWeights weights = new ExerciseWeights(blocks * PanelKernels.Q8_BLOCK);
    float[] y = new float[SEVERAL * rows];
    float[] scales = new float[SEVERAL * blocks];
    int[] factors = new int[SEVERAL * blocks * PanelKernels.Q8_FACTORS];
    return new KernelExercise(
        KernelFamily.Q8,
        sum(1, SEVERAL) * (double) rows * blocks * PanelKernels.COLUMNS,
        () -> {
          for (int tokens = 1; tokens <= SEVERAL; tokens++) {
            kernels.multiply(weights.get(), 0, blocks, rows, factors, scales, tokens, y, 0, rows);
          }
        },
        () -> Kernels.useQ8(kernels));
  }

  private static KernelExercise q4() {
    Q4Kernels kernels = VectorKernels.q4();
    int blocks = 2;
    int rows = PanelKernels.ROWS;
    ExerciseWeights weights = new ExerciseWeights(blocks * PanelKernels.Q4_BLOCK);
    float[] y = new float[SEVERAL * rows];
    float[] scales = new float[SEVERAL * blocks];
    int[] sums = new int[SEVERAL * blocks];
    int[] factors = new int[SEVERAL * blocks * PanelKernels.Q4_FACTORS];
    return new KernelExercise(
        KernelFamily.Q4,
        sum(1, SEVERAL) * (double) rows * blocks * PanelKernels.COLUMNS,
        () -> {
          for (int tokens = 1; tokens <= SEVERAL; tokens++) {
            kernels.multiply(
                weights.get(), 0, blocks, rows, factors, scales, sums, tokens, y, 0, rows);
          }
        },
        () -> Kernels.useQ4(kernels));
  }

  private static KernelExercise unpacking() {
    UnpackKernels kernels = VectorKernels.unpacking();
    int blocks = 2;
    ExerciseWeights weights = new ExerciseWeights(blocks * PanelKernels.Q8_BLOCK);
    float[] panel = new float[blocks * PanelKernels.COLUMNS * TileKernels.COLUMNS];
    return new KernelExercise(
        KernelFamily.UNPACKING,
        2.0 * panel.length,
        () -> {
          kernels.q8(weights.get(), 0, blocks, panel);
          kernels.q4(weights.get(), 0, blocks, panel);
        },
        () -> Kernels.use(kernels));
  }

  private static KernelExercise mlstm(
      KernelFamily family, int fewest, int most, Consumer<MlstmKernels> switching) {
    MlstmKernels kernels = VectorKernels.mlstm();
    int keyWidth = 9;
    int valueWidth = 67;
    MemorySegment memory = zeros(Float.BYTES * keyWidth * valueWidth);
    Columns values = new Columns(ramp(most * valueWidth), 0, valueWidth);
    Columns results = Columns.allocate(most, valueWidth);
    MlstmTokens operands = new MlstmTokens();
    operands.begin(most, 1, keyWidth, values, valueWidth, results);
    for (int token = 0; token < most; token++) {
      operands.setGates(0, token, 0.5f, 0.5f);
    }
    Arrays.fill(operands.keys(), 1);
    Arrays.fill(operands.queries(), 1);
    return new KernelExercise(
        family,
        2 * sum(fewest, most) * keyWidth * valueWidth,
        () -> {
          for (int tokens = fewest; tokens <= most; tokens++) {
            operands.begin(tokens, 1, keyWidth, values, valueWidth, results);
            kernels.matrixMemoryStep(operands, 0, memory, 0, 0, valueWidth);
          }
        },
        () -> switching.accept(kernels));
  }

  private static KernelExercise slstm() {
    SlstmKernels kernels = VectorKernels.slstm();
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
          Arrays.fill(gates, 3 * width, 4 * width, 1);
          kernels.scalarMemoryStep(gates, 0, width, cell, normalizer, 0, width);
        },
        () -> Kernels.use(kernels));
  }

  private static KernelExercise math() {
    MathKernels kernels = VectorKernels.math();
    float[] x = ramp(131);
    float[] y = new float[x.length];
    int n = x.length;
    return new KernelExercise(
        KernelFamily.MATH,
        8 * FUNCTION * n + 10 * n,
        () -> {
          kernels.sigmoid(x, 0, n, y, 0);
          kernels.silu(x, 0, n, y, 0);
          kernels.tanh(x, 0, n, y, 0);
          kernels.logSigmoid(x, 0, n, y, 0);
          kernels.sigmoidGate(x, 0, x, 0, n, y, 0);
          kernels.siluGate(x, 0, x, 0, n, y, 0);
          kernels.geluGate(x, 0, x, 0, n, y, 0);
          kernels.exp(x, 0, n, y, 0);
          kernels.multiply(x, 0, n, y, 0);
          kernels.add(x, 0, n, y, 0);
          kernels.scale(0.5f, y, 0, n);
          kernels.multiplyAdd(x, 0, x, 0, 4, n / 4, y, 0);
          kernels.norm(x, 0, 1, n, true, 1e-6f, x, y, 0);
          kernels.normalizerSteps(2, 1, n / 4, x, x, y);
        },
        () -> Kernels.use(kernels));
  }

  private static KernelExercise blocks() {
    BlockKernels kernels = VectorKernels.blocks();
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
    GridKernels kernels = VectorKernels.grids();
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

  /** Tokens of calls with {@code fewest} to {@code most} of them. */
  private static int sum(int fewest, int most) {
    return (fewest + most) * (most - fewest + 1) / 2;
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
