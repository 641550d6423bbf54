package org.xlstm4j.engine.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xlstm4j.engine.kernels.scalar.ScalarKernels;
import org.xlstm4j.engine.kernels.vector.VectorKernels;
import org.xlstm4j.engine.machine.MachineKernels;

/** The SIMD kernels and their scalar specification against double sums of decoded weights. */
@Tag("slow")
class PanelKernelsTest {
  private record Kernels(
      ActivationKernels activations, Q8Kernels q8, Q4Kernels q4, UnpackKernels unpacking) {}

  private static final Kernels SCALAR =
      new Kernels(
          ScalarKernels.activations(),
          ScalarKernels.q8(),
          ScalarKernels.q4(),
          ScalarKernels.unpacking());
  private static final Kernels VECTOR =
      new Kernels(
          VectorKernels.activations(),
          VectorKernels.q8(),
          VectorKernels.q4(),
          VectorKernels.unpacking());
  private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
  private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;

  /** Panels of random content at an odd place, as a file of any maker may hold them. */
  private static final class Panels {
    static final int LEAD = 6;
    final boolean q4;
    final int blocks;
    final MemorySegment segment;

    Panels(boolean q4, int rows, int blocks, Random random) {
      this.q4 = q4;
      this.blocks = blocks;
      int panels = (rows + PanelKernels.ROWS - 1) / PanelKernels.ROWS;
      long bytes = (long) panels * blocks * blockBytes();
      segment = Arena.ofAuto().allocate(LEAD + bytes, 64);
      for (long i = 0; i < segment.byteSize(); i++) {
        segment.set(ValueLayout.JAVA_BYTE, i, (byte) random.nextInt());
      }
      for (long block = 0; block < (long) panels * blocks; block++) {
        for (int row = 0; row < PanelKernels.ROWS; row++) {
          int exponent = 14 + random.nextInt(4);
          int word = exponent << 11 | random.nextInt(1 << 11);
          segment.set(SHORT, LEAD + block * blockBytes() + 2L * row, (short) word);
        }
      }
    }

    int blockBytes() {
      return q4 ? PanelKernels.Q4_BLOCK : PanelKernels.Q8_BLOCK;
    }

    /** By the text of docs/format.md alone. */
    double weight(int row, int column) {
      long block = LEAD + ((long) (row / 32) * blocks + column / 32) * (q4 ? 576 : 1088);
      int r = row % 32;
      int c = column % 32;
      int word = Short.toUnsignedInt(segment.get(SHORT, block + 2L * r));
      double exponent = Math.pow(2, (word >> 11) - 24);
      if (q4) {
        double scale = exponent * (1 + ((word >> 6) & 31) / 32.0);
        byte pair = segment.get(BYTE, block + 64 + 128L * (c / 8) + 4L * r + c % 4);
        int q = c % 8 < 4 ? pair & 15 : (pair >> 4) & 15;
        return scale * (q - (word & 63) / 4.0);
      }
      double scale = exponent * (1 + (word & 2047) / 2048.0);
      return scale * segment.get(BYTE, block + 64 + 128L * (c / 4) + 4L * r + c % 4);
    }
  }

  /** Quantized activations of some tokens. */
  private static final class Activations {
    final int blocks;
    final int[] values;
    final int[] q8Factors;
    final int[] q4Factors;
    final float[] scales;
    final int[] sums;

    Activations(Kernels kernels, float[] x, int columns, int tokens) {
      blocks = PanelKernels.blocks(columns);
      values = new int[tokens * blocks * PanelKernels.COLUMNS];
      scales = new float[tokens * blocks];
      sums = new int[tokens * blocks];
      for (int t = 0; t < tokens; t++) {
        int to = t * blocks * PanelKernels.COLUMNS;
        kernels.activations.quantize(x, t * columns, columns, values, to, scales, sums, t * blocks);
      }
      q8Factors = new int[tokens * blocks * PanelKernels.Q8_FACTORS];
      kernels.activations.q8Factors(values, values.length, q8Factors);
      q4Factors = new int[tokens * blocks * PanelKernels.Q4_FACTORS];
      kernels.activations.q4Factors(values, values.length, q4Factors);
    }

    double value(int token, int column) {
      int at = token * blocks * PanelKernels.COLUMNS + column;
      return (double) values[at] * scales[at / PanelKernels.COLUMNS];
    }
  }

