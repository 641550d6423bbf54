package org.xlstm4j.cli.series;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Opens texts of separated values: what they are encoded in, and what separates the fields. */
final class CsvText {
  /** Characters that tell what separates the fields. */
  private static final int START = 1 << 16;

  /** What Excel writes and reads as the first line. */
  private static final Pattern NAMED_SEPARATOR =
      Pattern.compile("\\ufeff?sep=([^\\r\\n])[\\r\\n].*", Pattern.DOTALL);

  private CsvText() {}

  /** What a text is called, for errors. */
  static String name(String file) {
    return file.equals("-") ? "standard input" : file;
  }

  /**
   * Opens a file.
   *
   * @param file a path, or {@code -} for {@code in}
   * @param in the standard input
   * @return its bytes
   * @throws IOException if it cannot be read
   */
  static InputStream bytes(String file, InputStream in) throws IOException {
    if (file.equals("-")) {
      return in;
    }
    if (Files.isDirectory(Path.of(file))) {
      throw new IOException(file + ": a folder, expected separated values");
    }
    return Files.newInputStream(Path.of(file));
  }

  /**
   * Opens a text.
   *
   * @param name of the text, for errors
   * @param text its bytes
   * @param separator of the fields, or null
   * @param decimalCommas whether commas are decimal signs
   * @return its records; closing them closes the text
   * @throws IOException if it cannot be read, or in two ways
   */
  static CsvReader open(
      String name, InputStream text, @Nullable Character separator, boolean decimalCommas)
      throws IOException {
    InputStream bytes = new BufferedInputStream(text);
    try {
      BufferedReader characters = new BufferedReader(new InputStreamReader(bytes, charset(bytes)));
      String start = start(characters);
      Matcher line = NAMED_SEPARATOR.matcher(start);
      boolean named = line.matches();
      CsvReader records =
          new CsvReader(
              name,
              characters,
              separator != null
                  ? separator
                  : named
                      ? line.group(1).charAt(0)
                      : CsvSeparator.of(name, start, decimalCommas).character());
      if (named) {
        records.next();
      }
      return records;
    } catch (IOException | RuntimeException e) {
      bytes.close();
      throw e;
    }
  }

  /** Spreadsheets write UTF-16 with a byte order mark as "Unicode text". */
  private static Charset charset(InputStream bytes) throws IOException {
    bytes.mark(2);
    int mark = bytes.read() << 8 | bytes.read();
    bytes.reset();
    return mark == 0xfeff || mark == 0xfffe ? UTF_16 : UTF_8;
  }

  /** The text's first lines, whole ones; they are still to be read. */
  private static String start(Reader text) throws IOException {
    char[] start = new char[START];
    text.mark(START + 1);
    int length = 0;
    for (int read = 0; read >= 0 && length < START; length += Math.max(read, 0)) {
      read = text.read(start, length, START - length);
    }
    text.reset();
    int end = length;
    while (length == START && end > 0 && start[end - 1] != '\n' && start[end - 1] != '\r') {
      end--;
    }
    return new String(start, 0, end == 0 ? length : end);
  }
}
