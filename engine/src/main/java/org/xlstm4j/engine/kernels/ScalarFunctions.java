package org.xlstm4j.engine.kernels;

/**
 * Functions of single numbers, each by the steps of the vector kernels: what they are and how exact
 * is said there.
 */
public final class ScalarFunctions {
  /** Above this the result is infinite; below the negative bound it is no normal number. */
  public static final float EXP_MAX = 88.72284f;

  public static final float EXP_MIN = -87.33654f;
  public static final float LOG2_E = 1.4426950408889634f;
  public static final float LN2_HIGH = 0.693359375f;
  public static final float LN2_LOW = -2.12194440e-4f;

  /** Adding and subtracting it rounds a float of small magnitude to an integer. */
  public static final float ROUNDER = 0x1.8p23f;

  public static final float ROOT_OF_HALF = (float) Math.sqrt(0.5);

  private ScalarFunctions() {}

  public static float exp(float x) {
    if (!(x >= EXP_MIN)) {
      return x < EXP_MIN ? 0 : x;
    } else if (x > EXP_MAX) {
      return Float.POSITIVE_INFINITY;
    }
    float n = FusedMultiplyAdd.of(x, LOG2_E, ROUNDER) - ROUNDER;
    float r = FusedMultiplyAdd.of(n, -LN2_HIGH, x);
    r = FusedMultiplyAdd.of(n, -LN2_LOW, r);
    float p = 1.9875691500e-4f;
    p = FusedMultiplyAdd.of(p, r, 1.3981999507e-3f);
    p = FusedMultiplyAdd.of(p, r, 8.3334519073e-3f);
    p = FusedMultiplyAdd.of(p, r, 4.1665795894e-2f);
    p = FusedMultiplyAdd.of(p, r, 1.6666665459e-1f);
    p = FusedMultiplyAdd.of(p, r, 5.0000001201e-1f);
    p = FusedMultiplyAdd.of(p, r * r, r) + 1;
    int whole = (int) n;
    int half = whole >> 1;
    return p * powerOfTwo(half) * powerOfTwo(whole - half);
  }

  private static float powerOfTwo(int exponent) {
    return Float.intBitsToFloat((exponent + 127) << 23);
  }

  public static float sigmoid(float x) {
    float e = exp(-Math.abs(x));
    float numerator = x < 0 ? e : 1;
    float sum = e + 1;
    float lost = e - (sum - 1);
    float quotient = numerator / sum;
    float rest = FusedMultiplyAdd.of(-quotient, sum, numerator) - quotient * lost;
    return rest / sum + quotient;
  }

  public static float logSigmoid(float x) {
    float e = exp(-Math.abs(x));
    float sum = e + 2;
    float lost = e - (sum - 2);
    float s = e / sum;
    float rest = (FusedMultiplyAdd.of(-s, sum, e) - s * lost) / sum;
    float square = s * s;
    float p = 1 / 15f;
    p = FusedMultiplyAdd.of(p, square, 1 / 13f);
    p = FusedMultiplyAdd.of(p, square, 1 / 11f);
    p = FusedMultiplyAdd.of(p, square, 1 / 9f);
    p = FusedMultiplyAdd.of(p, square, 1 / 7f);
    p = FusedMultiplyAdd.of(p, square, 1 / 5f);
    p = FusedMultiplyAdd.of(p, square, 1 / 3f);
    float small = FusedMultiplyAdd.of(p * square, s, rest);
    float result = FusedMultiplyAdd.of(s, -2, Math.min(x, 0));
    return FusedMultiplyAdd.of(small, -2, result);
  }

  public static float tanh(float x) {
    if (Math.abs(x) < 0.625f) {
      float square = x * x;
      float p = -5.70498872745e-3f;
      p = FusedMultiplyAdd.of(p, square, 2.06390887954e-2f);
      p = FusedMultiplyAdd.of(p, square, -5.37397155531e-2f);
      p = FusedMultiplyAdd.of(p, square, 1.33314422036e-1f);
      p = FusedMultiplyAdd.of(p, square, -3.33332819422e-1f);
      return FusedMultiplyAdd.of(p * square, x, x);
    }
    float e = exp(-2 * Math.abs(x));
    float far = 1 - (e + e) / (e + 1);
    return x < 0 ? -far : far;
  }

  public static float silu(float x) {
    float e = exp(-Math.abs(x));
    float factor = x < 0 ? e : 1;
    float numerator = x * factor;
    float numeratorLost = FusedMultiplyAdd.of(x, factor, -numerator);
    float sum = e + 1;
    float lost = e - (sum - 1);
    float quotient = numerator / sum;
    float rest = FusedMultiplyAdd.of(-quotient, sum, numerator) - quotient * lost;
    return (rest + numeratorLost) / sum + quotient;
  }

  public static float gelu(float x) {
    float z = Math.abs(x) * ROOT_OF_HALF;
    float t = 1 / FusedMultiplyAdd.of(z, 0.5f, 1);
    int degree = ErrorFunction.degree();
    float fit = (float) ErrorFunction.coefficient(degree);
    for (int power = degree - 1; power >= 0; power--) {
      fit = FusedMultiplyAdd.of(fit, t, (float) ErrorFunction.coefficient(power));
    }
    float tail = exp(FusedMultiplyAdd.of(-z, z, fit)) * t * x * 0.5f;
    return x > 0 ? x - tail : tail;
  }
}
