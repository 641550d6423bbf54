package org.xlstm4j.models.chat.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.models.chat.template.TemplateValue.Callable;
import org.xlstm4j.models.chat.template.TemplateValue.Items;

/** The methods that texts have. */
final class TextMethods {
  private TextMethods() {}

  /** The method of a name, bound to a text, or null if there is none. */
  static @Nullable Callable find(MarkedText text, String name, RenderBudget budget) {
    Callable method =
        switch (name) {
          case "strip" -> arguments -> strip(text, arguments, true, true, budget);
          case "lstrip" -> arguments -> strip(text, arguments, true, false, budget);
          case "rstrip" -> arguments -> strip(text, arguments, false, true, budget);
          case "upper" -> _ -> TemplateValue.of(upper(text));
          case "lower" -> _ -> TemplateValue.of(lower(text));
          case "title" -> _ -> TemplateValue.of(text.map(PythonText::title));
          case "capitalize" -> _ -> TemplateValue.of(capitalize(text));
          case "startswith" -> arguments -> startsOrEnds(text, arguments, true, budget);
          case "endswith" -> arguments -> startsOrEnds(text, arguments, false, budget);
          case "removeprefix" -> arguments -> withoutPrefix(text, arguments);
          case "removesuffix" -> arguments -> withoutSuffix(text, arguments);
          case "split" -> arguments -> split(text, arguments, budget);
          case "rsplit" -> arguments -> splitFromEnd(text, arguments, budget);
          case "splitlines" -> arguments -> splitLines(text, arguments, budget);
          case "replace" -> arguments -> replace(text, arguments, budget);
          case "join" ->
              arguments ->
                  TemplateValue.of(
                      join(
                          ValueOperations.elements(arguments.get(0, "iterable"), budget),
                          text,
                          budget));
          case "find" -> arguments -> find(text, arguments, budget);
          case "count" -> arguments -> count(text, arguments, budget);
          case "isdigit" -> _ -> all(text, Character::isDigit);
          case "isalpha" -> _ -> all(text, Character::isLetter);
          case "isalnum" -> _ -> all(text, Character::isLetterOrDigit);
          case "isspace" -> _ -> all(text, c -> c < 0x10000 && PythonText.isSpace((char) c));
          default -> null;
        };
    return method == null
        ? null
        : arguments -> {
          budget.take(text.length());
          return method.call(arguments);
        };
  }

  /** Without white space, or without some characters, at its ends. */
  static TemplateValue strip(
      MarkedText text,
      TemplateArguments arguments,
      boolean atStart,
      boolean atEnd,
      RenderBudget budget) {
    MarkedText characters = arguments.findText(0, "chars");
    budget.take(characters == null ? 0 : (long) text.length() * characters.length());
    String all = text.text();
    int start = 0;
    int end = all.length();
    while (atStart && start < end && isStripped(all.codePointAt(start), characters)) {
      start += Character.charCount(all.codePointAt(start));
    }
    while (atEnd && end > start && isStripped(all.codePointBefore(end), characters)) {
      end -= Character.charCount(all.codePointBefore(end));
    }
    return TemplateValue.of(text.substring(start, end));
  }

  private static boolean isStripped(int character, @Nullable MarkedText characters) {
    return characters == null
        ? character < 0x10000 && PythonText.isSpace((char) character)
        : characters.text().indexOf(character) >= 0;
  }

  static MarkedText upper(MarkedText text) {
    return text.map(part -> part.toUpperCase(Locale.ROOT));
  }

  static MarkedText lower(MarkedText text) {
    return text.map(part -> part.toLowerCase(Locale.ROOT));
  }

  static MarkedText capitalize(MarkedText text) {
    if (text.isEmpty()) {
      return text;
    }
    int first = text.text().offsetByCodePoints(0, 1);
    return new MarkedText.Builder()
        .append(text.substring(0, first).map(PythonText::capitalize))
        .append(lower(text.substring(first)))
        .build();
  }

  private static TemplateValue startsOrEnds(
      MarkedText text, TemplateArguments arguments, boolean starts, RenderBudget budget) {
    TemplateValue given = arguments.get(0, "prefix");
    List<TemplateValue> parts = given instanceof Items items ? items.values() : List.of(given);
    for (TemplateValue value : parts) {
      budget.take(1L + text.length());
      String part = ValueOperations.text(value).text();
      if (starts ? text.text().startsWith(part) : text.text().endsWith(part)) {
        return TemplateValue.TRUE;
      }
    }
    return TemplateValue.FALSE;
  }

  private static TemplateValue withoutPrefix(MarkedText text, TemplateArguments arguments) {
    String prefix = ValueOperations.text(arguments.get(0, "prefix")).text();
    return TemplateValue.of(
        text.text().startsWith(prefix) ? text.substring(prefix.length()) : text);
  }

  private static TemplateValue withoutSuffix(MarkedText text, TemplateArguments arguments) {
    String suffix = ValueOperations.text(arguments.get(0, "suffix")).text();
    return TemplateValue.of(
        text.text().endsWith(suffix) ? text.substring(0, text.length() - suffix.length()) : text);
  }

  private static TemplateValue split(
      MarkedText text, TemplateArguments arguments, RenderBudget budget) {
    int most = arguments.integerOr(1, "maxsplit", -1);
    MarkedText separator = separator(arguments);
    return separator == null
        ? splitWords(text, most, budget)
        : TemplateValue.list(split(text, separator, most, budget));
  }

