package org.xlstm4j.loader.quantize;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.LongConsumer;
import org.xlstm4j.loader.SafetensorsWriter;
import org.xlstm4j.loader.tensors.Bfloat16Bits;
import org.xlstm4j.loader.tensors.Tensor;
import org.xlstm4j.loader.tensors.TensorType;

/** Floats rounded to the nearest bfloat16, ties to even. */
record HalvesConversion(Tensor tensor) implements TensorConversion {
  private static final int PIECE = 1 << 20;

  @Override
  public TensorReport write(SafetensorsWriter file, long done, LongConsumer progress)
      throws IOException {
    WeightRows weights = new WeightRows(tensor, 1);
    float[] values = new float[PIECE];
    ByteBuffer halves = ByteBuffer.allocate(2 * PIECE).order(ByteOrder.LITTLE_ENDIAN);
    double squaredError = 0;
    double squaredSum = 0;
    for (long first = 0; first < tensor.elements(); first += PIECE) {
      int count = (int) Math.min(PIECE, tensor.elements() - first);
      weights.read(first, count, values);
      halves.clear();
      for (int i = 0; i < count; i++) {
        short half = Bfloat16Bits.nearest(values[i]);
        halves.putShort(half);
        double difference = values[i] - Bfloat16Bits.toFloat(half);
        squaredError += difference * difference;
        squaredSum += (double) values[i] * values[i];
      }
      file.write(halves.flip());
      progress.accept(done + first + count);
    }
    return new TensorReport(
        tensor.name(),
        TensorType.BF16.name(),
        tensor.elements(),
        2 * tensor.elements(),
        squaredError,
        squaredSum);
  }
}
