package org.xlstm4j.engine.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import org.xlstm4j.engine.WeightType;

/** The worked example of docs/format.md. */
class FormatExampleTest {
  @Test
  void theExampleIsReadAsItIsWritten() {
    long size = PanelLayout.byteSize(WeightType.Q4, 128, 96);
    MemorySegment data = Arena.ofAuto().allocate(size, 64);
    data.set(ValueLayout.JAVA_SHORT, 4044, (short) 0x8A1F);
    data.set(ValueLayout.JAVA_BYTE, 4121, (byte) 0xC7);
    float[] row = new float[96];
    Matrix.of(WeightType.Q4, data, 128, 96).copyRow(70, row, 0);
    assertEquals(0.04150390625f, row[37]);
  }
}
