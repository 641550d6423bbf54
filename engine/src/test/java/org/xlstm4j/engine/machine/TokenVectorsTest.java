package org.xlstm4j.engine.machine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xlstm4j.engine.machine.code.ProductResults;
import org.xlstm4j.engine.machine.code.WeightFormat;

/** Tokens of changing numbers and sizes in the same memory, and their products. */
class TokenVectorsTest {
  private static final Room ANYWHERE = Room.behindLine(0);

  @BeforeEach
  void needsMachineCode() {
    assumeFalse(Execution.natives().isEmpty(), "a processor without machine code");
  }

  @Test
  void formsAreThoseOfTheTokensSetLast() {
    TokenVectors vectors = Machine.ofProcess().newTokens();
    for (int columns : new int[] {70, 33, 1, 500, 64, 95, 16, 17}) {
      for (int count : new int[] {4, 1, 3, 2}) {
        TestTokens tokens = TestTokens.random(count, columns);
        set(vectors, tokens, columns + 3);
        assertEquals(count, vectors.tokens());
        for (WeightFormat format : WeightFormat.values()) {
          vectors.prepare(format);
          MemorySegment expected = tokens.form(format, ANYWHERE);
          assertForm(expected, vectors, format);
          vectors.prepare(format);
          assertForm(expected, vectors, format);
        }
      }
    }
  }

  /** The last token first. */
  @Test
  void tokensMayLieBackwards() {
    TokenVectors vectors = Machine.ofProcess().newTokens();
    TestTokens tokens = TestTokens.random(3, 40);
    set(vectors, tokens, -41);
    vectors.prepare(WeightFormat.Q8);
    assertForm(tokens.quantized(ANYWHERE), vectors, WeightFormat.Q8);
  }

  private static void set(TokenVectors vectors, TestTokens tokens, int stride) {
    int first = stride < 0 ? -stride * (tokens.count() - 1) : 5;
    float[] x = new float[first + Math.max(stride, 1) * tokens.count() + tokens.columns];
    Arrays.fill(x, Float.NaN);
    for (int t = 0; t < tokens.count(); t++) {
      System.arraycopy(tokens.x[t], 0, x, first + t * stride, tokens.columns);
    }
    vectors.set(x, first, stride, tokens.count(), tokens.count(), tokens.columns);
  }

  @SuppressWarnings("restricted") // as much as there has to be
  private static void assertForm(
      MemorySegment expected, TokenVectors vectors, WeightFormat format) {
    MemorySegment found =
        MemorySegment.ofAddress(vectors.address(format)).reinterpret(expected.byteSize());
    assertEquals(-1, expected.mismatch(found), () -> "first difference, in bytes");
  }

  /** In bands of any rows, into a part of an array. */
  @Test
  void productsGoWhereTheyAreWanted() {
    TokenVectors vectors = Machine.ofProcess().newTokens();
    ProductResults results = new ProductResults();
    for (WeightFormat format : WeightFormat.values()) {
      ProductKernels kernels = Machine.ofProcess().products(format);
      boolean panels = format.isQuantized();
      TestMatrix matrix = TestMatrix.random(format, 96, 64, Room.behindLine(4));
      TestTokens tokens = TestTokens.random(3, 64);
      set(vectors, tokens, 64);
      vectors.prepare(format);
      int yStride = 101;
      float[] y = new float[2 + 3 * yStride];
      Arrays.fill(y, -5);
      for (int row = 0; row < 96; row += 32) {
        int height = panels ? 1 : 32;
        vectors.multiply(
            kernels,
            matrix.memory,
            row * matrix.rowBytes(),
            panels ? matrix.blocks() : 64,
            height,
            results,
            row == 64 ? 29 : 32,
            y,
            2 + row,
            yStride);
      }
      float[][] expected = new Product(matrix, tokens).multiply(Execution.natives().getLast());
      new Product(matrix, tokens).check(expected);
      float[] whole = new float[y.length];
      Arrays.fill(whole, -5);
      for (int t = 0; t < 3; t++) {
        System.arraycopy(expected[t], 0, whole, 2 + t * yStride, 93);
      }
      assertArrayEquals(whole, y, format.toString());
    }
  }
}
