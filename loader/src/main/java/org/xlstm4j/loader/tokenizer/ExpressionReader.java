package org.xlstm4j.loader.tokenizer;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.loader.json.JsonCursor;

/**
 * Reads a regular expression in the notation of the Hugging Face library, which is Oniguruma's:
 * characters, sets, groups, greedy repetitions, alternatives, properties of Unicode, and a look at
 * the one character ahead. All else is refused, by what it is.
 */
final class ExpressionReader {
  private static final int DEEPEST = 32;
  private static final int MOST_REPETITIONS = 1000;

  private static final CharacterSet WHITE_SPACE = new CharacterSet.WhiteSpace();
  private static final CharacterSet DIGITS =
      new CharacterSet.Categories(1 << Character.DECIMAL_DIGIT_NUMBER);
  private static final CharacterSet LINE_FEED = new CharacterSet.Range('\n', '\n');

  /** Pairs of letters that one character may stand for where case does not matter. */
  private static final List<String> LIGATURES = List.of("ss", "st", "ff", "fi", "fl");

  private final JsonCursor json;
  private final String text;
  private int at;
  private int depth;
  private boolean ignoresCase;

  /**
   * A reader.
   *
   * @param json the cursor that refuses
   * @param text the expression
   */
  ExpressionReader(JsonCursor json, String text) {
    this.json = json;
    this.text = text;
  }

  /** Reads the whole; it matches at least one character. */
  Expression read() throws IOException {
    Expression whole = choice();
    if (at < text.length()) {
      throw refuse("a ) without its (");
    }
    if (whole.matchesEmpty()) {
      throw json.refuse("a pattern that takes at least one character", '"' + text + '"');
    }
    return whole;
  }

