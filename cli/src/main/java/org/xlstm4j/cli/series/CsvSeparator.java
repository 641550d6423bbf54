package org.xlstm4j.cli.series;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.xlstm4j.cli.options.UsageException;

/** What separates the fields of a text with values: its first lines tell, or nothing does. */
enum CsvSeparator {
  COMMA(','),
  SEMICOLON(';'),
  TAB('\t'),
  PIPE('|');

  /** Two columns of whole numbers, or one with decimal commas. */
  private static final Pattern TWO_NUMBERS = Pattern.compile("[+-]?[0-9]+,[0-9]+");

  private final char character;

  CsvSeparator(char character) {
    this.character = character;
  }

  char character() {
    return character;
  }

  /** Its name on the command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The separator that a user asks for.
   *
   * @param text a name, or the character itself
   * @throws UsageException if it can separate nothing
   */
  static char named(String text) {
    for (CsvSeparator known : values()) {
      if (text.equals(known.toString())) {
        return known.character();
      }
    }
    if (text.equals("\\t")) {
      return '\t';
    }
    if (text.length() != 1 || !separates(text.charAt(0))) {
      throw new UsageException(
          "--separator is '"
              + text
              + "', expected comma, semicolon, tab, pipe or a character that is part of no number");
    }
    return text.charAt(0);
  }

  /** Whether a character can stand between numbers and is none of CSV's own. */
  private static boolean separates(char character) {
    return !Character.isLetterOrDigit(character) && "\"\r\n+-.".indexOf(character) < 0;
  }

  /**
   * Finds the separator.
   *
   * @param name of the text, for errors
   * @param start the text's first lines
   * @param decimalCommas whether commas belong to numbers, and so separate nothing
   * @throws IOException if there are two ways to read the text
   */
  static CsvSeparator of(String name, String start, boolean decimalCommas) throws IOException {
    List<CsvSeparator> found = new ArrayList<>();
    List<CsvSeparator> regular = new ArrayList<>();
    for (CsvSeparator separator : values()) {
      if (separator == COMMA && decimalCommas) {
        continue;
      }
      List<List<String>> records = separator.records(start);
      int fields = records.isEmpty() ? 0 : records.getFirst().size();
      if (fields > 1) {
        found.add(separator);
        if (records.stream().allMatch(record -> record.size() == fields)) {
          regular.add(separator);
        }
      }
    }
    if (found.isEmpty()) {
      return decimalCommas ? SEMICOLON : COMMA;
    }
    if (found.size() > 1 && regular.size() != 1) {
      throw new IOException(
          name
              + ", line 1: found "
              + found.stream().map(CsvSeparator::toString).collect(Collectors.joining(" and "))
              + ", expected --separator to say which of them separates the fields");
    }
    CsvSeparator separator = found.size() == 1 ? found.getFirst() : regular.getFirst();
    if (separator == COMMA && onlyPairs(COMMA.records(start))) {
      throw new IOException(
          name
              + ", line 1: its comma may separate two columns or belong to a number, expected"
              + " --separator comma or --decimal-comma");
    }
    return separator;
  }

  private static boolean onlyPairs(List<List<String>> records) {
    return records.stream()
        .allMatch(record -> TWO_NUMBERS.matcher(String.join(",", record)).matches());
  }

  /** What the text reads as with this separator, up to where it makes no sense. */
  private List<List<String>> records(String start) {
    List<List<String>> records = new ArrayList<>();
    try (CsvReader reader = new CsvReader("", new StringReader(start), character)) {
      for (CsvRecord record = reader.nextFilled(); record != null; record = reader.nextFilled()) {
        records.add(record.fields());
      }
    } catch (IOException e) {
      // quotes out of place for this separator: no line of this kind
      records.add(List.of());
    }
    return records;
  }
}
