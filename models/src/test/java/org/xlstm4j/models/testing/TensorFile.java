package org.xlstm4j.models.testing;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.SafetensorsWriter;
import org.xlstm4j.loader.tensors.Tensor;
import org.xlstm4j.loader.tensors.TensorType;
import org.xlstm4j.models.NamedTensor;

/** Files of tensors made for a test. */
public final class TensorFile {
  private TensorFile() {}

  /** Writes tensors of 32-bit floats. */
  public static Path write(Path file, List<NamedTensor> tensors) throws IOException {
    return write(file, tensors, Map.of());
  }

  /** Writes tensors of 32-bit floats, and of one integer each. */
  public static Path write(Path file, List<NamedTensor> tensors, Map<String, Long> integers)
      throws IOException {
    List<SafetensorsWriter.Entry> entries = new ArrayList<>();
    for (String name : integers.keySet()) {
      entries.add(new SafetensorsWriter.Entry(name, TensorType.I64, List.of(1L)));
    }
    for (NamedTensor tensor : tensors) {
      entries.add(new SafetensorsWriter.Entry(tensor.name(), TensorType.F32, tensor.shape()));
    }
    try (SafetensorsWriter writer = new SafetensorsWriter(file, entries, Map.of())) {
      for (long integer : integers.values()) {
        ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        writer.write(bytes.putLong(integer).flip());
      }
      for (NamedTensor tensor : tensors) {
        writer.write(tensor.values());
      }
      writer.finish();
    }
    return file;
  }

  /** Writes the tensors of a file with some changed. */
  public static Path change(Path source, Path target, Consumer<Map<String, NamedTensor>> change)
      throws IOException {
    Map<String, NamedTensor> tensors = new LinkedHashMap<>();
    try (Checkpoint checkpoint = Checkpoint.open(source)) {
      for (Tensor tensor : checkpoint) {
        tensors.put(
            tensor.name(), NamedTensor.of(tensor.name(), tensor.toFloats(), tensor.dimensions()));
      }
    }
    change.accept(tensors);
    return write(target, List.copyOf(tensors.values()));
  }
}
