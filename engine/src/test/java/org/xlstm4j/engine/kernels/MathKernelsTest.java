package org.xlstm4j.engine.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xlstm4j.engine.kernels.scalar.ScalarKernels;
import org.xlstm4j.engine.kernels.vector.VectorKernels;
import org.xlstm4j.engine.machine.MachineKernels;

/** Accuracy over the whole domain, special values, and ranges of odd lengths. */
@Tag("slow")
class MathKernelsTest {
  private static final MathKernels VECTOR = VectorKernels.math();
  private static final MathKernels SCALAR = ScalarKernels.math();
  private static final List<MathKernels> ALL = MachineKernels.math(SCALAR, VECTOR);

  /** One function as it is called. */
  private interface Function {
    void apply(MathKernels kernels, float[] x, float[] y);
  }

  @Test
  void expIsWithinTwoUlps() {
    check((k, x, y) -> k.exp(x, 0, x.length, y, 0), Math::exp, -87.3f, 88.7f, 2);
  }

  @Test
  void sigmoidIsWithinTwoUlps() {
    DoubleUnaryOperator sigmoid = x -> 1 / (1 + Math.exp(-x));
    check((k, x, y) -> k.sigmoid(x, 0, x.length, y, 0), sigmoid, -87.3f, 200, 2);
  }

  @Test
  void logSigmoidIsWithinTwoUlps() {
    DoubleUnaryOperator logSigmoid = x -> Math.min(x, 0) - Math.log1p(Math.exp(-Math.abs(x)));
    check((k, x, y) -> k.logSigmoid(x, 0, x.length, y, 0), logSigmoid, -1e6f, 87, 2);
  }

  @Test
  void tanhIsWithinTwoUlps() {
    check((k, x, y) -> k.tanh(x, 0, x.length, y, 0), Math::tanh, -100, 100, 2);
  }

  @Test
  void siluIsWithinTwoUlps() {
    DoubleUnaryOperator silu = x -> x / (1 + Math.exp(-x));
    check((k, x, y) -> k.silu(x, 0, x.length, y, 0), silu, -83, 1e6f, 2);
  }

