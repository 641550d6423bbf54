package org.xlstm4j.engine.layers;

/** Checks of the arrays that layers are made of. */
final class Lengths {
  private Lengths() {}

  /** The values, if they are as many as expected, or none at all. */
  static float[] checked(String what, float[] values, int expected) {
    if (values.length != 0 && values.length != expected) {
      throw new IllegalArgumentException(values.length + " " + what + ", not " + expected);
    }
    return values;
  }
}
