package org.xlstm4j.cli.series;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
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
   * @param wanted a heading, or the number of a column, 1 for the first
   * @param line what the first line holds, as far as the user has said
   * @throws IOException if there is no such column, or if it cannot be told which one is meant
   */
  static SeriesColumn find(HeadingLine first, String wanted, FirstLine line) throws IOException {
    List<Integer> named = line == FirstLine.VALUES ? List.of() : first.numbersOf(wanted);
    int number = first.number(wanted);
    if (named.size() > 1) {
      throw first.error(
          "'"
              + wanted
              + "' is the heading of columns "
              + named.stream().map(String::valueOf).collect(Collectors.joining(" and "))
              + ", expected the number of one");
    }
    if (named.isEmpty() && number == 0) {
      throw first.error(
          "no column '"
              + wanted
              + "', expected "
              + (line == FirstLine.VALUES ? "" : "one of " + first.quoted() + " or ")
              + "a number from 1 to "
              + first.names().size());
    }
    if (!named.isEmpty() && (number == 0 || line == FirstLine.HEADINGS)) {
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
          case UNKNOWN -> first.isHeading(number - 1);
        };
    String remark =
        line == FirstLine.UNKNOWN && !headed && first.hasCounts()
            ? "line 1 is read as values, not as headings (--heading, --no-heading)"
            : "";
    String title = headed ? first.names().get(number - 1) : wanted;
    return new SeriesColumn(number - 1, headed, title, remark);
  }

  /**
   * Finds several columns. What one of them tells about the first line holds for all.
   *
   * @param first the first line
   * @param wanted headings or numbers, or several of them with commas between, if no heading has
   *     these commas
   * @param others names of columns that are used otherwise, and so tell about the first line too
   * @param line what the first line holds, as far as the user has said
   * @return for each of the wanted its columns
   * @throws IOException if there is no such column, if it cannot be told which one is meant, or if
   *     one is wanted twice
   */
  static List<List<SeriesColumn>> findAll(
      HeadingLine first, List<String> wanted, List<String> others, FirstLine line)
      throws IOException {
    List<List<String>> parts = wanted.stream().map(name -> parts(first, name)).toList();
    boolean headed =
        Stream.concat(parts.stream().flatMap(List::stream), others.stream())
            .anyMatch(name -> first.isNamed(name) && first.number(name) == 0);
    FirstLine known = line == FirstLine.UNKNOWN && headed ? FirstLine.HEADINGS : line;
    List<List<SeriesColumn>> found = new ArrayList<>();
    List<SeriesColumn> all = new ArrayList<>();
    for (List<String> some : parts) {
      List<SeriesColumn> columns = new ArrayList<>();
      for (String name : some) {
        SeriesColumn column = find(first, name, known);
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
  static boolean isThere(HeadingLine first, String wanted, FirstLine line) {
    return (line != FirstLine.VALUES && first.isNamed(wanted)) || first.number(wanted) > 0;
  }

  /**
   * Index of a column that is used otherwise than as values.
   *
   * @param first the first line
   * @param wanted its heading or number
   * @param headed whether the first line holds headings
   * @throws IOException if there is no such column, or several
   */
  static int index(HeadingLine first, String wanted, boolean headed) throws IOException {
    return find(first, wanted, headed ? FirstLine.HEADINGS : FirstLine.VALUES).index;
  }

  private static List<String> parts(HeadingLine first, String wanted) {
    if (wanted.indexOf(',') < 0 || first.isNamed(wanted)) {
      return List.of(wanted);
    }
    List<String> parts = Stream.of(wanted.split(",", -1)).map(String::strip).toList();
    boolean some = parts.stream().anyMatch(part -> first.isNamed(part) || first.number(part) > 0);
    return some ? parts : List.of(wanted);
  }
}
