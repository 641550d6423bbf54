package org.xlstm4j.cli.serve.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/** Writes JSON as UTF-8 on one line. */
public final class Json {
  private static final JsonFactory JSON = new JsonFactory();

  private Json() {}

  /** Writes a value. */
  public interface Writing {
    void write(JsonGenerator json) throws IOException;
  }

  /** The bytes of what is written. */
  public static byte[] bytes(Writing writing) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      write(writing, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Writes what is written to a stream, some thousand bytes at a time. */
  public static void write(Writing writing, OutputStream out) throws IOException {
    try (JsonGenerator generator = JSON.createGenerator(out)) {
      writing.write(generator);
    }
  }
}
