package org.xlstm4j.cli;

import java.io.IOException;
import java.io.PushbackReader;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads comma-separated values as RFC 4180 describes them: fields may be quoted, quotes within are
 * doubled, quoted fields may hold commas and line ends. Lines end in LF, CR LF or CR.
 *
 * <p>Not thread-safe; closing it closes the text.
 */
final class CsvReader implements AutoCloseable {
  private static final int END = -1;
  private static final char BYTE_ORDER_MARK = '\ufeff';

  private final String name;
  private final PushbackReader text;
  private long line = 1;
  private long recordLine = 1;

  /**
   * A reader.
   *
   * @param name of the text, for errors
   * @param text the values; buffered, since it is read character by character
   */
  CsvReader(String name, Reader text) throws IOException {
    this.name = name;
    this.text = new PushbackReader(text);
    int first = text.read();
    if (first != BYTE_ORDER_MARK && first != END) {
      this.text.unread(first);
    }
  }

  /**
   * The next record.
   *
   * @return its fields, one empty field for an empty line; null at the end
   * @throws IOException naming the line if quotes are out of place
   */
  @Nullable List<String> next() throws IOException {
    recordLine = line;
    int next = text.read();
    if (next == END) {
      return null;
    }
    text.unread(next);
    List<String> fields = new ArrayList<>();
    do {
      StringBuilder field = new StringBuilder();
      next = text.read();
      if (next == '"') {
        next = quoted(field);
      } else {
        while (!endsField(next)) {
          if (next == '"') {
            throw error("a quote within a field, expected one around all of it");
          }
          field.append((char) next);
          next = text.read();
        }
      }
      fields.add(field.toString());
    } while (next == ',');
    if (next != END) {
      line++;
      if (next == '\r') {
        int after = text.read();
        if (after != '\n' && after != END) {
          text.unread(after);
        }
      }
    }
    return fields;
  }

  /** The line on which the record started that {@link #next} gave last; 1 is the first. */
  long recordLine() {
    return recordLine;
  }

  /** An error that names the record's line. */
  IOException error(String found) {
    return new IOException(name + ", line " + recordLine + ": " + found);
  }

  /** The rest of a quoted field; returns the character behind it. */
  private int quoted(StringBuilder field) throws IOException {
    while (true) {
      int next = text.read();
      if (next == END) {
        throw error("a quoted field without its closing quote");
      } else if (next == '"') {
        int after = text.read();
        if (after != '"') {
          if (!endsField(after)) {
            throw error("text behind a closing quote, expected a comma or the line's end");
          }
          return after;
        }
      } else if (next == '\n') {
        line++;
      }
      field.append((char) next);
    }
  }

  private static boolean endsField(int character) {
    return character == ',' || character == '\n' || character == '\r' || character == END;
  }

  @Override
  public void close() throws IOException {
    text.close();
  }
}
