package org.xlstm4j.models.testing;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.StringJoiner;
import org.xlstm4j.loader.Tensor;

/** Writes tensors of other files under new names, to make variants of golden checkpoints. */
public final class TensorFile {
  private TensorFile() {}

  /** Writes a safetensors file with the given tensors, by their new names. */
  public static void write(Path file, Map<String, Tensor> tensors) throws IOException {
    StringJoiner header = new StringJoiner(",", "{", "}");
    long at = 0;
    for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
      Tensor tensor = entry.getValue();
      long end = at + tensor.data().byteSize();
      header.add(
          "\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
              .formatted(entry.getKey(), tensor.type(), Arrays.toString(tensor.shape()), at, end));
      at = end;
    }
    byte[] text = header.toString().getBytes(StandardCharsets.UTF_8);
    try (OutputStream out = Files.newOutputStream(file)) {
      out.write(
          ByteBuffer.allocate(Long.BYTES)
              .order(ByteOrder.LITTLE_ENDIAN)
              .putLong(text.length)
              .array());
      out.write(text);
      for (Tensor tensor : tensors.values()) {
        out.write(tensor.data().toArray(ValueLayout.JAVA_BYTE));
      }
    }
  }
}
