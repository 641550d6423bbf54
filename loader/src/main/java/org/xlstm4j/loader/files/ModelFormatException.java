package org.xlstm4j.loader.files;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A model's file is not what it must be. The message is one line that says which file, where in it,
 * what was expected and what was found; text taken from the file is shortened and its control
 * characters are escaped.
 */
public final class ModelFormatException extends IOException {
  private static final long serialVersionUID = 1L;

  /** Longest part of a message: an attacker's megabyte-long name must not fill the terminal. */
  private static final int MAX_PART = 2000;

  private final String line;

  private ModelFormatException(String line) {
    super(line);
    this.line = line;
  }

  /** The one line. */
  @Override
  public String getMessage() {
    return line;
  }

  /**
   * An exception that reads {@code file: place: expected ..., found ...}.
   *
   * @param file the file at fault
   * @param place where in it: a tensor's name, a key path, a byte offset
   * @param expected what the format or the model demands
   * @param found what the file holds instead
   */
  public static ModelFormatException of(Path file, String place, String expected, String found) {
    return new ModelFormatException(
        oneLine(file.toString())
            + ": "
            + oneLine(place)
            + ": expected "
            + oneLine(expected)
            + ", found "
            + oneLine(found));
  }

  /** The refusal of bytes that are no text. */
  public static ModelFormatException notUtf8(Path file, String place) {
    return of(file, place, "UTF-8 text", "bytes that are no UTF-8");
  }

  private static String oneLine(String text) {
    StringBuilder line = new StringBuilder(Math.min(text.length(), MAX_PART) + 3);
    for (int i = 0; i < text.length(); i++) {
      if (line.length() >= MAX_PART) {
        return line.append("...").toString();
      }
      char c = text.charAt(i);
      if (isPrintable(c)) {
        line.append(c);
      } else {
        line.append(String.format("\\u%04x", (int) c));
      }
    }
    return line.toString();
  }

  private static boolean isPrintable(char c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
