package org.xlstm4j.loader.formats;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Safetensors files put together byte by byte, valid or not. */
public final class SafetensorsBytes {
  /** Two tensors and a text, padded with two spaces. */
  static final String VALID_HEADER =
      "{\"__metadata__\":{\"format\":\"pt\"},"
          + "\"a\":{\"dtype\":\"F32\",\"shape\":[2,2],\"data_offsets\":[0,16]},"
          + "\"b.c\":{\"dtype\":\"I16\",\"shape\":[3],\"data_offsets\":[16,22]}}  ";

  private SafetensorsBytes() {}

  /** The valid file: a = [[1, 2], [3, 4]], b.c = [1, 2, 3]. */
  public static byte[] valid() {
    ByteBuffer data = ByteBuffer.allocate(22).order(ByteOrder.LITTLE_ENDIAN);
    data.putFloat(1).putFloat(2).putFloat(3).putFloat(4);
    data.putShort((short) 1).putShort((short) 2).putShort((short) 3);
    return of(VALID_HEADER, data.array());
  }

  public static byte[] of(String header, byte[] data) {
    return of(header.getBytes(StandardCharsets.UTF_8), data);
  }

  public static byte[] of(byte[] header, byte[] data) {
    return withLength(header.length, header, data);
  }

  /** A file whose header claims to be of another length than it is. */
  public static byte[] withLength(long length, byte[] header, byte[] data) {
    return ByteBuffer.allocate(8 + header.length + data.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(length)
        .put(header)
        .put(data)
        .array();
  }

  public static Path write(Path file, byte[] bytes) throws IOException {
    return Files.write(file, bytes);
  }
}
