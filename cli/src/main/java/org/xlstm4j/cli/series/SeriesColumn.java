package org.xlstm4j.cli.series;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The column that a user means, and whether the first line holds headings. What the first two lines
 * do not tell is refused, not guessed.
 *
 * @param index from 0
 * @param heading whether the first line holds headings
 * @param title its heading, else what the user calls it
 * @param remark what the user should know about how the first line is read, or empty
 */
record SeriesColumn(int index, boolean heading, String title, String remark) {
  private static final Pattern COUNT = Pattern.compile("[0-9]{1,6}");

  private static final String IN_DOUBT =
      ", expected --heading or --no-heading to say whether it is a heading";

  /** What a user can say about a file's first line. */
  enum FirstLine {
    /** It holds headings. */
    HEADINGS,
    /** It holds values. */
    VALUES,
    /** Nothing was said. */
    UNKNOWN;

    /** What the option {@code --heading} says, null if it was not given. */
    static FirstLine of(@Nullable Boolean heading) {
      return heading == null ? UNKNOWN : heading ? HEADINGS : VALUES;
    }
  }

  /**
   * Finds the column.
   *
   * @param first the first line
   * @param second the line behind it, or null if there is none
   * @param wanted a heading, or the number of a column, 1 for the first
   * @param line what the first line holds, as far as the user has said
   * @throws IOException if there is no such column, or if it cannot be told which one is meant
   */
  static SeriesColumn find(
      CsvRecord first, @Nullable CsvRecord second, String wanted, FirstLine line)
      throws IOException {
    List<String> names = first.fields().stream().map(String::strip).toList();
    List<Integer> named = line == FirstLine.VALUES ? List.of() : columnsNamed(names, wanted);
    int number = COUNT.matcher(wanted).matches() ? Integer.parseInt(wanted) : 0;
    boolean numbered = isNumbered(names, wanted);
    if (named.size() > 1) {
      throw first.error(
          "'"
              + wanted
              + "' is the heading of columns "
              + named.stream().map(String::valueOf).collect(Collectors.joining(" and "))
              + ", expected the number of one");
    }
    if (named.isEmpty() && !numbered) {
      throw first.error(
          "no column '"
              + wanted
              + "', expected "
              + (line == FirstLine.VALUES ? "" : "one of " + quoted(names) + " or ")
              + "a number from 1 to "
              + names.size());
    }
    if (!named.isEmpty() && (!numbered || line == FirstLine.HEADINGS)) {
      return new SeriesColumn(named.getFirst() - 1, true, wanted, "");
    }
    if (!named.isEmpty() && named.getFirst() != number) {
      throw first.error(
          "'"
              + wanted
              + "' is the heading of column "
              + named.getFirst()
              + " and the number of another, expected --heading or --no-heading");
    }
    boolean headed =
        switch (line) {
          case HEADINGS -> true;
          case VALUES -> false;
          case UNKNOWN -> isHeading(first, names, second, number - 1);
        };
    String field = names.get(number - 1);
    String remark =
        line == FirstLine.UNKNOWN && !headed && couldBeHeadings(names)
            ? "line 1 is read as values, not as headings (--heading, --no-heading)"
            : "";
    return new SeriesColumn(number - 1, headed, headed ? field : wanted, remark);
  }

  /**
   * Finds several columns. What one of them tells about the first line holds for all.
   *
   * @param first the first line
   * @param second the line behind it, or null if there is none
   * @param wanted headings or numbers, or several of them with commas between, if no heading has
   *     these commas
   * @param others names of columns that are used otherwise, and so tell about the first line too
   * @param line what the first line holds, as far as the user has said
   * @return for each of the wanted its columns
   * @throws IOException if there is no such column, if it cannot be told which one is meant, or if
   *     one is wanted twice
   */
  static List<List<SeriesColumn>> findAll(
      CsvRecord first,
      @Nullable CsvRecord second,
      List<String> wanted,
      List<String> others,
      FirstLine line)
      throws IOException {
    List<String> names = first.fields().stream().map(String::strip).toList();
    List<List<String>> parts = wanted.stream().map(name -> parts(names, name)).toList();
    boolean headed =
        Stream.concat(parts.stream().flatMap(List::stream), others.stream())
            .anyMatch(name -> !columnsNamed(names, name).isEmpty() && !isNumbered(names, name));
    FirstLine known = line == FirstLine.UNKNOWN && headed ? FirstLine.HEADINGS : line;
    List<List<SeriesColumn>> found = new ArrayList<>();
    List<SeriesColumn> all = new ArrayList<>();
    for (List<String> some : parts) {
      List<SeriesColumn> columns = new ArrayList<>();
      for (String name : some) {
        SeriesColumn column = find(first, second, name, known);
        for (SeriesColumn other : all) {
          if (other.index == column.index) {
            throw first.error(
                "column " + (column.index + 1) + ", '" + column.title + "', is asked for twice");
          }
          if (other.heading != column.heading) {
            throw first.error(
                "column "
                    + (other.index + 1)
                    + " and column "
                    + (column.index + 1)
                    + " do not tell the same about the first line, expected --heading or"
                    + " --no-heading");
          }
        }
        columns.add(column);
        all.add(column);
      }
      found.add(columns);
    }
    return found;
  }

