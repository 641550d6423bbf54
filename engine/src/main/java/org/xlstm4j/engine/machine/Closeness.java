package org.xlstm4j.engine.machine;

/** What checks at start compute with, and how they compare. */
final class Closeness {
  private static final float ROUNDING = 1e-5f;

  private Closeness() {}

  /** Different numbers of few bits around a start. */
  static float[] ramp(int length, float start) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = start + (i * 13 % 17 - 8) / 16f;
    }
    return values;
  }

  static float[] joined(float[]... parts) {
    int length = 0;
    for (float[] part : parts) {
      length += part.length;
    }
    float[] all = new float[length];
    int at = 0;
    for (float[] part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return all;
  }

  /** Whether numbers differ by rounding only; none is close to what is no number. */
  static boolean areClose(float[] wanted, float[] found) {
    for (int i = 0; i < wanted.length; i++) {
      if (!(Math.abs(wanted[i] - found[i]) <= ROUNDING * (1 + Math.abs(wanted[i])))) {
        return false;
      }
    }
    return true;
  }
}
