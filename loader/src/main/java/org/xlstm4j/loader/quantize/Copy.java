package org.xlstm4j.loader.quantize;

import java.io.IOException;
import java.util.function.LongConsumer;
import org.xlstm4j.loader.SafetensorsWriter;
import org.xlstm4j.loader.tensors.Tensor;

/** A tensor that stays as it is. */
record Copy(Tensor tensor) implements TensorConversion {
  private static final long PIECE = 1 << 24;

  @Override
  public TensorReport write(SafetensorsWriter file, long done, LongConsumer progress)
      throws IOException {
    long size = tensor.data().byteSize();
    for (long at = 0; at < size; at += PIECE) {
      file.write(tensor.data().asSlice(at, Math.min(PIECE, size - at)).asByteBuffer());
    }
    progress.accept(done + tensor.elements());
    return new TensorReport(tensor.name(), tensor.type().name(), tensor.elements(), size, 0, 0);
  }
}
