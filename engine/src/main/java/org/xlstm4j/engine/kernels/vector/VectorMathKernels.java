package org.xlstm4j.engine.kernels.vector;

import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.xlstm4j.engine.kernels.ErrorFunction;
import org.xlstm4j.engine.kernels.FusedMultiplyAdd;
import org.xlstm4j.engine.kernels.MathKernels;
import org.xlstm4j.engine.kernels.ScalarFunctions;
import org.xlstm4j.engine.kernels.scalar.ScalarKernels;

/**
 * {@link MathKernels} with the Vector API. The exponential is the only transcendental loop; the
 * others run over its results a second time, in the first-level cache, instead of calling a helper
 * that returns a vector, which C2 may refuse to inline.
 *
 * <p>Errors are bounded by 2 units in the last place for exp, sigmoid, logSigmoid, tanh and silu;
 * results below the smallest normal number may be 0.
 */
final class VectorMathKernels implements MathKernels {
  private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Integer> I = IntVector.SPECIES_PREFERRED;
  private static final int LANES = F.length();
  private static final MathKernels SCALAR = ScalarKernels.math();

  @Override
  public void exp(float[] x, int xOffset, int length, float[] y, int yOffset) {
    int bound = F.loopBound(length);
    exponentials(x, xOffset, bound, y, yOffset, false, 1);
    SCALAR.exp(x, xOffset + bound, length - bound, y, yOffset + bound);
  }

  /**
   * {@code y = exp(x)} or, of magnitudes, {@code y = exp(-factor |x|)}.
   *
   * <p>x = n ln 2 + r with n whole and |r| at most ln 2 / 2; e^r by a polynomial (coefficients of
   * Cephes' expf), 2^n by the exponent bits in two steps, so that n = 128 does not overflow early.
   */
  private static void exponentials(
      float[] x, int xOffset, int length, float[] y, int yOffset, boolean magnitude, float factor) {
    for (int i = 0; i < length; i += LANES) {
      FloatVector value = FloatVector.fromArray(F, x, xOffset + i);
      if (magnitude) {
        value = value.abs().mul(-factor);
      }
      FloatVector clamped = value.min(ScalarFunctions.EXP_MAX).max(ScalarFunctions.EXP_MIN);
      FloatVector rounded =
          clamped.fma(
              FloatVector.broadcast(F, ScalarFunctions.LOG2_E),
              FloatVector.broadcast(F, ScalarFunctions.ROUNDER));
      FloatVector n = rounded.sub(ScalarFunctions.ROUNDER);
      FloatVector r = n.fma(FloatVector.broadcast(F, -ScalarFunctions.LN2_HIGH), clamped);
      r = n.fma(FloatVector.broadcast(F, -ScalarFunctions.LN2_LOW), r);
      FloatVector p = FloatVector.broadcast(F, 1.9875691500e-4f);
      p = p.fma(r, FloatVector.broadcast(F, 1.3981999507e-3f));
      p = p.fma(r, FloatVector.broadcast(F, 8.3334519073e-3f));
      p = p.fma(r, FloatVector.broadcast(F, 4.1665795894e-2f));
      p = p.fma(r, FloatVector.broadcast(F, 1.6666665459e-1f));
      p = p.fma(r, FloatVector.broadcast(F, 5.0000001201e-1f));
      p = p.fma(r.mul(r), r).add(1);
      IntVector whole = n.convertShape(VectorOperators.F2I, I, 0).reinterpretAsInts();
      IntVector half = whole.lanewise(VectorOperators.ASHR, 1);
      FloatVector scale1 = half.add(127).lanewise(LSHL, 23).reinterpretAsFloats();
      FloatVector scale2 = whole.sub(half).add(127).lanewise(LSHL, 23).reinterpretAsFloats();
      FloatVector result = p.mul(scale1).mul(scale2);
      result = result.blend(0f, value.compare(LT, ScalarFunctions.EXP_MIN));
      result = result.blend(Float.POSITIVE_INFINITY, value.compare(GT, ScalarFunctions.EXP_MAX));
      result = result.blend(value, value.test(VectorOperators.IS_NAN));
      result.intoArray(y, yOffset + i);
    }
  }

  /** The quotient's rounding error is found with a fused multiply-add and put back. */
  @Override
  public void sigmoid(float[] x, int xOffset, int length, float[] y, int yOffset) {
    int bound = F.loopBound(length);
    exponentials(x, xOffset, bound, y, yOffset, true, 1);
    for (int i = 0; i < bound; i += LANES) {
      FloatVector value = FloatVector.fromArray(F, x, xOffset + i);
      FloatVector e = FloatVector.fromArray(F, y, yOffset + i);
      FloatVector numerator = FloatVector.broadcast(F, 1).blend(e, value.compare(LT, 0f));
      FloatVector sum = e.add(1);
      FloatVector lost = e.sub(sum.sub(1));
      FloatVector quotient = numerator.div(sum);
      FloatVector rest = quotient.neg().fma(sum, numerator).sub(quotient.mul(lost));
      rest.div(sum).add(quotient).intoArray(y, yOffset + i);
    }
    SCALAR.sigmoid(x, xOffset + bound, length - bound, y, yOffset + bound);
  }