  @Test
  void geluIsExactToRounding() {
    Random random = new Random(7);
    float[] x = new float[100_000];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) (random.nextGaussian() * 3);
    }
    float[] y = new float[x.length];
    float[] ones = new float[x.length];
    Arrays.fill(ones, 1);
    for (MathKernels kernels : ALL) {
      kernels.geluGate(x, 0, ones, 0, x.length, y, 0);
      for (int i = 0; i < x.length; i++) {
        assertEquals(gelu(x[i]), y[i], 4e-7 * Math.max(1, Math.abs(x[i])), "gelu of " + x[i]);
      }
      assertEquals(0.8413447460685429, geluOf(kernels, 1), 2e-7);
      assertEquals(-0.15865525393145707, geluOf(kernels, -1), 2e-7);
    }
  }

  /** By the fit of the error function, in doubles. */
  private static double gelu(double x) {
    double z = Math.abs(x) * Math.sqrt(0.5);
    double t = 1 / (1 + 0.5 * z);
    double fit = 0;
    for (int power = ErrorFunction.degree(); power >= 0; power--) {
      fit = fit * t + ErrorFunction.coefficient(power);
    }
    double tail = 0.5 * x * t * Math.exp(fit - z * z);
    return x > 0 ? x - tail : tail;
  }

  /** A fused call must not change what a model computes. */
  @Test
  void gatesHaveTheBitsOfTwoCalls() {
    float[] gate = numbers(259);
    float[] x = numbers(261);
    float[] expected = new float[259];
    float[] y = new float[259];
    for (MathKernels kernels : ALL) {
      kernels.sigmoid(gate, 0, 259, expected, 0);
      kernels.multiply(x, 2, 259, expected, 0);
      kernels.sigmoidGate(gate, 0, x, 2, 259, y, 0);
      assertArrayEquals(expected, y);
      kernels.silu(gate, 0, 259, expected, 0);
      kernels.multiply(x, 2, 259, expected, 0);
      kernels.siluGate(gate, 0, x, 2, 259, y, 0);
      assertArrayEquals(expected, y);
    }
  }

  private static float geluOf(MathKernels kernels, float x) {
    float[] y = new float[16];
    float[] values = new float[16];
    Arrays.fill(values, x);
    kernels.geluGate(values, 0, values, 0, 16, y, 0);
    return y[0] / x;
  }

  private static void check(
      Function function, DoubleUnaryOperator exact, float low, float high, double ulps) {
    float[] x = samples(low, high);
    for (MathKernels kernels : ALL) {
      float[] y = new float[x.length];
      function.apply(kernels, x, y);
      for (int i = 0; i < x.length; i++) {
        double expected = exact.applyAsDouble(x[i]);
        boolean subnormal = Math.abs(expected) < Float.MIN_NORMAL;
        double error = subnormal ? Math.abs(y[i]) : Math.abs(expected - y[i]);
        double most = subnormal ? Float.MIN_NORMAL : ulps * Math.ulp((float) expected);
        // millions of samples: no message is made for those that pass
        if (!(error <= most)) {
          fail(kernels.getClass() + " at " + x[i] + ": " + y[i] + ", expected " + expected);
        }
      }
    }
  }

  /** Every 3989th float of the interval, by bit patterns, so that tiny values count as well. */
  private static float[] samples(float low, float high) {
    int count = 0;
    float[] buffer = new float[1 << 23];
    for (int bits = 0; bits < Float.floatToIntBits(Float.MAX_VALUE); bits += 3989) {
      float value = Float.intBitsToFloat(bits);
      if (value <= high) {
        buffer[count++] = value;
      }
      if (-value >= low) {
        buffer[count++] = -value;
      }
    }
    return Arrays.copyOf(buffer, count);
  }

  @Test
  void specialValues() {
    float inf = Float.POSITIVE_INFINITY;
    float[] x = {
      0,
      -0.0f,
      inf,
      -inf,
      Float.NaN,
      1000,
      -1000,
      Float.MIN_VALUE,
      89,
      -104,
      88.5f,
      0.5f,
      1,
      -1,
      2,
      3
    };
    for (MathKernels kernels : ALL) {
      float[] y = new float[x.length];
      kernels.exp(x, 0, x.length, y, 0);
      assertEquals(1, y[0]);
      assertEquals(inf, y[2]);
      assertEquals(0, y[3]);
      assertTrue(Float.isNaN(y[4]));
      assertEquals(inf, y[5]);
      assertEquals(0, y[6]);
      kernels.sigmoid(x, 0, x.length, y, 0);
      assertEquals(0.5f, y[0]);
      assertEquals(1, y[2]);
      assertEquals(0, y[3]);
      assertTrue(Float.isNaN(y[4]));
      kernels.logSigmoid(x, 0, x.length, y, 0);
      assertEquals((float) Math.log(0.5), y[0], 1e-7f);
      assertEquals(-1000, y[6]);
      assertEquals(0, y[5]);
      kernels.tanh(x, 0, x.length, y, 0);
      assertEquals(0, y[0]);
      assertEquals(1, y[2]);
      assertEquals(-1, y[3]);
      assertTrue(Float.isNaN(y[4]));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 15, 16, 17, 31, 32, 33, 47, 64, 65, 100, 511})
  void rangesOfOddLengths(int length) {
    Random random = new Random(length);
    float[] a = new float[length + 9];
    float[] b = new float[length + 9];
    for (int i = 0; i < a.length; i++) {
      a[i] = random.nextFloat() - 0.5f;
      b[i] = random.nextFloat() - 0.5f;
    }
    same(a, b, (k, x, y) -> k.multiply(x, 3, length, y, 2));
    same(a, b, (k, x, y) -> k.add(x, 3, length, y, 2));
    same(a, b, (k, x, y) -> k.scale(0.3f, y, 2, length));
    same(a, b, (k, x, y) -> k.multiplyAdd(x, 1, x, 3, 1, length, y, 2));
    same(a, b, (k, x, y) -> k.exp(x, 3, length, y, 2));
    same(a, b, (k, x, y) -> k.sigmoid(x, 3, length, y, 2));
    same(a, b, (k, x, y) -> k.logSigmoid(x, 3, length, y, 2));
    same(a, b, (k, x, y) -> k.tanh(x, 3, length, y, 2));
    same(a, b, (k, x, y) -> k.silu(x, 3, length, y, 2));
    same(a, b, (k, x, y) -> k.sigmoidGate(x, 3, a, 1, length, y, 2));
    same(a, b, (k, x, y) -> k.siluGate(x, 3, a, 1, length, y, 2));
    same(a, b, (k, x, y) -> k.geluGate(x, 3, a, 1, length, y, 2));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 15, 16, 17, 32, 47, 64, 65, 100, 511})
  void rowsOfProducts(int length) {
    float[] w = numbers(4 * length + 1);
    float[] x = numbers(4 * length + 3);
    float[] y = numbers(length + 2);
    same(x, y, (k, from, to) -> k.multiplyAdd(w, 1, from, 3, 4, length, to, 2));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 15, 16, 17, 32, 47, 64, 65, 100, 511})
  void normsOfOddWidths(int width) {
    float[] x = numbers(3 * width + 5);
    float[] gain = numbers(3 * width);
    float[] y = new float[3 * width + 5];
    same(x, y, (k, from, to) -> k.norm(from, 3, 3, width, true, 0.1f, gain, to, 2));
    same(x, y, (k, from, to) -> k.norm(from, 3, 3, width, false, 0.1f, gain, to, 2));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 15, 16, 17, 32, 47, 64, 65, 100, 511})
  void stepsOfNormalizers(int width) {
    for (int tokens : new int[] {1, 3}) {
      int heads = 2;
      float[] query = numbers(heads * tokens * width);
      float[] before = numbers(heads * (4 * tokens + width));
      float[] key = query.clone();
      float[] expected = before.clone();
      SCALAR.normalizerSteps(heads, tokens, width, key, query, expected);
      for (MathKernels kernels : ALL) {
        float[] scaled = query.clone();
        float[] actual = before.clone();
        kernels.normalizerSteps(heads, tokens, width, scaled, query, actual);
        assertArrayEquals(expected, actual, 1e-6f * (width + 1));
        assertArrayEquals(key, scaled);
      }
    }
  }

  @Test
  void stepsOfNormalizersAsInThePaper() {
    float[] key = {1, 2, 3, 4};
    float[] query = {1, -1, 2, 5};
    float[] steps = {0.5f, 0.25f, 0, 0, 2, 0.5f, 0, 0, 8, 4};
    float[] expected = {0.5f, 0.25f, 2.5f - 2, 0, 2, 0.5f, 2 * 7.25f + 5 * 9, 0, 7.25f, 9};
    // n = 0.25 (8 4) + 0.5 (1 2) = (2.5 2), then 0.5 n + 2 (3 4) = (7.25 9)
    SCALAR.normalizerSteps(1, 2, 2, key, query, steps);
    assertArrayEquals(expected, steps);
    assertArrayEquals(new float[] {0.5f, 1, 6, 8}, key);
  }

  private static float[] numbers(int count) {
    Random random = new Random(count);
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = random.nextFloat() - 0.5f;
    }
    return numbers;
  }

  private static void same(float[] x, float[] y, Function function) {
    float[] expected = y.clone();
    function.apply(SCALAR, x, expected);
    for (MathKernels kernels : ALL) {
      float[] actual = y.clone();
      function.apply(kernels, x, actual);
      for (int i = 0; i < expected.length; i++) {
        assertEquals(expected[i], actual[i], 4e-7 * Math.max(1, Math.abs(expected[i])));
      }
    }
  }
}