  /** Whether there is a column of this heading or, where a number may be meant, this number. */
  static boolean isThere(CsvRecord first, String wanted, FirstLine line) {
    List<String> names = first.fields().stream().map(String::strip).toList();
    boolean named = line != FirstLine.VALUES && !columnsNamed(names, wanted).isEmpty();
    return named || isNumbered(names, wanted);
  }

  /**
   * Index of a column that is used otherwise than as values.
   *
   * @param first the first line
   * @param wanted its heading or number
   * @param headed whether the first line holds headings
   * @throws IOException if there is no such column, or several
   */
  static int index(CsvRecord first, String wanted, boolean headed) throws IOException {
    return find(first, null, wanted, headed ? FirstLine.HEADINGS : FirstLine.VALUES).index;
  }

  private static List<String> parts(List<String> names, String wanted) {
    if (wanted.indexOf(',') < 0 || !columnsNamed(names, wanted).isEmpty()) {
      return List.of(wanted);
    }
    List<String> parts = Stream.of(wanted.split(",", -1)).map(String::strip).toList();
    boolean some =
        parts.stream()
            .anyMatch(part -> !columnsNamed(names, part).isEmpty() || isNumbered(names, part));
    return some ? parts : List.of(wanted);
  }

  private static boolean isNumbered(List<String> names, String wanted) {
    int number = COUNT.matcher(wanted).matches() ? Integer.parseInt(wanted) : 0;
    return number >= 1 && number <= names.size();
  }

  private static List<Integer> columnsNamed(List<String> names, String wanted) {
    List<Integer> named = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      if (names.get(i).equals(wanted.strip())) {
        named.add(i + 1);
      }
    }
    return named;
  }

  private static String quoted(List<String> names) {
    return names.stream().map(name -> "'" + name + "'").collect(Collectors.joining(", "));
  }

  /** Whether the first line holds headings, by the chosen column and what stands next to it. */
  private static boolean isHeading(
      CsvRecord first, List<String> names, @Nullable CsvRecord second, int index)
      throws IOException {
    String field = names.get(index);
    if (!SeriesNumbers.isNumber(field) && !SeriesNumbers.isMissing(field)) {
      if (hasDigit(field) && !Character.isLetter(field.charAt(0))) {
        throw first.error("'" + field + "' is no number" + IN_DOUBT);
      }
      return true;
    }
    boolean words = false;
    List<String> under = second == null ? List.of() : second.fields();
    for (int i = 0; i < Math.min(names.size(), under.size()); i++) {
      String name = names.get(i);
      String below = under.get(i).strip();
      if (isWord(name) && !name.equals(below)) {
        if (!isWord(below)) {
          return true;
        }
        words = true;
      }
    }
    if (words) {
      throw first.error("'" + field + "' stands next to words" + IN_DOUBT);
    }
    return false;
  }

  /** Whether all fields are whole numbers, such as the years that head columns. */
  private static boolean couldBeHeadings(List<String> names) {
    return names.stream().allMatch(name -> COUNT.matcher(name).matches());
  }

  /** Whether a field is a word, as headings are, and neither a number nor a date. */
  private static boolean isWord(String field) {
    return field.codePoints().anyMatch(Character::isLetter)
        && !hasDigit(field)
        && !SeriesNumbers.isMissing(field);
  }

  private static boolean hasDigit(String field) {
    return field.codePoints().anyMatch(Character::isDigit);
  }
}
