package org.xlstm4j.cli.terminal;

import java.io.FilterWriter;
import java.io.IOException;
import java.io.Writer;

/**
 * Writes to a terminal without the control characters that it would obey: they come from files, and
 * from models. Ends of lines and tabs stay. Not thread-safe.
 */
final class PrintableWriter extends FilterWriter {
  PrintableWriter(Writer terminal) {
    super(terminal);
  }

  @Override
  public void write(int character) throws IOException {
    out.write(printable((char) character));
  }

  @Override
  public void write(char[] characters, int offset, int length) throws IOException {
    char[] printable = new char[length];
    for (int i = 0; i < length; i++) {
      printable[i] = printable(characters[offset + i]);
    }
    out.write(printable);
  }

  @Override
  public void write(String text, int offset, int length) throws IOException {
    write(text.toCharArray(), offset, length);
  }

  private static char printable(char character) {
    boolean control = Character.isISOControl(character);
    return control && character != '\n' && character != '\t' ? '?' : character;
  }
}