  private static @Nullable MarkedText separator(TemplateArguments arguments) {
    MarkedText separator = arguments.findText(0, "sep");
    if (separator != null && separator.isEmpty()) {
      throw new TemplateException("an empty separator", 0);
    }
    return separator;
  }

  /** Cut at the first separators, or at all if {@code most} is negative. */
  private static List<TemplateValue> split(
      MarkedText text, MarkedText separator, int most, RenderBudget budget) {
    budget.take(separator.length());
    List<TemplateValue> parts = new ArrayList<>();
    int start = 0;
    int end = text.indexOf(separator.text(), 0);
    while (end >= 0 && (most < 0 || parts.size() < most)) {
      budget.make(1);
      parts.add(TemplateValue.of(text.substring(start, end)));
      start = end + separator.length();
      end = text.indexOf(separator.text(), start);
    }
    parts.add(TemplateValue.of(text.substring(start)));
    return parts;
  }

  private static TemplateValue splitWords(MarkedText text, int most, RenderBudget budget) {
    List<TemplateValue> words = new ArrayList<>();
    String all = text.text();
    int start = PythonText.stripStart(all, 0, all.length());
    while (start < all.length()) {
      budget.make(1);
      int end = start;
      if (words.size() == most) {
        end = all.length();
      }
      while (end < all.length() && !PythonText.isSpace(all.charAt(end))) {
        end++;
      }
      words.add(TemplateValue.of(text.substring(start, end)));
      start = PythonText.stripStart(all, end, all.length());
    }
    return TemplateValue.list(words);
  }

  /** Cut at the last separators. */
  private static TemplateValue splitFromEnd(
      MarkedText text, TemplateArguments arguments, RenderBudget budget) {
    MarkedText separator = separator(arguments);
    int most = arguments.integerOr(1, "maxsplit", -1);
    if (most < 0) {
      return split(text, arguments, budget);
    }
    if (separator == null) {
      throw new TemplateException("rsplit with a limit needs a separator", 0);
    }
    budget.take((long) text.length() * separator.length());
    List<TemplateValue> parts = new ArrayList<>();
    int end = text.length();
    int start = text.text().lastIndexOf(separator.text(), end - separator.length());
    while (start >= 0 && end >= separator.length() && parts.size() < most) {
      budget.make(1);
      parts.addFirst(TemplateValue.of(text.substring(start + separator.length(), end)));
      end = start;
      start = text.text().lastIndexOf(separator.text(), end - separator.length());
    }
    parts.addFirst(TemplateValue.of(text.substring(0, end)));
    return TemplateValue.list(parts);
  }

  private static TemplateValue splitLines(
      MarkedText text, TemplateArguments arguments, RenderBudget budget) {
    boolean keepEnds = arguments.isTrue(0, "keepends");
    List<TemplateValue> lines = new ArrayList<>();
    String all = text.text();
    int start = 0;
    for (int i = 0; i < all.length(); i++) {
      if (isLineEnd(all.charAt(i))) {
        budget.make(1);
        int next = all.startsWith("\r\n", i) ? i + 2 : i + 1;
        lines.add(TemplateValue.of(text.substring(start, keepEnds ? next : i)));
        start = next;
        i = next - 1;
      }
    }
    if (start < all.length()) {
      lines.add(TemplateValue.of(text.substring(start)));
    }
    return TemplateValue.list(lines);
  }

  private static boolean isLineEnd(char character) {
    return switch (character) {
      case '\n', '\r', '\u000b', '\f', '\u001c', '\u001d', '\u001e', '\u0085', '\u2028', '\u2029' ->
          true;
      default -> false;
    };
  }

  /** With another text in place of each occurrence, or of the first {@code count}. */
  static TemplateValue replace(MarkedText text, TemplateArguments arguments, RenderBudget budget) {
    MarkedText old = ValueOperations.text(arguments.get(0, "old"));
    MarkedText other = ValueOperations.text(arguments.get(1, "new"));
    int most = arguments.integerOr(2, "count", -1);
    if (old.isEmpty()) {
      throw new TemplateException("an empty text to be replaced", 0);
    }
    List<TemplateValue> parts = split(text, old, most, budget);
    return TemplateValue.of(join(parts, other, budget));
  }

  /** Texts with another one between. */
  static MarkedText join(List<TemplateValue> parts, MarkedText between, RenderBudget budget) {
    MarkedText.Builder joined = new MarkedText.Builder();
    for (int i = 0; i < parts.size(); i++) {
      if (i > 0) {
        joined.append(between);
      }
      MarkedText part = ValueWriter.text(parts.get(i), budget);
      budget.take(1L + between.length() + part.length());
      joined.append(part);
    }
    return joined.build();
  }

  private static TemplateValue find(
      MarkedText text, TemplateArguments arguments, RenderBudget budget) {
    MarkedText part = ValueOperations.text(arguments.get(0, "sub"));
    budget.take(part.length());
    int at = text.indexOf(part.text(), 0);
    return TemplateValue.of(at < 0 ? at : (long) text.text().codePointCount(0, at));
  }

  private static TemplateValue count(
      MarkedText text, TemplateArguments arguments, RenderBudget budget) {
    MarkedText part = ValueOperations.text(arguments.get(0, "sub"));
    return TemplateValue.of(
        part.isEmpty()
            ? ValueOperations.length(TemplateValue.of(text), budget) + 1
            : split(text, part, -1, budget).size() - 1L);
  }

  private static TemplateValue all(MarkedText text, IntPredicate test) {
    return TemplateValue.of(!text.isEmpty() && text.text().codePoints().allMatch(test));
  }
}
