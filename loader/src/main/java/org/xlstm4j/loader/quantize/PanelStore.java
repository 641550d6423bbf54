package org.xlstm4j.loader.quantize;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.xlstm4j.engine.weights.PanelLayout;

/** Puts scales and integers into a block of {@link PanelLayout}. */
final class PanelStore {
  static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private PanelStore() {}

  /** A row's scale word. */
  static void scale(MemorySegment panels, long block, int row, short word) {
    panels.set(SHORT, block + PanelLayout.scaleOffset(row), word);
  }

  /** A weight of a Q8 block, -128 to 127. */
  static void q8(MemorySegment panels, long block, int row, int column, int weight) {
    long at = block + PanelLayout.q8Offset(row, column);
    panels.set(ValueLayout.JAVA_BYTE, at, (byte) weight);
  }

  /** A weight of a Q4 block, 0 to 15; its neighbor in the byte stays. */
  static void q4(MemorySegment panels, long block, int row, int column, int weight) {
    long at = block + PanelLayout.q4Offset(row, column);
    int shift = PanelLayout.q4Shift(column);
    int others = panels.get(ValueLayout.JAVA_BYTE, at) & ~(15 << shift);
    panels.set(ValueLayout.JAVA_BYTE, at, (byte) (others | weight << shift));
  }
}
