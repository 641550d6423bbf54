package org.xlstm4j.cli.serve.http;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** Keeps what is written in parts, as long as an exchange has room for it. Not thread-safe. */
final class AnswerBytes extends OutputStream {
  private final Exchange exchange;
  private final List<byte[]> parts = new ArrayList<>();

  AnswerBytes(Exchange exchange) {
    this.exchange = exchange;
  }

  /** There is no room for so much. */
  static final class NoRoomException extends IOException {
    private static final long serialVersionUID = 1L;

    private final ApiException refusal;

    NoRoomException(ApiException refusal) {
      super(refusal);
      this.refusal = refusal;
    }

    ApiException refusal() {
      return refusal;
    }
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value});
  }

  @Override
  public void write(byte[] bytes, int from, int count) throws IOException {
    Objects.checkFromIndexSize(from, count, bytes.length);
    try {
      exchange.hold(count);
    } catch (ApiException e) {
      throw new NoRoomException(e);
    }
    parts.add(Arrays.copyOfRange(bytes, from, from + count));
  }

  /** What was written. */
  List<byte[]> parts() {
    return parts;
  }
}