  private static float[] random(Random random, int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static float[] multiply(
      Kernels kernels, Panels w, int rows, Activations x, int tokens, int yStride) {
    float[] y = new float[2 + tokens * yStride];
    if (w.q4) {
      kernels.q4.multiply(
          w.segment,
          Panels.LEAD,
          w.blocks,
          rows,
          x.q4Factors,
          x.scales,
          x.sums,
          tokens,
          y,
          2,
          yStride);
    } else {
      kernels.q8.multiply(
          w.segment, Panels.LEAD, w.blocks, rows, x.q8Factors, x.scales, tokens, y, 2, yStride);
    }
    return y;
  }

  @ParameterizedTest
  @CsvSource({
    "1,1", "3,31", "16,32", "17,33", "31,64", "33,100", "48,7", "63,65", "64,32", "65,96",
    "100,257", "128,513", "193,40"
  })
  void productsAgreeWithDoubleSums(int rows, int columns) {
    for (boolean q4 : new boolean[] {false, true}) {
      for (int tokens = 1; tokens <= RowKernels.MAX_TOKENS; tokens++) {
        Random random = new Random(rows * 31L + columns);
        Panels w = new Panels(q4, rows, PanelKernels.blocks(columns), random);
        float[] input = random(random, tokens * columns);
        for (Kernels kernels : List.of(SCALAR, VECTOR)) {
          Activations x = new Activations(kernels, input, columns, tokens);
          int yStride = rows + 3;
          float[] y = multiply(kernels, w, rows, x, tokens, yStride);
          for (int token = 0; token < tokens; token++) {
            for (int row = 0; row < rows; row++) {
              double sum = 0;
              double magnitude = 0;
              for (int column = 0; column < columns; column++) {
                double product = w.weight(row, column) * x.value(token, column);
                sum += product;
                magnitude += Math.abs(product);
              }
              assertEquals(sum, y[2 + token * yStride + row], 1e-6 * magnitude + 1e-30);
            }
            assertEquals(0, y[2 + token * yStride + rows], "nothing is written behind the rows");
          }
          assertEquals(0, y[1], "nothing is written before the rows");
        }
      }
    }
  }

  /** The sum of a row as {@link Q8Kernels#multiply} tells it, from the weights' integers. */
  private static float specified(Panels w, int row, Activations x, int token) {
    float total = 0;
    for (int block = 0; block < w.blocks; block++) {
      int tokenBlock = token * w.blocks + block;
      long at = Panels.LEAD + ((long) (row / 32) * w.blocks + block) * w.blockBytes();
      short word = w.segment.get(SHORT, at + 2L * (row % 32));
      float scale = w.q4 ? PanelKernels.q4Scale(word) : PanelKernels.q8Scale(word);
      double zero = w.q4 ? (word & 63) / 4.0 : 0;
      double sum = 0;
      for (int column = 32 * block; column < 32 * block + 32; column++) {
        double q = w.weight(row, column) / scale + zero;
        sum += (q - zero) * x.values[token * w.blocks * 32 + column];
      }
      int p = (int) Math.rint(w.q4 ? 4 * sum : sum);
      float t = w.q4 ? 0.25f * x.scales[tokenBlock] : x.scales[tokenBlock];
      total = Math.fma((float) p, scale * t, total);
    }
    return total;
  }

  @ParameterizedTest
  @CsvSource({"1,1", "31,40", "32,32", "33,257", "64,100", "97,1030"})
  void allKernelsGiveTheSpecifiedBits(int rows, int columns) {
    for (boolean q4 : new boolean[] {false, true}) {
      for (int tokens = 1; tokens <= RowKernels.MAX_TOKENS; tokens++) {
        Random random = new Random(rows * 37L + columns + tokens);
        Panels w = new Panels(q4, rows, PanelKernels.blocks(columns), random);
        float[] input = random(random, tokens * columns);
        for (int i = 0; i < columns / 3; i++) {
          input[random.nextInt(input.length)] *= 1000;
        }
        for (Kernels kernels : List.of(SCALAR, VECTOR)) {
          Activations x = new Activations(kernels, input, columns, tokens);
          float[] y = multiply(kernels, w, rows, x, tokens, rows);
          for (int token = 0; token < tokens; token++) {
            for (int row = 0; row < rows; row++) {
              assertEquals(specified(w, row, x, token), y[2 + token * rows + row]);
            }
          }
        }
      }
    }
  }

  @Test
  void bandsGiveTheSameBits() {
    Random random = new Random(11);
    float[] input = random(random, 2 * 300);
    for (boolean q4 : new boolean[] {false, true}) {
      Panels w = new Panels(q4, 96, 10, random);
      for (Kernels kernels : List.of(SCALAR, VECTOR)) {
        Activations x = new Activations(kernels, input, 300, 2);
        float[] whole = multiply(kernels, w, 96, x, 2, 96);
        for (int panel = 0; panel < 3; panel++) {
          float[] band = new float[2 * 32];
          long from = Panels.LEAD + (long) panel * w.blocks * w.blockBytes();
          if (q4) {
            kernels.q4.multiply(
                w.segment, from, w.blocks, 32, x.q4Factors, x.scales, x.sums, 2, band, 0, 32);
          } else {
            kernels.q8.multiply(
                w.segment, from, w.blocks, 32, x.q8Factors, x.scales, 2, band, 0, 32);
          }
          for (int token = 0; token < 2; token++) {
            int at = 2 + 96 * token + 32 * panel;
            assertArrayEquals(
                Arrays.copyOfRange(whole, at, at + 32),
                Arrays.copyOfRange(band, 32 * token, 32 * token + 32));
          }
        }
      }
    }
  }

  @Test
  void aTokensResultDoesNotDependOnItsCompany() {
    Random random = new Random(5);
    float[] input = random(random, 4 * 96);
    for (boolean q4 : new boolean[] {false, true}) {
      Panels w = new Panels(q4, 64, 3, random);
      for (Kernels kernels : List.of(SCALAR, VECTOR)) {
        float[] together = multiply(kernels, w, 64, new Activations(kernels, input, 96, 4), 4, 64);
        for (int token = 0; token < 4; token++) {
          float[] own = Arrays.copyOfRange(input, token * 96, (token + 1) * 96);
          float[] alone = multiply(kernels, w, 64, new Activations(kernels, own, 96, 1), 1, 64);
          assertArrayEquals(
              Arrays.copyOfRange(alone, 2, 66),
              Arrays.copyOfRange(together, 2 + 64 * token, 66 + 64 * token));
        }
      }
    }
  }

  /** The largest sums there can be: every weight and every activation at its extreme. */
  @Test
  void integerSumsDoNotOverflow() {
    int blocks = 2;
    int columns = blocks * PanelKernels.COLUMNS;
    for (boolean q4 : new boolean[] {false, true}) {
      int[] contents = q4 ? new int[] {0x00, 0xff} : new int[] {-128, 127};
      for (int content : contents) {
        for (int zero : q4 ? new int[] {0, 63} : new int[] {0}) {
          for (int sign : new int[] {-1, 1}) {
            Panels w = new Panels(q4, PanelKernels.ROWS, blocks, new Random(1));
            w.segment.fill((byte) content);
            for (int block = 0; block < blocks; block++) {
              for (int row = 0; row < PanelKernels.ROWS; row++) {
                long at = Panels.LEAD + (long) block * w.blockBytes() + 2L * row;
                w.segment.set(SHORT, at, (short) (24 << 11 | zero));
              }
            }
            float[] x = new float[columns];
            Arrays.fill(x, sign * 127f);
            double weight = q4 ? (content & 15) - zero / 4.0 : content;
            for (Kernels kernels : List.of(SCALAR, VECTOR)) {
              Activations activations = new Activations(kernels, x, columns, 1);
              float[] y = multiply(kernels, w, PanelKernels.ROWS, activations, 1, 64);
              for (int row = 0; row < PanelKernels.ROWS; row++) {
                assertEquals(weight * sign * 127 * columns, y[2 + row], 1e-9);
              }
            }
          }
        }
      }
    }
  }

  /** Extremes of both signs side by side: intermediate sums wrap around, the results do not. */
  @Test
  void extremesOfBothSignsAreExact() {
    Random random = new Random(7);
    int blocks = 3;
    int columns = blocks * PanelKernels.COLUMNS;
    for (int round = 0; round < 400; round++) {
      boolean q4 = round % 2 == 0;
      Panels w = new Panels(q4, PanelKernels.ROWS, blocks, random);
      for (int block = 0; block < blocks; block++) {
        long at = Panels.LEAD + (long) block * w.blockBytes();
        for (int i = 0; i < w.blockBytes(); i++) {
          int content = random.nextBoolean() ? 127 : -128;
          if (q4) {
            content = (random.nextBoolean() ? 0xf : 0) | (random.nextBoolean() ? 0xf0 : 0);
          }
          w.segment.set(BYTE, at + i, (byte) content);
        }
        for (int row = 0; row < PanelKernels.ROWS; row++) {
          int zero = q4 && random.nextBoolean() ? 63 : 0;
          w.segment.set(SHORT, at + 2L * row, (short) (24 << 11 | zero));
        }
      }
      float[] x = new float[columns];
      for (int i = 0; i < columns; i++) {
        x[i] = random.nextBoolean() ? 127 : -127;
      }
      for (Kernels kernels : List.of(SCALAR, VECTOR)) {
        Activations activations = new Activations(kernels, x, columns, 1);
        float[] y = multiply(kernels, w, PanelKernels.ROWS, activations, 1, 64);
        for (int row = 0; row < PanelKernels.ROWS; row++) {
          double sum = 0;
          for (int column = 0; column < columns; column++) {
            sum += w.weight(row, column) * x[column];
          }
          assertEquals(sum, y[2 + row], 1e-9);
        }
      }
    }
  }

  /** Scalar and SIMD kernels make the same of one token; the scalar ones' is returned. */
  private static Activations assertSameActivations(float[] x) {
    Activations scalar = new Activations(SCALAR, x, x.length, 1);
    Activations vector = new Activations(VECTOR, x, x.length, 1);
    assertArrayEquals(scalar.values, vector.values);
    assertArrayEquals(scalar.q8Factors, vector.q8Factors);
    assertArrayEquals(scalar.q4Factors, vector.q4Factors);
    assertArrayEquals(scalar.scales, vector.scales);
    assertArrayEquals(scalar.sums, vector.sums);
    return scalar;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 31, 32, 33, 64, 100, 257})
  void activationsAreRoundedToTheNearestOf255Steps(int columns) {
    float[] x = random(new Random(columns), columns);
    x[columns / 2] = -7.5f;
    Activations scalar = assertSameActivations(x);
    for (int column = 0; column < columns; column++) {
      float step = scalar.scales[column / PanelKernels.COLUMNS];
      assertEquals(x[column], scalar.value(0, column), 0.5001 * step);
    }
    for (int block = 0; block < scalar.blocks; block++) {
      int sum = 0;
      for (int i = 0; i < PanelKernels.COLUMNS; i++) {
        sum += scalar.values[block * PanelKernels.COLUMNS + i];
      }
      assertEquals(sum, scalar.sums[block]);
    }
  }

