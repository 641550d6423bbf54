package org.xlstm4j.cli.series;

import java.io.IOException;
import java.util.List;

/**
 * A record of a text of separated values.
 *
 * @param text what the text is called, for errors
 * @param line on which the record starts, 1 for the first
 * @param fields as they stand there, blanks included; none for an empty line
 */
record CsvRecord(String text, long line, List<String> fields) {
  /** Longest part of a field that an error shows. */
  private static final int SHOWN = 60;

  /** A field in quotes, as an error shows it. */
  static String quoted(String field) {
    return "'" + (field.length() > SHOWN ? field.substring(0, SHOWN) + "..." : field) + "'";
  }

  /** Whether there is nothing on the line, or nothing but blanks. */
  boolean isBlank() {
    return fields.isEmpty()
        || (fields.size() == 1 && !fields.getFirst().isEmpty() && fields.getFirst().isBlank());
  }

  /** An error that names the line. */
  IOException error(String found) {
    return new IOException(text + ", line " + line + ": " + found);
  }
}
