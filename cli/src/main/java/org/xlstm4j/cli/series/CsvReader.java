package org.xlstm4j.cli.series;

import java.io.IOException;
import java.io.PushbackReader;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads separated values as RFC 4180 describes them, whatever separates them: fields may be quoted,
 * quotes within are doubled, quoted fields may hold separators and line ends. Lines end in LF, CR
 * LF or CR. It is strict: a quote out of place or left open is an error.
 *
 * <p>Not thread-safe; closing it closes the text.
 */
final class CsvReader implements AutoCloseable {
  private static final int END = -1;
  private static final char BYTE_ORDER_MARK = '\ufeff';
  private static final int LONGEST_FIELD = 1 << 20;
  private static final int MOST_FIELDS = 1 << 16;

  private final String name;
  private final char separator;
  private final PushbackReader text;
  private long line = 1;
  private long recordLine = 1;

  /**
   * A reader.
   *
   * @param name of the text, for errors
   * @param text the values; buffered, since it is read character by character
   * @param separator of the fields
   */
  CsvReader(String name, Reader text, char separator) throws IOException {
    this.name = name;
    this.separator = separator;
    this.text = new PushbackReader(text);
    int first = text.read();
    if (first != BYTE_ORDER_MARK && first != END) {
      this.text.unread(first);
    }
  }

  /**
   * The next record.
   *
   * @return the record, or null at the end
   * @throws IOException naming the line if quotes are out of place, or beyond sensible lengths
   */
  @Nullable CsvRecord next() throws IOException {
    recordLine = line;
    int next = text.read();
    if (next == END) {
      return null;
    }
    List<String> fields = new ArrayList<>();
    if (next != '\n' && next != '\r') {
      text.unread(next);
      do {
        next = field(fields);
      } while (next == separator);
    }
    if (next != END) {
      line++;
      if (next == '\r') {
        int after = text.read();
        if (after != '\n' && after != END) {
          text.unread(after);
        }
      }
    }
    return new CsvRecord(name, recordLine, fields);
  }

  /** The next record with something on it; null at the end. */
  @Nullable CsvRecord nextFilled() throws IOException {
    CsvRecord record = next();
    while (record != null && record.isBlank()) {
      record = next();
    }
    return record;
  }

  private IOException error(String found) {
    return new CsvRecord(name, recordLine, List.of()).error(found);
  }

  /** Adds the next field; returns the character behind it. */
  private int field(List<String> fields) throws IOException {
    if (fields.size() == MOST_FIELDS) {
      throw error("more than " + MOST_FIELDS + " fields");
    }
    StringBuilder field = new StringBuilder();
    int next = text.read();
    if (next == '"') {
      next = quoted(field);
    } else {
      for (; !endsField(next); next = text.read()) {
        if (next == '"') {
          throw error("a quote within a field, expected one around all of it");
        }
        append(field, next);
      }
    }
    fields.add(field.toString());
    return next;
  }

  private void append(StringBuilder field, int character) throws IOException {
    if (field.length() == LONGEST_FIELD) {
      throw error("a field longer than " + LONGEST_FIELD + " characters");
    }
    field.append((char) character);
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
            throw error("text behind a closing quote, expected a separator or the line's end");
          }
          return after;
        }
      } else if (next == '\n') {
        line++;
      }
      append(field, next);
    }
  }

  private boolean endsField(int character) {
    return character == separator || character == '\n' || character == '\r' || character == END;
  }

  @Override
  public void close() throws IOException {
    text.close();
  }
}