  @Test
  void extremeActivationsStayInRange() {
    float[][] inputs = {
      {Float.MAX_VALUE, -Float.MAX_VALUE, 1},
      {Float.MIN_VALUE, -1e-38f, 0},
      {0, -0f, 0},
      {1e-30f, -1e-31f, 1e-45f},
      {-1, 1, 0.5f}
    };
    for (float[] few : inputs) {
      float[] x = Arrays.copyOf(few, 32);
      for (Kernels kernels : List.of(SCALAR, VECTOR)) {
        Activations activations = new Activations(kernels, x, 32, 1);
        assertEquals(Float.isFinite(activations.scales[0]), true);
        for (int value : activations.values) {
          assertEquals(value, Math.clamp(value, -127, 127));
        }
      }
      assertSameActivations(x);
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void whatIsNotFiniteIsNotHidden(float value) {
    float[] x = new float[64];
    Arrays.fill(x, 3);
    x[40] = value;
    assertSameActivations(x);
    for (boolean q4 : new boolean[] {false, true}) {
      Panels w = new Panels(q4, 64, 2, new Random(2));
      for (Kernels kernels : List.of(SCALAR, VECTOR)) {
        float[] y = multiply(kernels, w, 64, new Activations(kernels, x, 64, 1), 1, 64);
        for (int row = 0; row < 64; row++) {
          assertTrue(Float.isNaN(y[2 + row]), "row " + row);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 259})
  void unpackedPanelsHoldTheWeights(int blocks) {
    int size = PanelKernels.COLUMNS * 32;
    for (boolean q4 : new boolean[] {false, true}) {
      Panels w = new Panels(q4, 64, blocks, new Random(blocks));
      List<UnpackKernels> all = new ArrayList<>(MachineKernels.unpacking());
      all.addAll(List.of(SCALAR.unpacking, VECTOR.unpacking));
      for (UnpackKernels kernels : all) {
        for (int index = 0; index < 2; index++) {
          float[] panel = new float[blocks * size + 1];
          long from = Panels.LEAD + (long) index * blocks * w.blockBytes();
          if (q4) {
            kernels.q4(w.segment, from, blocks, panel);
          } else {
            kernels.q8(w.segment, from, blocks, panel);
          }
          for (int column = 0; column < blocks * PanelKernels.COLUMNS; column++) {
            for (int row = 0; row < 32; row++) {
              assertEquals((float) w.weight(32 * index + row, column), panel[column * 32 + row]);
            }
          }
          assertEquals(0, panel[blocks * size]);
        }
      }
    }
  }
}
