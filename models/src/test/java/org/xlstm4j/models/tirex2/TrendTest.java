package org.xlstm4j.models.tirex2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** The running sums decide as a line fitted to all values does. */
class TrendTest {
  /** The test as it is stated: standardized values, a line by least squares, its slope and fit. */
  private static boolean stated(float[] series) {
    double mean = 0;
    double middle = 0;
    int count = 0;
    for (int t = 0; t < series.length; t++) {
      if (!Float.isNaN(series[t])) {
        mean += series[t];
        middle += t;
        count++;
      }
    }
    if (count < 4) {
      return false;
    }
    mean /= count;
    middle /= count;
    double squares = 0;
    double times = 0;
    double products = 0;
    for (int t = 0; t < series.length; t++) {
      if (!Float.isNaN(series[t])) {
        squares += (series[t] - mean) * (series[t] - mean);
        times += (t - middle) * (t - middle);
        products += (t - middle) * (series[t] - mean);
      }
    }
    double deviation = Math.sqrt(squares / (count - 1));
    if (deviation < 1e-12) {
      return false;
    }
    double slope = products / times / deviation;
    double rest = 0;
    for (int t = 0; t < series.length; t++) {
      if (!Float.isNaN(series[t])) {
        double difference = (series[t] - mean) / deviation - slope * (t - middle);
        rest += difference * difference;
      }
    }
    double fit = 1 - rest / (squares / deviation / deviation);
    return Math.abs(slope) * series.length >= 1.5 && fit >= 0.87;
  }

  @Test
  void decidesAsStated() {
    Random random = new Random(1);
    int there = 0;
    for (int round = 0; round < 2000; round++) {
      float[] series = new float[1 + random.nextInt(80)];
      double slope = random.nextGaussian();
      double noise = random.nextDouble() * series.length * 0.3;
      double offset = random.nextInt(3) * 1e5;
      double missing = random.nextInt(2) * 0.5;
      for (int t = 0; t < series.length; t++) {
        boolean absent = random.nextDouble() < missing;
        double value = offset + slope * t + noise * random.nextGaussian();
        series[t] = absent ? Float.NaN : (float) value;
      }
      boolean expected = stated(series);
      there += expected ? 1 : 0;
      assertEquals(expected, Trend.of(series).isThere(), "series " + round);
    }
    assertTrue(there > 200 && there < 1800, "trends: " + there);
  }

  @Test
  void equalValuesAndFewValuesHaveNone() {
    assertFalse(Trend.of(new float[] {0.1f, 0.1f, 0.1f, 0.1f, 0.1f}).isThere());
    assertFalse(Trend.of(new float[] {1, 2, Float.NaN, 3}).isThere());
    assertTrue(Trend.of(new float[] {1, 2, Float.NaN, 3, 4}).isThere());
    assertFalse(Trend.of(new float[0]).isThere());
  }
}
