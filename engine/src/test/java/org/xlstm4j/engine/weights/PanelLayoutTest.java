package org.xlstm4j.engine.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xlstm4j.engine.WeightType;

/** Scale words, places of weights, and sizes. */
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
  void everyScaleAndWeightHasAPlaceOfItsOwn() {
    BitSet q8 = new BitSet();
    BitSet q4 = new BitSet();
    for (int row = 0; row < PanelLayout.ROWS; row++) {
      int scale = 8 * PanelLayout.scaleOffset(row);
      q8.set(scale, scale + 16);
      q4.set(scale, scale + 16);
      for (int column = 0; column < PanelLayout.COLUMNS; column++) {
        int eight = 8 * PanelLayout.q8Offset(row, column);
        q8.set(eight, eight + 8);
        int four = 8 * PanelLayout.q4Offset(row, column) + PanelLayout.q4Shift(column);
        q4.set(four, four + 4);
      }
    }
    int q8Bits = 8 * PanelLayout.blockBytes(WeightType.Q8);
    assertEquals(q8Bits, q8.cardinality());
    assertEquals(q8Bits, q8.length());
    int q4Bits = 8 * PanelLayout.blockBytes(WeightType.Q4);
    assertEquals(q4Bits, q4.cardinality());
    assertEquals(q4Bits, q4.length());
  }

  @Test
  void bitsAWeight() {
    double weights = 32 * 32;
    assertEquals(8.5, 8 * PanelLayout.byteSize(WeightType.Q8, 32, 32) / weights);
    assertEquals(4.5, 8 * PanelLayout.byteSize(WeightType.Q4, 32, 32) / weights);
    assertEquals(3 * 3 * 576, PanelLayout.byteSize(WeightType.Q4, 65, 65));
    assertThrows(
        IllegalArgumentException.class, () -> PanelLayout.byteSize(WeightType.F32, 32, 32));
  }
}