  /** The expression that matches a text and nothing else. */
  static Expression literally(String text) {
    List<Expression> characters = new ArrayList<>();
    for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
      characters.add(new Expression.One(one(text.codePointAt(i))));
    }
    return new Expression.Sequence(characters);
  }

  private Expression choice() throws IOException {
    if (++depth > DEEPEST) {
      throw refuse("groups nested deeper than " + DEEPEST);
    }
    List<Expression> options = new ArrayList<>();
    options.add(sequence());
    while (skip("|")) {
      options.add(sequence());
    }
    depth--;
    return options.size() == 1 ? options.getFirst() : new Expression.Choice(options);
  }

  private Expression sequence() throws IOException {
    List<Expression> parts = new ArrayList<>();
    while (at < text.length() && text.charAt(at) != '|' && text.charAt(at) != ')') {
      if (ignoresCase && LIGATURES.contains(following(2))) {
        throw refuse(following(2) + " without regard to case, which ligatures match too");
      }
      parts.add(repeated(single()));
    }
    return parts.size() == 1 ? parts.getFirst() : new Expression.Sequence(parts);
  }

  private String following(int characters) {
    return text.substring(at, Math.min(at + characters, text.length()))
        .toLowerCase(java.util.Locale.ROOT);
  }

  private Expression single() throws IOException {
    return switch (text.charAt(at)) {
      case '(' -> group();
      case '[' -> {
        at++;
        yield new Expression.One(set());
      }
      case '\\' -> new Expression.One(escaped());
      case '.' -> {
        at++;
        yield new Expression.One(new CharacterSet.Complement(LINE_FEED));
      }
      case '^', '$' -> throw refuse("an anchor");
      case '*', '+', '?', '{' -> throw refuse("a repetition of nothing");
      default -> new Expression.One(cased(codePoint()));
    };
  }

  private Expression group() throws IOException {
    boolean outside = ignoresCase;
    boolean ahead = false;
    boolean wanted = true;
    if (skip("(?i:")) {
      ignoresCase = true;
    } else if (skip("(?=")) {
      ahead = true;
    } else if (skip("(?!")) {
      ahead = true;
      wanted = false;
    } else if (!skip("(?:") && (text.startsWith("(?", at) || !skip("("))) {
      throw refuse("a group of another kind");
    }
    Expression inner = choice();
    if (!skip(")")) {
      throw refuse("a ( without its )");
    }
    ignoresCase = outside;
    if (!ahead) {
      return inner;
    }
    if (inner instanceof Expression.One(CharacterSet set)) {
      return new Expression.Ahead(set, wanted);
    }
    throw refuse("a look ahead at more than one character");
  }

  private Expression repeated(Expression part) throws IOException {
    int least;
    int most = Expression.Repetition.UNLIMITED;
    if (skip("?")) {
      least = 0;
      most = 1;
    } else if (skip("*")) {
      least = 0;
    } else if (skip("+")) {
      least = 1;
    } else if (skip("{")) {
      least = at < text.length() && text.charAt(at) == ',' ? 0 : number();
      if (!skip(",")) {
        most = least;
      } else if (at < text.length() && text.charAt(at) != '}') {
        most = number();
      }
      if (!skip("}") || most < least || most == 0) {
        throw refuse("a number of repetitions that is none");
      }
    } else {
      return part;
    }
    if (at < text.length() && "?*+{".indexOf(text.charAt(at)) >= 0) {
      throw refuse("a repetition that is lazy, possessive or repeated");
    }
    if (part.matchesEmpty()) {
      throw refuse("a repetition of what may be empty");
    }
    return new Expression.Repetition(part, least, most);
  }

  private int number() throws IOException {
    int value = 0;
    int from = at;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      value = Math.min(10 * value + text.charAt(at++) - '0', MOST_REPETITIONS + 1);
    }
    if (at == from || value > MOST_REPETITIONS) {
      throw refuse("no number up to " + MOST_REPETITIONS);
    }
    return value;
  }

  /** The set whose opening bracket has been read. */
  private CharacterSet set() throws IOException {
    boolean complement = skip("^");
    List<CharacterSet> parts = new ArrayList<>();
    while (!skip("]")) {
      if (at == text.length()) {
        throw refuse("a [ without its ]");
      }
      if (text.charAt(at) == '[' || text.startsWith("&&", at)) {
        throw refuse("a set within a set");
      }
      parts.add(member());
    }
    if (parts.isEmpty()) {
      throw refuse("an empty set");
    }
    CharacterSet set = parts.size() == 1 ? parts.getFirst() : new CharacterSet.Union(parts);
    return complement ? new CharacterSet.Complement(set) : set;
  }

  /** A character, a range or a class within a set. */
  private CharacterSet member() throws IOException {
    CharacterSet first = text.charAt(at) == '\\' ? escaped() : one(codePoint());
    boolean range =
        text.startsWith("-", at) && at + 1 < text.length() && text.charAt(at + 1) != ']';
    if (!range) {
      return ignoresCase && first instanceof CharacterSet.Range(int character, int same)
          ? cased(character)
          : first;
    }
    at++;
    CharacterSet last = text.charAt(at) == '\\' ? escaped() : one(codePoint());
    if (first instanceof CharacterSet.Range(int from, int same)
        && last instanceof CharacterSet.Range(int to, int alike)
        && from <= to
        && !ignoresCase) {
      return new CharacterSet.Range(from, to);
    }
    throw refuse("a range without order");
  }

  private CharacterSet escaped() throws IOException {
    at++;
    if (at == text.length()) {
      throw refuse("a \\ at the end");
    }
    int character = codePoint();
    return switch (character) {
      case 's' -> WHITE_SPACE;
      case 'S' -> new CharacterSet.Complement(WHITE_SPACE);
      case 'd' -> DIGITS;
      case 'D' -> new CharacterSet.Complement(DIGITS);
      case 'p' -> property(false);
      case 'P' -> property(true);
      case 'n' -> LINE_FEED;
      case 'r' -> one('\r');
      case 't' -> one('\t');
      case 'f' -> one('\f');
      case 'v' -> one(0x0B);
      default -> {
        if (Character.isLetterOrDigit(character)) {
          throw refuse("\\" + Character.toString(character));
        }
        yield one(character);
      }
    };
  }

  private CharacterSet property(boolean other) throws IOException {
    int end = text.indexOf('}', at);
    if (!skip("{") || end < 0) {
      throw refuse("a property without a name");
    }
    boolean complement = skip("^") != other;
    String name = text.substring(at, end);
    at = end + 1;
    @Nullable CharacterSet set = CharacterProperties.named(name);
    if (set == null) {
      throw refuse("the property \"" + name + '"');
    }
    return complement ? new CharacterSet.Complement(set) : set;
  }

  /** A character as it is written, or of either case where case does not matter. */
  private CharacterSet cased(int character) throws IOException {
    if (!ignoresCase) {
      return one(character);
    }
    if (character >= 128) {
      throw refuse(Character.toString(character) + " without regard to case");
    }
    int lower = Character.toLowerCase(character);
    if (lower == Character.toUpperCase(character)) {
      return one(character);
    }
    List<CharacterSet> cases = new ArrayList<>();
    cases.add(one(lower));
    cases.add(one(Character.toUpperCase(character)));
    if (lower == 's') {
      cases.add(one(0x17F)); // long s
    } else if (lower == 'k') {
      cases.add(one(0x212A)); // kelvin sign
    }
    return new CharacterSet.Union(cases);
  }

  private static CharacterSet one(int character) {
    return new CharacterSet.Range(character, character);
  }

  private int codePoint() {
    int character = text.codePointAt(at);
    at += Character.charCount(character);
    return character;
  }

  private boolean skip(String expected) {
    boolean found = text.startsWith(expected, at);
    at += found ? expected.length() : 0;
    return found;
  }

  private IOException refuse(String found) {
    return json.refuse(
        "a pattern of characters, sets, groups, greedy repetitions and alternatives",
        found + " before character " + at + " of \"" + text + '"');
  }
}