  /** The logarithm by log1p(e) = 2 artanh(s) with s = e / (2 + e), at most 1/3. */
  @Override
  public void logSigmoid(float[] x, int xOffset, int length, float[] y, int yOffset) {
    int bound = F.loopBound(length);
    exponentials(x, xOffset, bound, y, yOffset, true, 1);
    for (int i = 0; i < bound; i += LANES) {
      FloatVector value = FloatVector.fromArray(F, x, xOffset + i);
      FloatVector e = FloatVector.fromArray(F, y, yOffset + i);
      FloatVector sum = e.add(2);
      FloatVector lost = e.sub(sum.sub(2));
      FloatVector s = e.div(sum);
      FloatVector rest = s.neg().fma(sum, e).sub(s.mul(lost)).div(sum);
      FloatVector square = s.mul(s);
      FloatVector p = FloatVector.broadcast(F, 1 / 15f);
      p = p.fma(square, FloatVector.broadcast(F, 1 / 13f));
      p = p.fma(square, FloatVector.broadcast(F, 1 / 11f));
      p = p.fma(square, FloatVector.broadcast(F, 1 / 9f));
      p = p.fma(square, FloatVector.broadcast(F, 1 / 7f));
      p = p.fma(square, FloatVector.broadcast(F, 1 / 5f));
      p = p.fma(square, FloatVector.broadcast(F, 1 / 3f));
      FloatVector small = p.mul(square).fma(s, rest);
      FloatVector result = s.fma(FloatVector.broadcast(F, -2), value.min(0));
      small.fma(FloatVector.broadcast(F, -2), result).intoArray(y, yOffset + i);
    }
    SCALAR.logSigmoid(x, xOffset + bound, length - bound, y, yOffset + bound);
  }

  /** Near 0, where the quotient of exponentials cancels, by Cephes' polynomial. */
  @Override
  public void tanh(float[] x, int xOffset, int length, float[] y, int yOffset) {
    int bound = F.loopBound(length);
    exponentials(x, xOffset, bound, y, yOffset, true, 2);
    for (int i = 0; i < bound; i += LANES) {
      FloatVector value = FloatVector.fromArray(F, x, xOffset + i);
      FloatVector e = FloatVector.fromArray(F, y, yOffset + i);
      FloatVector magnitude = value.abs();
      FloatVector one = FloatVector.broadcast(F, 1);
      FloatVector far = one.sub(e.add(e).div(e.add(1)));
      FloatVector square = value.mul(value);
      FloatVector p = FloatVector.broadcast(F, -5.70498872745e-3f);
      p = p.fma(square, FloatVector.broadcast(F, 2.06390887954e-2f));
      p = p.fma(square, FloatVector.broadcast(F, -5.37397155531e-2f));
      p = p.fma(square, FloatVector.broadcast(F, 1.33314422036e-1f));
      p = p.fma(square, FloatVector.broadcast(F, -3.33332819422e-1f));
      FloatVector near = p.mul(square).fma(value, value);
      FloatVector signed = far.blend(far.neg(), value.compare(LT, 0f));
      signed.blend(near, magnitude.compare(LT, 0.625f)).intoArray(y, yOffset + i);
    }
    SCALAR.tanh(x, xOffset + bound, length - bound, y, yOffset + bound);
  }

  @Override
  public void silu(float[] x, int xOffset, int length, float[] y, int yOffset) {
    int bound = F.loopBound(length);
    exponentials(x, xOffset, bound, y, yOffset, true, 1);
    for (int i = 0; i < bound; i += LANES) {
      FloatVector value = FloatVector.fromArray(F, x, xOffset + i);
      FloatVector e = FloatVector.fromArray(F, y, yOffset + i);
      FloatVector factor = FloatVector.broadcast(F, 1).blend(e, value.compare(LT, 0f));
      FloatVector numerator = value.mul(factor);
      FloatVector numeratorLost = value.fma(factor, numerator.neg());
      FloatVector sum = e.add(1);
      FloatVector lost = e.sub(sum.sub(1));
      FloatVector quotient = numerator.div(sum);
      FloatVector rest = quotient.neg().fma(sum, numerator).sub(quotient.mul(lost));
      rest.add(numeratorLost).div(sum).add(quotient).intoArray(y, yOffset + i);
    }
    SCALAR.silu(x, xOffset + bound, length - bound, y, yOffset + bound);
  }

