package org.xlstm4j.loader.quantize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.xlstm4j.engine.WeightType;
import org.xlstm4j.engine.weights.Matrix;

class PanelQuantizerTest {
  private static final int ROWS = 64;

  private static float[] normal(int count, long seed) {
    Random random = new Random(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (0.02 * random.nextGaussian());
    }
    return values;
  }

  /** What the panels stand for, read back by the engine. */
  private static float[] quantized(
      PanelQuantizer quantizer, WeightType type, float[] rows, int count, int columns) {
    long bytes = quantizer.panelBytes();
    MemorySegment panels = Arena.ofAuto().allocate(bytes * ((count + 31) / 32), 64);
    for (int row = 0; row < count; row += 32) {
      int end = Math.min(row + 32, count);
      float[] part = Arrays.copyOfRange(rows, row * columns, end * columns);
      quantizer.quantize(part, end - row, panels.asSlice(row / 32 * bytes, bytes));
    }
    Matrix matrix = Matrix.of(type, panels, count, columns);
    float[] back = new float[count * columns];
    for (int row = 0; row < count; row++) {
      matrix.copyRow(row, back, row * columns);
    }
    return back;
  }

  private static double relativeError(float[] exact, float[] rounded, float[] importance) {
    double error = 0;
    double sum = 0;
    for (int i = 0; i < exact.length; i++) {
      double count = importance[i % importance.length];
      error += count * Math.pow(exact[i] - rounded[i], 2);
      sum += count * Math.pow(exact[i], 2);
    }
    return Math.sqrt(error / sum);
  }

  @ParameterizedTest
  @CsvSource({"Q8,64,512,0.0054", "Q4,64,512,0.0725", "Q8,5,33,0.0056", "Q4,61,300,0.0735"})
  void normalWeightsComeBackWithinTheErrorOfTheirBits(
      WeightType type, int count, int columns, double bound) {
    float[] rows = normal(count * columns, 1);
    PanelQuantizer quantizer = PanelQuantizer.searching(type, columns);
    float[] back = quantized(quantizer, type, rows, count, columns);
    double error = relativeError(rows, back, new float[] {1});
    assertTrue(error < bound, "relative error " + error);
    assertEquals(error, Math.sqrt(quantizer.squaredError() / quantizer.squaredSum()), 1e-5);
  }

  @Test
  void searchingBeatsTheNearest() {
    float[] rows = normal(ROWS * 256, 2);
    PanelQuantizer searching = PanelQuantizer.searching(WeightType.Q4, 256);
    PanelQuantizer nearest = PanelQuantizer.nearest(WeightType.Q4, 256);
    quantized(searching, WeightType.Q4, rows, ROWS, 256);
    quantized(nearest, WeightType.Q4, rows, ROWS, 256);
    assertTrue(searching.squaredError() < 0.85 * nearest.squaredError());
  }

  @Test
  void columnsThatMatterGetTheSmallerErrors() {
    int columns = 64;
    float[] importance = new float[columns];
    for (int i = 0; i < columns; i++) {
      importance[i] = i % 4 == 0 ? 100 : 1;
    }
    float[] rows = normal(ROWS * columns, 3);
    WeightType type = WeightType.Q4;
    float[] even = quantized(PanelQuantizer.searching(type, columns), type, rows, ROWS, columns);
    float[] weighted =
        quantized(PanelQuantizer.weighted(type, importance), type, rows, ROWS, columns);
    assertTrue(
        relativeError(rows, weighted, importance) < 0.8 * relativeError(rows, even, importance));
  }

  @ParameterizedTest
  @EnumSource(
      value = WeightType.class,
      names = {"Q8", "Q4"})
  void zerosStayZerosAndGridValuesStayExact(WeightType type) {
    float[] rows = new float[ROWS * 32];
    for (int i = 32; i < rows.length; i++) {
      rows[i] = (i % 16 - 8) * 0.25f;
    }
    float[] back = quantized(PanelQuantizer.searching(type, 32), type, rows, ROWS, 32);
    if (type == WeightType.Q4) {
      assertArrayEquals(rows, back);
    } else {
      assertArrayEquals(rows, back, 0.004f);
    }
    for (int i = 0; i < 32; i++) {
      assertEquals(0, back[i]);
    }
  }

  @ParameterizedTest
  @CsvSource({"1e-30", "1e-7", "1e3", "1e30"})
  void weightsOfAnySizeBecomeFiniteWeights(float size) {
    float[] rows = normal(ROWS * 32, 4);
    for (int i = 0; i < rows.length; i++) {
      rows[i] *= size;
    }
    for (WeightType type : new WeightType[] {WeightType.Q8, WeightType.Q4}) {
      for (float value : quantized(PanelQuantizer.searching(type, 32), type, rows, ROWS, 32)) {
        assertTrue(Float.isFinite(value));
      }
    }
  }

  @Test
  void refusesWhatItCannotUse() {
    assertThrows(
        IllegalArgumentException.class, () -> PanelQuantizer.searching(WeightType.F32, 32));
    assertThrows(
        IllegalArgumentException.class,
        () -> PanelQuantizer.weighted(WeightType.Q4, new float[] {1, Float.NaN}));
  }
}
