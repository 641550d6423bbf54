package org.xlstm4j.cli.hub;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import org.jspecify.annotations.Nullable;

/** A server's answer, whose body is still to be read. Closing it ends the connection. */
final class HubAnswer implements AutoCloseable {
  private static final int PIECE = 1 << 16;

  private final HttpURLConnection connection;
  private final int status;
  private @Nullable InputStream body;

  HubAnswer(HttpURLConnection connection, int status) {
    this.connection = connection;
    this.status = status;
  }

  int status() {
    return status;
  }

  @Nullable String header(String name) {
    return connection.getHeaderField(name);
  }

  /** The bytes of the body, or -1 if they are not announced. */
  long length() {
    return connection.getContentLengthLong();
  }

  /**
   * Reads some of the body.
   *
   * @return how many bytes, or -1 at the end
   * @throws PassingException if the connection broke
   */
  int read(byte[] buffer) throws PassingException {
    try {
      if (body == null) {
        body = connection.getInputStream();
      }
      return body.read(buffer);
    } catch (IOException e) {
      throw new PassingException(
          connection.getURL().getHost() + ": the connection broke: " + e.getMessage(), e);
    }
  }

  /**
   * Reads the whole body.
   *
   * @throws IOException if it is longer than {@code most} bytes
   */
  byte[] all(int most) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    byte[] piece = new byte[PIECE];
    for (int count = read(piece); count >= 0; count = read(piece)) {
      all.write(piece, 0, count);
      if (all.size() > most) {
        throw new IOException("an answer of more than " + most + " bytes");
      }
    }
    if (length() > all.size()) {
      throw new PassingException("the connection broke in the midst of an answer");
    }
    return all.toByteArray();
  }

  @Override
  public void close() {
    connection.disconnect();
  }
}