  @Override
  public void geluGate(
      float[] gate, int gateOffset, float[] x, int xOffset, int length, float[] y, int yOffset) {
    int bound = F.loopBound(length);
    gelu(gate, gateOffset, bound, y, yOffset);
    multiply(x, xOffset, bound, y, yOffset);
    SCALAR.geluGate(
        gate, gateOffset + bound, x, xOffset + bound, length - bound, y, yOffset + bound);
  }

  /** Of whole vectors. */
  private static void gelu(float[] x, int xOffset, int length, float[] y, int yOffset) {
    float root = ScalarFunctions.ROOT_OF_HALF;
    for (int i = 0; i < length; i += LANES) {
      FloatVector z = FloatVector.fromArray(F, x, xOffset + i).abs().mul(root);
      FloatVector t =
          FloatVector.broadcast(F, 1)
              .div(z.fma(FloatVector.broadcast(F, 0.5f), FloatVector.broadcast(F, 1)));
      FloatVector fit = FloatVector.broadcast(F, (float) ErrorFunction.coefficient(9));
      fit = fit.fma(t, FloatVector.broadcast(F, (float) ErrorFunction.coefficient(8)));
      fit = fit.fma(t, FloatVector.broadcast(F, (float) ErrorFunction.coefficient(7)));
      fit = fit.fma(t, FloatVector.broadcast(F, (float) ErrorFunction.coefficient(6)));
      fit = fit.fma(t, FloatVector.broadcast(F, (float) ErrorFunction.coefficient(5)));
      fit = fit.fma(t, FloatVector.broadcast(F, (float) ErrorFunction.coefficient(4)));
      fit = fit.fma(t, FloatVector.broadcast(F, (float) ErrorFunction.coefficient(3)));
      fit = fit.fma(t, FloatVector.broadcast(F, (float) ErrorFunction.coefficient(2)));
      fit = fit.fma(t, FloatVector.broadcast(F, (float) ErrorFunction.coefficient(1)));
      fit = fit.fma(t, FloatVector.broadcast(F, (float) ErrorFunction.coefficient(0)));
      z.neg().fma(z, fit).intoArray(y, yOffset + i);
    }
    exponentials(y, yOffset, length, y, yOffset, false, 1);
    for (int i = 0; i < length; i += LANES) {
      FloatVector value = FloatVector.fromArray(F, x, xOffset + i);
      FloatVector z = value.abs().mul(root);
      FloatVector t =
          FloatVector.broadcast(F, 1)
              .div(z.fma(FloatVector.broadcast(F, 0.5f), FloatVector.broadcast(F, 1)));
      FloatVector tail = FloatVector.fromArray(F, y, yOffset + i).mul(t).mul(value).mul(0.5f);
      tail.blend(value.sub(tail), value.compare(GT, 0f)).intoArray(y, yOffset + i);
    }
  }

  @Override
  public void multiply(float[] x, int xOffset, int length, float[] y, int yOffset) {
    int bound = F.loopBound(length);
    for (int i = 0; i < bound; i += LANES) {
      FloatVector value = FloatVector.fromArray(F, x, xOffset + i);
      FloatVector.fromArray(F, y, yOffset + i).mul(value).intoArray(y, yOffset + i);
    }
    SCALAR.multiply(x, xOffset + bound, length - bound, y, yOffset + bound);
  }

  @Override
  public void scale(float factor, float[] x, int xOffset, int length) {
    int bound = F.loopBound(length);
    for (int i = 0; i < bound; i += LANES) {
      FloatVector.fromArray(F, x, xOffset + i).mul(factor).intoArray(x, xOffset + i);
    }
    SCALAR.scale(factor, x, xOffset + bound, length - bound);
  }

  @Override
  public void add(float[] x, int xOffset, int length, float[] y, int yOffset) {
    int bound = F.loopBound(length);
    for (int i = 0; i < bound; i += LANES) {
      FloatVector value = FloatVector.fromArray(F, x, xOffset + i);
      FloatVector.fromArray(F, y, yOffset + i).add(value).intoArray(y, yOffset + i);
    }
    SCALAR.add(x, xOffset + bound, length - bound, y, yOffset + bound);
  }

