package org.xlstm4j.models.embedding;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Statistics by hand; the golden cases have those of the original. */
class SeriesStatisticsTest {
  private static final float NO = Float.NaN;

  @ParameterizedTest
  @CsvSource({"1, 1, 4", "1, 7, 28", "1, 8, 32", "2, 256, 64", "1, 43, 36", "3, 15, 180"})
  void counts(int variates, int length, int expected) {
    assertEquals(expected, SeriesStatistics.count(variates, length));
  }

  /** Length 17: eight patches of two values, and one value that has no deviation. */
  @Test
  void featuresOfPatches() {
    float[] first = {1, 3, NO, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4};
    float[] second = {3, 7, 2, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 6};
    SeriesStatistics statistics =
        SeriesStatistics.of(List.of(new float[][] {first}, new float[][] {second}));
    double[] means = new double[36];
    double[] deviations = new double[36];
    // patch 0: means 2 and 5, deviations 1 and 2, maxima 3 and 7, minima 1 and 3
    set(means, 0, 3.5, 1.5, 5, 2);
    set(deviations, 0, 1.5, 0.5, 2, 1);
    // patch 1: 5 alone, and 2 twice; the deviation is 0 in both
    set(means, 4, 3.5, 0, 3.5, 3.5);
    set(deviations, 4, 1.5, 0, 1.5, 1.5);
    set(means, 32, 5, 0, 5, 5);
    set(deviations, 32, 1, 0, 1, 1);
    assertArrayEquals(means, statistics.means(), 1e-12);
    assertArrayEquals(deviations, statistics.deviations(), 1e-12);
  }

  private static void set(double[] target, int first, double... values) {
    System.arraycopy(values, 0, target, first, values.length);
  }

  /** A full patch without a value spoils its maximum and minimum for all series. */
  @Test
  void patchesWithoutAValue() {
    float[] nothing = {NO, 2, 3, 4, 5, 6, 7, 8};
    float[] other = {1, 2, 3, 4, 5, 6, 7, 9};
    SeriesStatistics statistics =
        SeriesStatistics.of(List.of(new float[][] {nothing}, new float[][] {other}));
    double[] deviations = new double[32];
    // of the first patch the mean is that of one series; of the last 8 and 9
    set(deviations, 28, 0.5, 0, 0.5, 0.5);
    assertArrayEquals(deviations, statistics.deviations(), 1e-12);
    float[] relative = new float[34];
    statistics.relative(new float[][] {nothing}, relative, 1);
    // three features are -1, the others 0: the mean is -3/32, the variance (3 - 9/32) / 31
    double mean = -3 / 32.0;
    double deviation = Math.sqrt((3 - 9 / 32.0) / 31);
    assertEquals(0, relative[0]);
    assertEquals(0, relative[33]);
    assertEquals(-mean / deviation, relative[1], 1e-6);
    assertEquals((-1 - mean) / deviation, relative[29], 1e-6);
    assertEquals(-mean / deviation, relative[30], 1e-6);
  }

  @Test
  void oneSeriesAloneTellsNothing() {
    float[][] series = {{1, 5, 2, 8, 3, 3, 1, 0, 7}};
    SeriesStatistics statistics = SeriesStatistics.of(Collections.singletonList(series));
    float[] relative = new float[statistics.count()];
    statistics.relative(series, relative, 0);
    assertArrayEquals(new float[statistics.count()], relative);
  }

  @Test
  void statisticsThatAreNone() {
    double[] one = {1};
    assertThrows(
        IllegalArgumentException.class, () -> new SeriesStatistics(one, new double[] {-1}));
    assertThrows(
        IllegalArgumentException.class, () -> new SeriesStatistics(one, new double[] {Double.NaN}));
    assertThrows(
        IllegalArgumentException.class, () -> new SeriesStatistics(new double[] {1 / 0.0}, one));
    assertThrows(
        IllegalArgumentException.class, () -> new SeriesStatistics(one, new double[] {1, 1}));
  }
}
