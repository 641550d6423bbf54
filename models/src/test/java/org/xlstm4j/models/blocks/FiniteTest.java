package org.xlstm4j.models.blocks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FiniteTest {
  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void refusesWhatIsNotFiniteWhereverItIs(float value) {
    for (int place = 0; place < 40; place++) {
      float[] values = new float[50];
      values[3] = -Float.MAX_VALUE;
      values[5 + place] = value;
      IllegalStateException refusal =
          assertThrows(IllegalStateException.class, () -> Finite.require("scores", values, 5, 40));
      String shown = Float.isNaN(value) ? "NaN" : "Infinity";
      assertEquals(
          "the model's scores are " + shown + ": its weights or its state are damaged",
          refusal.getMessage());
      Finite.require("scores", values, 0, 5 + place);
      Finite.require("scores", values, 6 + place, 44 - place);
    }
  }
}
