package org.xlstm4j.cli;

import java.util.Locale;
import java.util.Random;

/** Files of made series: a row each, its kind or its amplitude in front. */
final class Waves {
  static final int LENGTH = 160;
  private static final String[] KINDS = {"sine", "square", "saw"};

  private Waves() {}

  /** Three kinds of waves of many frequencies, with noise. */
  static String kinds(int rows, long seed) {
    Random random = new Random(seed);
    StringBuilder csv = new StringBuilder();
    for (int i = 0; i < rows; i++) {
      csv.append(KINDS[i % 3]);
      append(csv, random, i % 3, 1);
    }
    return csv.toString();
  }

  /** Noise on a wave, the noise's size in front. */
  static String noises(int rows, long seed) {
    Random random = new Random(seed);
    StringBuilder csv = new StringBuilder("size");
    for (int t = 0; t < LENGTH; t++) {
      csv.append(",v").append(t);
    }
    csv.append('\n');
    for (int i = 0; i < rows; i++) {
      double size = random.nextDouble(0.05, 1);
      csv.append(String.format(Locale.ROOT, "%.4f", size));
      append(csv, random, 0, 20 * size);
    }
    return csv.toString();
  }

  private static void append(StringBuilder csv, Random random, int kind, double noise) {
    double frequency = random.nextDouble(0.03, 0.08);
    double phase = random.nextDouble();
    for (int t = 0; t < LENGTH; t++) {
      double turn = (frequency * t + phase) % 1;
      double value =
          switch (kind) {
            case 0 -> Math.sin(2 * Math.PI * turn);
            case 1 -> turn < 0.5 ? 1 : -1;
            default -> 2 * turn - 1;
          };
      csv.append(String.format(Locale.ROOT, ",%.4f", value + 0.05 * noise * random.nextGaussian()));
    }
    csv.append('\n');
  }
}
