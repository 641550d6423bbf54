package org.xlstm4j.engine.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xlstm4j.engine.kernels.scalar.ScalarKernels;
import org.xlstm4j.engine.kernels.vector.VectorKernels;
import org.xlstm4j.engine.tokens.Columns;

/**
 * The scalar kernels, which stand in while the SIMD kernels are compiled, give the same bits: what
 * a process computes does not depend on when it changes from the ones to the others.
 */
@Tag("slow")
class StandInsTest {
  /** Rows of a file begin anywhere. */
  private static final int[] LEADS = {0, 4, 6, 40, 62};

  private final Random random = new Random(5);

  /** What is computed by kernels of a family. */
  private interface Work<K> {
    float[] by(K kernels);
  }

  private static <K> void same(K standIn, K kernels, Work<K> work) {
    assertArrayEquals(work.by(standIn), work.by(kernels));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 15, 16, 17, 31, 32, 33, 47, 63, 64, 65, 100, 131, 513})
  void rows(int columns) {
    RowKernels f32 = ScalarKernels.f32Rows();
    RowKernels bf16 = ScalarKernels.bf16Rows();
    for (int rows : new int[] {1, 3, 4, 5, 8, 11}) {
      for (int tokens = 1; tokens <= RowKernels.MAX_TOKENS; tokens++) {
        for (int lead : LEADS) {
          float[] x = gaussian(tokens * columns);
          int count = rows * columns;
          MemorySegment floats = MemorySegment.ofArray(gaussian(count));
          MemorySegment halves = bfloats(count);
          same(f32, VectorKernels.f32Rows(), k -> products(k, floats, lead, columns, rows, x));
          same(bf16, VectorKernels.bf16Rows(), k -> products(k, halves, lead, columns, rows, x));
        }
      }
    }
  }

  private static float[] products(
      RowKernels kernels, MemorySegment values, int lead, int columns, int rows, float[] x) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment weights = arena.allocate(lead + values.byteSize(), 64);
      MemorySegment.copy(values, 0, weights, lead, values.byteSize());
      int tokens = x.length / columns;
      float[] y = new float[tokens * rows];
      kernels.multiply(weights, lead, columns, rows, x, columns, tokens, y, 0, rows);
      return y;
    }
  }

  @Test
  void manyRows() {
    int columns = 70;
    int rows = 203;
    float[] x = gaussian(columns);
    MemorySegment floats = MemorySegment.ofArray(gaussian(rows * columns));
    MemorySegment halves = bfloats(rows * columns);
    for (int lead : LEADS) {
      same(
          ScalarKernels.f32Rows(),
          VectorKernels.f32Rows(),
          k -> products(k, floats, lead, columns, rows, x));
      same(
          ScalarKernels.bf16Rows(),
          VectorKernels.bf16Rows(),
          k -> products(k, halves, lead, columns, rows, x));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 16, 33, 100, 131})
  void halves(int columns) {
    HalfKernels standIn = ScalarKernels.halves();
    HalfKernels kernels = VectorKernels.halves();
    float[] x = gaussian(columns);
    MemorySegment values = bfloats(columns);
    float[] y = new float[columns];
    same(
        standIn,
        kernels,
        k -> {
          k.widenBf16(values, 0, columns, y, 0);
          return y.clone();
        });
    same(
        standIn,
        kernels,
        k -> {
          k.widenF16(values, 0, columns, y, 0);
          return y.clone();
        });
    same(
        standIn,
        kernels,
        k -> {
          k.split(x, 0, columns, y, 0);
          return y.clone();
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {32, 33, 100, 384})
  void quantized(int columns) {
    int blocks = PanelKernels.blocks(columns);
    int rows = PanelKernels.ROWS + 5;
    int tokens = 3;
    int length = blocks * PanelKernels.COLUMNS;
    float[] x = gaussian(tokens * columns);
    int[] values = new int[tokens * length];
    float[] scales = new float[tokens * blocks];
    int[] sums = new int[tokens * blocks];
    ActivationKernels activations = ScalarKernels.activations();
    for (ActivationKernels kernels : List.of(VectorKernels.activations(), activations)) {
      int[] before = values.clone();
      float[] scalesBefore = scales.clone();
      int[] sumsBefore = sums.clone();
      for (int t = 0; t < tokens; t++) {
        kernels.quantize(x, t * columns, columns, values, t * length, scales, sums, t * blocks);
      }
      if (kernels == activations) {
        assertArrayEquals(before, values);
        assertArrayEquals(scalesBefore, scales);
        assertArrayEquals(sumsBefore, sums);
      }
    }
    int[] q8 = new int[tokens * blocks * PanelKernels.Q8_FACTORS];
    int[] q4 = new int[tokens * blocks * PanelKernels.Q4_FACTORS];
    activations.q8Factors(values, values.length, q8);
    activations.q4Factors(values, values.length, q4);
    MemorySegment weights = bfloats(2 * blocks * PanelKernels.Q8_BLOCK / Short.BYTES);
    float[] y = new float[tokens * rows];
    same(
        ScalarKernels.q8(),
        VectorKernels.q8(),
        k -> {
          k.multiply(weights, 0, blocks, rows, q8, scales, tokens, y, 0, rows);
          return y.clone();
        });
    same(
        ScalarKernels.q4(),
        VectorKernels.q4(),
        k -> {
          k.multiply(weights, 0, blocks, rows, q4, scales, sums, tokens, y, 0, rows);
          return y.clone();
        });
    float[] panel = new float[length * PanelKernels.ROWS];
    same(
        ScalarKernels.unpacking(),
        VectorKernels.unpacking(),
        k -> {
          k.q8(weights, 0, blocks, panel);
          return panel.clone();
        });
    same(
        ScalarKernels.unpacking(),
        VectorKernels.unpacking(),
        k -> {
          k.q4(weights, 0, blocks, panel);
          return panel.clone();
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 17, 255})
  void tiles(int depth) {
    float[] a = gaussian(depth * TileKernels.ROWS);
    float[] b = gaussian(depth * TileKernels.COLUMNS);
    float[] start = gaussian(TileKernels.ROWS * TileKernels.COLUMNS);
    same(
        ScalarKernels.tiles(),
        VectorKernels.tiles(),
        k -> {
          float[] out = start.clone();
          k.addTile(a, 0, b, 0, depth, out, 0, TileKernels.COLUMNS);
          return out;
        });
  }

  /** An elementwise function as it is called. */
  private interface Function {
    void apply(MathKernels kernels, float[] x, float[] y);
  }

  private static void sameFunction(float[] x, float[] before, Function function) {
    same(
        ScalarKernels.math(),
        VectorKernels.math(),
        k -> {
          float[] y = before.clone();
          function.apply(k, x.clone(), y);
          return y;
        });
  }

  /** Every 9973rd float, the borders of exponentials and of tanh's polynomial, and no numbers. */
  @Test
  void functionsOfAllMagnitudes() {
    float[] special = {
      0,
      -0.0f,
      Float.NaN,
      Float.POSITIVE_INFINITY,
      Float.NEGATIVE_INFINITY,
      0.625f,
      -0.625f,
      88.72283f,
      88.72284f,
      88.72285f,
      -87.33653f,
      -87.33654f,
      -87.33655f,
      43.66827f,
      -43.66827f
    };
    int step = 9973;
    int count = (int) ((1L << 32) / step);
    float[] x = new float[count + special.length];
    for (int i = 0; i < count; i++) {
      x[i] = Float.intBitsToFloat(i * step);
    }
    System.arraycopy(special, 0, x, count, special.length);
    functions(x);
    gates(x, gaussian(x.length));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 15, 16, 17, 31, 32, 33, 47, 64, 65, 100, 511})
  void functionsOfOddLengths(int length) {
    float[] x = gaussian(length);
    functions(x);
    float[] y = gaussian(length);
    sameFunction(x, y, (k, in, out) -> k.multiply(in, 0, length, out, 0));
    sameFunction(x, y, (k, in, out) -> k.add(in, 0, length, out, 0));
    sameFunction(x, y, (k, in, out) -> k.scale(0.3f, out, 0, length));
    sameFunction(x, y, (k, in, out) -> k.softCap(15, in, 0, length, out, 0));
    gates(x, gaussian(length));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 15, 16, 17, 31, 32, 33, 47, 64, 65, 100, 511})
  void rowsOfProducts(int length) {
    float[] y = gaussian(length);
    for (int rows = 1; rows <= 5; rows++) {
      int count = rows;
      float[] w = gaussian(rows * length);
      float[] x = gaussian(rows * length);
      sameFunction(x, y, (k, in, out) -> k.multiplyAdd(w, 0, in, 0, count, length, out, 0));
    }
  }

  private static void functions(float[] x) {
    float[] y = new float[x.length];
    sameFunction(x, y, (k, in, out) -> k.exp(in, 0, in.length, out, 0));
    sameFunction(x, y, (k, in, out) -> k.sigmoid(in, 0, in.length, out, 0));
    sameFunction(x, y, (k, in, out) -> k.logSigmoid(in, 0, in.length, out, 0));
    sameFunction(x, y, (k, in, out) -> k.tanh(in, 0, in.length, out, 0));
    sameFunction(x, y, (k, in, out) -> k.silu(in, 0, in.length, out, 0));
  }

  private static void gates(float[] gate, float[] x) {
    float[] y = new float[x.length];
    sameFunction(gate, y, (k, in, out) -> k.sigmoidGate(in, 0, x, 0, x.length, out, 0));
    sameFunction(gate, y, (k, in, out) -> k.siluGate(in, 0, x, 0, x.length, out, 0));
    sameFunction(gate, y, (k, in, out) -> k.geluGate(in, 0, x, 0, x.length, out, 0));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 15, 16, 17, 31, 32, 33, 47, 64, 65, 100, 511})
  void norms(int width) {
    int groups = 3;
    float[] x = gaussian(groups * width);
    float[] gain = gaussian(groups * width);
    for (boolean centered : new boolean[] {false, true}) {
      sameFunction(
          x,
          new float[x.length],
          (k, in, out) -> k.norm(in, 0, groups, width, centered, 1e-6f, gain, out, 0));
    }
    int tokens = 2;
    float[] query = gaussian(2 * tokens * width);
    float[] steps = gaussian(2 * (4 * tokens + width));
    sameFunction(
        query.clone(), steps, (k, in, out) -> k.normalizerSteps(2, tokens, width, in, query, out));
  }

  @ParameterizedTest
  @CsvSource({
    "1,1,0,1",
    "3,5,1,4",
    "4,16,0,16",
    "5,40,16,40",
    "24,40,0,40",
    "7,33,16,33",
    "33,48,32,48",
    "9,600,0,600",
    "64,128,0,128"
  })
  void matrixMemories(int keyWidth, int valueWidth, int first, int last) {
    float[] memory = gaussian(keyWidth * valueWidth);
    float[] keys = gaussian(MlstmKernels.MAX_TOKENS * keyWidth);
    float[] queries = gaussian(MlstmKernels.MAX_TOKENS * keyWidth);
    for (int tokens = 1; tokens <= MlstmKernels.MAX_TOKENS; tokens++) {
      int count = tokens;
      float[] value = gaussian(tokens * valueWidth);
      same(
          ScalarKernels.mlstm(),
          VectorKernels.mlstm(),
          k -> {
            Columns h = Columns.allocate(count, valueWidth);
            MlstmTokens operands = new MlstmTokens();
            Columns values = new Columns(value, 0, valueWidth);
            operands.begin(count, 1, keyWidth, values, valueWidth, h);
            System.arraycopy(keys, 0, operands.keys(), 0, count * keyWidth);
            System.arraycopy(queries, 0, operands.queries(), 0, count * keyWidth);
            for (int token = 0; token < count; token++) {
              operands.setGates(0, token, 0.9f / (1 + token), 0.7f + token);
            }
            try (Arena arena = Arena.ofConfined()) {
              MemorySegment c = arena.allocateFrom(ValueLayout.JAVA_FLOAT, memory);
              k.matrixMemoryStep(operands, 0, c, 0, first, last);
              k.matrixMemoryStep(operands, 0, c, 0, first, last);
              return joined(c.toArray(ValueLayout.JAVA_FLOAT), h.data());
            }
          });
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 16, 33})
  void recurrentProducts(int inputs) {
    int panels = 2;
    int outputs = panels * SlstmKernels.PANEL;
    float[] y = gaussian(inputs);
    MemorySegment floats = copied(MemorySegment.ofArray(gaussian(inputs * outputs)));
    MemorySegment halves = copied(bfloats(inputs * outputs));
    float[] sums = new float[outputs];
    same(
        ScalarKernels.slstm(),
        VectorKernels.slstm(),
        k -> {
          k.recurrentF32(floats, 0, inputs, 0, panels, y, 0, sums, 0);
          return sums.clone();
        });
    same(
        ScalarKernels.slstm(),
        VectorKernels.slstm(),
        k -> {
          k.recurrentBf16(halves, 0, inputs, 0, panels, y, 0, sums, 0);
          return sums.clone();
        });
  }

  @Test
  void scalarMemories() {
    int length = 48;
    float[] before = gaussian(4 * length);
    float[] cell = gaussian(length);
    float[] normalizer = gaussian(length);
    float[] stabilizer = gaussian(length);
    for (int j = 0; j < length; j += 5) {
      normalizer[j] = 0;
    }
    same(
        ScalarKernels.slstm(),
        VectorKernels.slstm(),
        k -> {
          float[] gates = before.clone();
          float[] c = cell.clone();
          float[] n = normalizer.clone();
          float[] m = stabilizer.clone();
          k.stabilizeGates(gates, 0, length, n, m, 0, length);
          k.scalarMemoryStep(gates, 0, length, c, n, 0, length);
          return joined(joined(gates, c), joined(n, m));
        });
  }

  @ParameterizedTest
  @CsvSource({"1,37", "2,9", "3,7", "4,1", "4,5", "4,33", "8,3", "16,3", "24,2", "32,3", "80,2"})
  void blocks(int size, int count) {
    int length = size * count;
    float[] w = gaussian(size * length);
    float[] x = gaussian(length);
    float[] y = new float[length];
    same(
        ScalarKernels.blocks(),
        VectorKernels.blocks(),
        k -> {
          k.blocks(w, size, x, 0, length, y, 0);
          return y.clone();
        });
  }

  @ParameterizedTest
  @CsvSource({"1,1", "1,16", "2,17", "3,7", "5,48", "14,67", "4,96"})
  void grids(int length, int channels) {
    float[] x = gaussian(length * channels);
    float[] w = gaussian(GridKernels.TAPS * channels);
    float[] before = gaussian(length * channels);
    same(
        ScalarKernels.grids(),
        VectorKernels.grids(),
        k -> {
          float[] y = before.clone();
          k.addRow(x, 0, channels, length, channels, w, 0, y, 0, channels);
          return y;
        });
  }

  private float[] gaussian(int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  /** Numbers in bfloat16 about as large as one. */
  private MemorySegment bfloats(int length) {
    short[] values = new short[length];
    for (int i = 0; i < length; i++) {
      values[i] = (short) (Float.floatToRawIntBits((float) random.nextGaussian()) >> Short.SIZE);
    }
    return copied(MemorySegment.ofArray(values));
  }

  private static MemorySegment copied(MemorySegment values) {
    return Arena.ofAuto().allocate(values.byteSize(), 64).copyFrom(values);
  }

  private static float[] joined(float[] first, float[] second) {
    float[] all = new float[first.length + second.length];
    System.arraycopy(first, 0, all, 0, first.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }
}
