package org.xlstm4j.models.tirex2;

/**
 * How the values of a row's window are scaled before the network sees them: {@code z = arcsinh((x -
 * location) / scale)}, with the mean and the standard deviation of the values that are there.
 *
 * @param location mean; 0 if all values are missing
 * @param scale standard deviation, but no less than the model's epsilon; 1 if all are missing
 * @param isBinary whether all values are 0, 1 or missing, and stay as they are
 * @param arcsinh whether large values are drawn in
 */
record RowScaling(double location, double scale, boolean isBinary, boolean arcsinh) {
  /** Outputs are cut here before the hyperbolic sine. */
  private static final double LARGEST_OUTPUT = 20;

  /** The scaling of some values, among them NaN for missing ones. */
  static RowScaling of(float[] values, Tirex2Config.Scaler scaler) {
    double sum = 0;
    int present = 0;
    boolean binary = scaler.binaryAware();
    for (float value : values) {
      if (!Float.isNaN(value)) {
        sum += value;
        present++;
        binary &= value == 0 || value == 1;
      }
    }
    if (binary || present == 0) {
      return new RowScaling(0, 1, binary, scaler.arcsinh());
    }
    double location = sum / present;
    double squares = 0;
    for (float value : values) {
      if (!Float.isNaN(value)) {
        squares += (value - location) * (value - location);
      }
    }
    double scale = Math.max(Math.sqrt(squares / present), scaler.epsilon());
    return new RowScaling(location, scale, false, scaler.arcsinh());
  }

  /**
   * Writes a value of a patch as the network takes it: scaled, and whether it is there.
   *
   * @param value NaN if it is missing
   * @param patch how far behind the value its mark stands
   * @param target receives both
   * @param at where the value goes
   */
  void write(float value, int patch, float[] target, int at) {
    boolean present = !Float.isNaN(value);
    target[at] = present ? scaled(value) : 0;
    target[at + patch] = present ? 1 : 0;
  }

  private float scaled(float value) {
    if (isBinary) {
      return value;
    }
    double z = (value - location) / scale;
    return (float) (arcsinh ? arcsinh(z) : z);
  }

  private static double arcsinh(double x) {
    double size = Math.abs(x);
    double result = Math.log1p(size + size * size / (1 + Math.sqrt(1 + size * size)));
    return Math.copySign(result, x);
  }

  double restored(double output) {
    if (isBinary) {
      return output;
    }
    double z = output;
    if (arcsinh) {
      z = Math.sinh(Math.clamp(output, -LARGEST_OUTPUT, LARGEST_OUTPUT));
    }
    return z * scale + location;
  }
}
