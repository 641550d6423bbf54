package org.xlstm4j.cli.series;

import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The first line of a file, which may hold headings, and the one behind it. All fields are gone
 * through once, however many columns are asked for. Not thread-safe.
 */
final class HeadingLine {
  private static final Pattern COUNT = Pattern.compile("[0-9]{1,6}");

  private static final String IN_DOUBT =
      ", expected --heading or --no-heading to say whether it is a heading";

  private final CsvRecord first;
  private final @Nullable CsvRecord second;
  private final List<String> names;
  private final Map<String, Integer> indices = new HashMap<>();
  private final Set<String> repeated = new HashSet<>();
  private @Nullable Words words;
  private @Nullable Boolean counts;

  /** What words in the first line tell. */
  private enum Words {
    /** There are none, or the same ones stand below. */
    NONE,
    /** No words are below them: they are headings. */
    HEADINGS,
    /** Other words are below them: both lines may hold values. */
    IN_DOUBT
  }

  /**
   * The start of a file.
   *
   * @param second the line behind the first, or null if there is none
   */
  HeadingLine(CsvRecord first, @Nullable CsvRecord second) {
    this.first = first;
    this.second = second;
    names = first.fields().stream().map(String::strip).toList();
    for (int i = 0; i < names.size(); i++) {
      if (indices.putIfAbsent(names.get(i), i) != null) {
        repeated.add(names.get(i));
      }
    }
  }

  /** The fields, without blanks around them. */
  List<String> names() {
    return names;
  }

  /** An error that names the first line. */
  IOException error(String found) {
    return first.error(found);
  }

  /** Whether a column has this heading, if these are headings. */
  boolean isNamed(String wanted) {
    return indices.containsKey(wanted.strip());
  }

  /** The numbers of the columns of this heading, 1 for the first. */
  List<Integer> numbersOf(String wanted) {
    String name = wanted.strip();
    Integer index = indices.get(name);
    if (index == null) {
      return List.of();
    }
    return repeated.contains(name)
        ? IntStream.range(index, names.size())
            .filter(i -> names.get(i).equals(name))
            .mapToObj(i -> i + 1)
            .toList()
        : List.of(index + 1);
  }

  /** The number of a column that is asked for by it; 0 if this is none. */
  int number(String wanted) {
    int number = COUNT.matcher(wanted).matches() ? Integer.parseInt(wanted) : 0;
    return number <= names.size() ? number : 0;
  }

  /** All fields, for errors. */
  String quoted() {
    return names.stream().map(name -> "'" + name + "'").collect(Collectors.joining(", "));
  }

  /**
   * Whether the line holds headings, by one of its fields and what stands next to it.
   *
   * @throws IOException if it cannot be told
   */
  boolean isHeading(int index) throws IOException {
    String field = names.get(index);
    if (!SeriesNumbers.isNumber(field) && !SeriesNumbers.isMissing(field)) {
      if (hasDigit(field) && !Character.isLetter(field.charAt(0))) {
        throw error("'" + field + "' is no number" + IN_DOUBT);
      }
      return true;
    }
    if (words == null) {
      words = words();
    }
    if (words == Words.IN_DOUBT) {
      throw error("'" + field + "' stands next to words" + IN_DOUBT);
    }
    return words == Words.HEADINGS;
  }

  private Words words() {
    Words found = Words.NONE;
    List<String> under = second == null ? List.of() : second.fields();
    for (int i = 0; i < Math.min(names.size(), under.size()); i++) {
      String name = names.get(i);
      String below = under.get(i).strip();
      if (isWord(name) && !name.equals(below)) {
        if (!isWord(below)) {
          return Words.HEADINGS;
        }
        found = Words.IN_DOUBT;
      }
    }
    return found;
  }

  /** Whether all fields are whole numbers, such as the years that head columns. */
  boolean hasCounts() {
    if (counts == null) {
      counts = names.stream().allMatch(name -> COUNT.matcher(name).matches());
    }
    return counts;
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
