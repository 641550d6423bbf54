package org.xlstm4j.loader.tensors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Bfloat16BitsTest {
  @Test
  void everyNumberKeepsItsBits() {
    int numbers = 0;
    for (int bits = Short.MIN_VALUE; bits <= Short.MAX_VALUE; bits++) {
      float value = Bfloat16Bits.toFloat((short) bits);
      if (!Float.isNaN(value)) {
        assertEquals((short) bits, Bfloat16Bits.nearest(value));
        numbers++;
      }
    }
    assertTrue(numbers > 65_000, () -> "too few numbers");
  }

  /** Steps between 1 and 2 are of 1/128. */
  @ParameterizedTest
  @CsvSource({
    "0x1.008p0, 0x1p0",
    "0x1.01p0, 0x1p0",
    "0x1.010002p0, 0x1.02p0",
    "0x1.03p0, 0x1.04p0",
    "0x1.02fffep0, 0x1.02p0",
    "-0x1.03p0, -0x1.04p0",
    "0x1.fffffep127, Infinity",
  })
  void roundsToTheNearestAndTiesToEven(String value, String expected) {
    short bits = Bfloat16Bits.nearest(Float.parseFloat(value));
    assertEquals(Float.parseFloat(expected), Bfloat16Bits.toFloat(bits));
  }
}
