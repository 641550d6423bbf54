package org.xlstm4j.cli.terminal;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Texts in UTF-8 that a user names. */
public final class TextFile {
  private TextFile() {}

  /**
   * The whole text.
   *
   * @throws IOException naming the file, if it is no text or cannot be read
   */
  public static String read(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new IOException(file + ": a folder, expected a text");
    }
    try {
      return Files.readString(file);
    } catch (CharacterCodingException e) {
      throw new IOException(file + ": found bytes that are no UTF-8, expected a text", e);
    }
  }
}
