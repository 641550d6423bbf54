package org.xlstm4j.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scale words, places of rows, and sizes. */
class PanelLayoutTest {
  @Test
  void everyScaleWordIsFiniteAndComesBack() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      short word = (short) bits;
      float scale = PanelLayout.q8Scale(word);
      assertTrue(scale > 0 && Float.isFinite(scale));
      assertEquals(word, PanelLayout.q8Word(scale));
      float coarse = PanelLayout.q4Scale(word);
      assertTrue(coarse > 0 && Float.isFinite(coarse));
      assertEquals(word, PanelLayout.q4Word(coarse, bits & 63));
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {1e-6f, 0.00123f, 0.5f, 0.99999f, 1, 3.3f, 77.7f, 250})
  void scalesAreRoundedToTheNearest(float scale) {
    assertEquals(scale, PanelLayout.q8Scale(PanelLayout.q8Word(scale)), scale / 4096);
    assertEquals(scale, PanelLayout.q4Scale(PanelLayout.q4Word(scale, 9)), scale / 64);
  }

  @ParameterizedTest
  @ValueSource(floats = {0, -1, 1e-20f, Float.NaN})
  void whatIsTooSmallBecomesTheSmallestScale(float scale) {
    assertEquals(0x1p-24f, PanelLayout.q8Scale(PanelLayout.q8Word(scale)));
    assertEquals(0x1p-24f, PanelLayout.q4Scale(PanelLayout.q4Word(scale, 0)));
  }

  @Test
  void whatIsTooLargeBecomesTheLargestScale() {
    for (float scale : new float[] {256, 1e30f, Float.POSITIVE_INFINITY}) {
      assertEquals(256, PanelLayout.q8Scale(PanelLayout.q8Word(scale)), 0.1f);
      assertEquals(256, PanelLayout.q4Scale(PanelLayout.q4Word(scale, 63)), 4);
    }
  }

  @Test
  void everyRowHasALaneOfItsOwn() {
    BitSet lanes = new BitSet();
    for (int row = 0; row < PanelLayout.ROWS; row++) {
      lanes.set(PanelLayout.lane(row));
    }
    assertEquals(PanelLayout.ROWS, lanes.cardinality());
    assertEquals(PanelLayout.ROWS, lanes.length());
  }

  @Test
  void bitsAWeight() {
    double weights = 64 * 32;
    assertEquals(8.5, 8 * PanelLayout.byteSize(WeightType.Q8, 64, 32) / weights);
    assertEquals(4.5, 8 * PanelLayout.byteSize(WeightType.Q4, 64, 32) / weights);
    assertEquals(2 * 3 * 1152, PanelLayout.byteSize(WeightType.Q4, 65, 65));
    assertThrows(
        IllegalArgumentException.class, () -> PanelLayout.byteSize(WeightType.F32, 64, 32));
  }
}
