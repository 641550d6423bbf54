package org.xlstm4j.loader.quantize;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.loader.tensors.Tensor;

/** The weights of a tensor as floats, piece by piece. Thread-safe. */
final class WeightRows {
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Tensor tensor;
  private final int columns;

  /** Rows of so many columns. */
  WeightRows(Tensor tensor, int columns) {
    this.tensor = tensor;
    this.columns = columns;
  }

  /**
   * Reads some rows.
   *
   * @throws ModelFormatException if a weight is not finite, or the elements are no floats
   */
  void read(long firstRow, int count, float[] rows) throws ModelFormatException {
    MemorySegment data = tensor.data();
    long first = firstRow * columns;
    int length = count * columns;
    switch (tensor.type()) {
      case F32 -> MemorySegment.copy(data, FLOAT, Float.BYTES * first, rows, 0, length);
      case BF16 -> {
        for (int i = 0; i < length; i++) {
          rows[i] = Float.intBitsToFloat(data.get(SHORT, Short.BYTES * (first + i)) << 16);
        }
      }
      case F16 -> {
        for (int i = 0; i < length; i++) {
          rows[i] = Float.float16ToFloat(data.get(SHORT, Short.BYTES * (first + i)));
        }
      }
      default -> throw refused("F32, BF16 or F16", tensor.type().name());
    }
    for (int i = 0; i < length; i++) {
      if (!Float.isFinite(rows[i])) {
        throw refused("finite weights", rows[i] + " in row " + (firstRow + i / columns));
      }
    }
  }

  private ModelFormatException refused(String expected, String found) {
    return ModelFormatException.of(tensor.file(), "tensor " + tensor.name(), expected, found);
  }
}