  @Override
  public void multiplyAdd(
      float[] w,
      int wOffset,
      float[] x,
      int xOffset,
      int rows,
      int length,
      float[] y,
      int yOffset) {
    int bound = F.loopBound(length);
    for (int i = 0; i < bound; i += LANES) {
      FloatVector sum = FloatVector.fromArray(F, y, yOffset + i);
      for (int at = i; at < rows * length; at += length) {
        FloatVector weight = FloatVector.fromArray(F, w, wOffset + at);
        sum = FloatVector.fromArray(F, x, xOffset + at).fma(weight, sum);
      }
      sum.intoArray(y, yOffset + i);
    }
    for (int at = bound; at < rows * length; at += length) {
      int rest = length - bound;
      SCALAR.multiplyAdd(w, wOffset + at, x, xOffset + at, 1, rest, y, yOffset + bound);
    }
  }

  @Override
  public void norm(
      float[] x,
      int xOffset,
      int groups,
      int width,
      boolean centered,
      float epsilon,
      float[] gain,
      float[] y,
      int yOffset) {
    for (int group = 0; group < groups; group++) {
      int at = group * width;
      float mean = centered ? sum(x, xOffset + at, width) / width : 0;
      double squares = sumOfSquares(x, xOffset + at, width, mean);
      float scale = (float) (1 / Math.sqrt(squares / width + epsilon));
      normalize(x, xOffset + at, width, mean, scale, gain, at, y, yOffset + at);
    }
  }

  private static float sum(float[] x, int xOffset, int length) {
    FloatVector sum0 = FloatVector.zero(F);
    FloatVector sum1 = sum0;
    int i = 0;
    for (; i <= length - 2 * LANES; i += 2 * LANES) {
      sum0 = sum0.add(FloatVector.fromArray(F, x, xOffset + i));
      sum1 = sum1.add(FloatVector.fromArray(F, x, xOffset + i + LANES));
    }
    float sum = VectorTotals.of(sum0.add(sum1));
    for (; i < length; i++) {
      sum += x[xOffset + i];
    }
    return sum;
  }

  private static float sumOfSquares(float[] x, int xOffset, int length, float mean) {
    FloatVector sum0 = FloatVector.zero(F);
    FloatVector sum1 = sum0;
    int i = 0;
    for (; i <= length - 2 * LANES; i += 2 * LANES) {
      FloatVector difference0 = FloatVector.fromArray(F, x, xOffset + i).sub(mean);
      FloatVector difference1 = FloatVector.fromArray(F, x, xOffset + i + LANES).sub(mean);
      sum0 = difference0.fma(difference0, sum0);
      sum1 = difference1.fma(difference1, sum1);
    }
    float sum = VectorTotals.of(sum0.add(sum1));
    for (; i < length; i++) {
      float difference = x[xOffset + i] - mean;
      sum = FusedMultiplyAdd.of(difference, difference, sum);
    }
    return sum;
  }

  /** {@code y = (x - shift) * scale * gain}. */
  private static void normalize(
      float[] x,
      int xOffset,
      int length,
      float shift,
      float scale,
      float[] gain,
      int gainOffset,
      float[] y,
      int yOffset) {
    int bound = F.loopBound(length);
    for (int i = 0; i < bound; i += LANES) {
      FloatVector gains = FloatVector.fromArray(F, gain, gainOffset + i);
      FloatVector value = FloatVector.fromArray(F, x, xOffset + i).sub(shift).mul(scale);
      value.mul(gains).intoArray(y, yOffset + i);
    }
    for (int i = bound; i < length; i++) {
      y[yOffset + i] = (x[xOffset + i] - shift) * scale * gain[gainOffset + i];
    }
  }

  @Override
  public void normalizerSteps(
      int heads, int tokens, int width, float[] keys, float[] queries, float[] steps) {
    for (int i = 0; i < heads * tokens; i++) {
      int at = i * width;
      int normalizer = 4 * heads * tokens + i / tokens * width;
      float input = steps[4 * i];
      float forget = steps[4 * i + 1];
      scale(input, keys, at, width);
      scale(forget, steps, normalizer, width);
      add(keys, at, width, steps, normalizer);
      steps[4 * i + 2] = dot(queries, at, steps, normalizer, width);
    }
  }

  private static float dot(float[] a, int aOffset, float[] b, int bOffset, int length) {
    FloatVector sum0 = FloatVector.zero(F);
    FloatVector sum1 = sum0;
    int i = 0;
    for (; i <= length - 2 * LANES; i += 2 * LANES) {
      FloatVector left = FloatVector.fromArray(F, a, aOffset + i);
      FloatVector right = FloatVector.fromArray(F, a, aOffset + i + LANES);
      sum0 = left.fma(FloatVector.fromArray(F, b, bOffset + i), sum0);
      sum1 = right.fma(FloatVector.fromArray(F, b, bOffset + i + LANES), sum1);
    }
    float sum = VectorTotals.of(sum0.add(sum1));
    for (; i < length; i++) {
      sum = FusedMultiplyAdd.of(a[aOffset + i], b[bOffset + i], sum);
    }
    return sum;
  }
}
