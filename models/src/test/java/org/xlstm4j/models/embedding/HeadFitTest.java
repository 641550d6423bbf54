package org.xlstm4j.models.embedding;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Fits that can be done by hand, and those of {@code bench/reference/linear_heads.py}. */
class HeadFitTest {
  private static final OptionalDouble PENALTY = OptionalDouble.of(0.7);

  /** As the script makes them: from -1 to 1. */
  private static float[] numbers(int count, long seed) {
    float[] numbers = new float[count];
    long state = seed;
    for (int i = 0; i < count; i++) {
      state = (state * 1103515245 + 12345) & Integer.MAX_VALUE;
      numbers[i] = (float) (state / (double) (1 << 30) - 1);
    }
    return numbers;
  }

  private static List<float[]> rows(int rows, int features) {
    float[] all = numbers(rows * features, 1);
    List<float[]> list = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      list.add(Arrays.copyOfRange(all, i * features, (i + 1) * features));
    }
    return list;
  }

  private static double[] values(List<float[]> rows) {
    float[] noise = numbers(rows.size(), 2);
    double[] values = new double[rows.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = rows.get(i)[0] * 2.0 - rows.get(i)[1] + 0.3f * noise[i] + 5;
    }
    return values;
  }

  private static int[] classes(List<float[]> rows) {
    float[] noise = numbers(3 * rows.size(), 5);
    int[] classes = new int[rows.size()];
    for (int i = 0; i < classes.length; i++) {
      float[] row = rows.get(i);
      double[] scores = {row[0], row[1], 0.2 + row[2]};
      for (int c = 0; c < 3; c++) {
        scores[c] += 1.2f * noise[3 * i + c];
        classes[i] = scores[c] > scores[classes[i]] ? c : classes[i];
      }
    }
    return classes;
  }

  /** By hand: x = -1, 0, 1 less their mean, y = 1, 2, 6: w = (-1 * 1 + 1 * 6) / (2 + penalty). */
  @Test
  void ridgeByHand() {
    List<float[]> rows = List.of(new float[] {9}, new float[] {10}, new float[] {11});
    HeadFit fit = HeadFit.ofValues(rows, new double[] {1, 2, 6}, OptionalDouble.of(0.5));
    assertArrayEquals(new float[] {2}, fit.weight(), 1e-6f);
    assertArrayEquals(new float[] {3 - 20}, fit.bias(), 1e-5f);
    // errors 0, -1, 1 of a variance of 14
    assertEquals(1 - 2 / 14.0, fit.trained(), 1e-12);
    HeadFit exact = HeadFit.ofValues(rows, new double[] {1, 2, 3}, OptionalDouble.of(0));
    assertArrayEquals(new float[] {1}, exact.weight(), 1e-6f);
    assertEquals(1, exact.validated(), 1e-9);
  }

  @ParameterizedTest
  @CsvSource({
    "30, 6, 1.83998285 -0.8436402 0.0215103922, 5.00014409, 0.974334077, 0.954567052",
    "12, 40, 0.53471489 -0.0575682164 -0.0738295326, 5.16041598, 0.995246913, 0.045710589"
  })
  void ridgeAsByScikitLearn(
      int count, int features, String weights, float bias, double trained, double validated) {
    List<float[]> rows = rows(count, features);
    HeadFit fit = HeadFit.ofValues(rows, values(rows), PENALTY);
    assertArrayEquals(floats(weights), Arrays.copyOf(fit.weight(), 3), 2e-6f);
    assertArrayEquals(new float[] {bias}, fit.bias(), 2e-6f);
    assertEquals(trained, fit.trained(), 1e-6);
    assertEquals(validated, fit.validated(), 2e-6);
  }

  @ParameterizedTest
  @CsvSource({
    "30, 6, 0.925879046 -0.932001066 -0.840127355 -0.198373945 1.76721732 -0.62863331"
        + " -0.727505101 -0.83521625 1.46876067, 0.312162404 -0.392688001 0.0805255971, 25",
    "12, 40, 0.321071576 -0.0363935172 -0.127155753 -0.0238134901 0.0625782003 -0.22373963"
        + " -0.297258086 -0.026184683 0.350895382, 1.01129424 -1.61605256 0.60475832, 12"
  })
  void logisticAsByScikitLearn(
      int count, int features, String weights, String biases, double right) {
    List<float[]> rows = rows(count, features);
    HeadFit fit = HeadFit.ofClasses(rows, classes(rows), 3, PENALTY);
    float[] expected = floats(weights);
    for (int c = 0; c < 3; c++) {
      int from = c * features;
      assertArrayEquals(
          Arrays.copyOfRange(expected, 3 * c, 3 * c + 3),
          Arrays.copyOfRange(fit.weight(), from, from + 3),
          2e-6f);
    }
    float mean = (fit.bias()[0] + fit.bias()[1] + fit.bias()[2]) / 3;
    for (int c = 0; c < 3; c++) {
      assertEquals(floats(biases)[c], fit.bias()[c] - mean, 5e-6f);
    }
    assertEquals(right / count, fit.trained(), 1e-12);
  }

  private static float[] floats(String text) {
    String[] parts = text.split(" ", -1);
    float[] floats = new float[parts.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = Float.parseFloat(parts[i]);
    }
    return floats;
  }

  /** More features than rows or fewer: the same fit, since columns of zeros tell nothing. */
  @Test
  void theSpanOfTheRowsIsEnough() {
    List<float[]> few = rows(24, 5);
    List<float[]> many = few.stream().map(row -> Arrays.copyOf(row, 300)).toList();
    HeadFit narrow = HeadFit.ofClasses(few, classes(few), 3, PENALTY);
    HeadFit wide = HeadFit.ofClasses(many, classes(few), 3, PENALTY);
    for (int c = 0; c < 3; c++) {
      assertArrayEquals(
          Arrays.copyOfRange(narrow.weight(), c * 5, c * 5 + 5),
          Arrays.copyOfRange(wide.weight(), c * 300, c * 300 + 5),
          1e-5f);
      assertArrayEquals(
          new float[295], Arrays.copyOfRange(wide.weight(), c * 300 + 5, (c + 1) * 300), 0);
    }
    assertEquals(narrow.validated(), wide.validated(), 0);
    HeadFit ridge = HeadFit.ofValues(few, values(few), PENALTY);
    HeadFit wideRidge = HeadFit.ofValues(many, values(few), PENALTY);
    assertArrayEquals(ridge.weight(), Arrays.copyOf(wideRidge.weight(), 5), 1e-5f);
    assertEquals(ridge.validated(), wideRidge.validated(), 1e-6);
  }

  /** The penalty is that of the best validation: little where there is no noise, much for noise. */
  @Test
  void penaltiesAreChosenByWhatIsLeftOut() {
    List<float[]> rows = rows(60, 8);
    double[] clean = new double[60];
    int[] bySign = new int[60];
    for (int i = 0; i < 60; i++) {
      clean[i] = 3 * rows.get(i)[2] + 1;
      bySign[i] = rows.get(i)[2] > 0 ? 1 : 0;
    }
    HeadFit ofClean = HeadFit.ofValues(rows, clean, OptionalDouble.empty());
    assertTrue(ofClean.validated() > 0.999999, "R2 " + ofClean.validated());
    assertEquals(3, ofClean.weight()[2], 1e-3);
    float[] noise = numbers(60, 77);
    double[] noisy = new double[60];
    for (int i = 0; i < 60; i++) {
      noisy[i] = noise[i];
    }
    HeadFit ofNoise = HeadFit.ofValues(rows, noisy, OptionalDouble.empty());
    assertTrue(ofNoise.penalty() > 1e3 * ofClean.penalty(), ofNoise + " and " + ofClean);
    HeadFit ofSigns = HeadFit.ofClasses(rows, bySign, 2, OptionalDouble.empty());
    assertTrue(ofSigns.validated() > 0.9, "accuracy " + ofSigns.validated());
    assertEquals(1, ofSigns.trained(), 0);
  }

  @Test
  void fitsAreTheSameAtEveryRun() {
    List<float[]> rows = rows(20, 50);
    HeadFit first = HeadFit.ofClasses(rows, classes(rows), 3, OptionalDouble.empty());
    HeadFit second = HeadFit.ofClasses(rows, classes(rows), 3, OptionalDouble.empty());
    assertArrayEquals(first.weight(), second.weight(), 0);
    assertArrayEquals(first.bias(), second.bias(), 0);
    assertEquals(first.penalty(), second.penalty(), 0);
  }

  /** Embeddings that are all the same, and classes of one row, leave nothing to divide by. */
  @Test
  void rowsThatTellNothing() {
    List<float[]> same = List.of(new float[9], new float[9], new float[9], new float[9]);
    HeadFit values = HeadFit.ofValues(same, new double[] {1, 2, 3, 6}, OptionalDouble.of(1));
    assertArrayEquals(new float[9], values.weight(), 0);
    assertArrayEquals(new float[] {3}, values.bias(), 0);
    HeadFit classes = HeadFit.ofClasses(same, new int[] {0, 1, 1, 1}, 2, OptionalDouble.of(1));
    assertEquals(0.75, classes.trained(), 0);
    float[] probabilities = LinearHead.probabilities(classes.bias());
    assertArrayEquals(new float[] {0.25f, 0.75f}, probabilities, 1e-4f);
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1, Double.NaN, Double.POSITIVE_INFINITY})
  void whatCannotBeFitted(double penalty) {
    List<float[]> rows = rows(4, 2);
    assertThrows(
        IllegalArgumentException.class,
        () -> HeadFit.ofValues(rows, new double[4], OptionalDouble.of(penalty)));
    assertThrows(
        IllegalArgumentException.class,
        () -> HeadFit.ofValues(rows, new double[3], OptionalDouble.empty()));
    assertThrows(
        IllegalArgumentException.class,
        () -> HeadFit.ofClasses(rows, new int[] {0, 1, 2, 0}, 2, OptionalDouble.empty()));
  }
}
