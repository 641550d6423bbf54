package org.xlstm4j.cli.terminal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;

/** Texts that come on standard input. */
public final class StandardInput {
  /** What a user writes in place of a text or a file to have standard input read. */
  public static final String MARK = "-";

  /** What messages call it. */
  public static final String NAME = "standard input";

  private StandardInput() {}

  /**
   * All of standard input, white space at its end included.
   *
   * @throws IOException if it is not UTF-8
   */
  public static String text(Terminal terminal) throws IOException {
    byte[] bytes = terminal.in().readAllBytes();
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new IOException(NAME + ": found bytes that are no UTF-8, expected a text", e);
    }
  }
}
