package org.xlstm4j.cli.serve.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
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
    try (JsonGenerator generator = JSON.createGenerator(bytes)) {
      writing.write(generator);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
