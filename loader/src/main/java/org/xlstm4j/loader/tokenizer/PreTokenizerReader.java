package org.xlstm4j.loader.tokenizer;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.loader.json.JsonCursor;

/**
 * Reads the {@code pre_tokenizer}: {@code ByteLevel}, or a {@code Sequence} of {@code Split} and
 * {@code Digits} that ends with it.
 */
final class PreTokenizerReader {
  private static final String SEQUENCE = "Sequence";
  private static final String SPLIT = "Split";
  private static final String DIGITS = "Digits";
  private static final int MOST_SPLITS = 16;

  /** Longest pattern: published ones have a few hundred characters. */
  private static final int LONGEST_PATTERN = 4096;

  private final JsonCursor json;
  private final List<Split> splits = new ArrayList<>();
  private @Nullable ByteLevel byteLevel;

  PreTokenizerReader(JsonCursor json) {
    this.json = json;
  }

  /** Reads the current object. */
  PreTokenizer read() throws IOException {
    readStep(true);
    if (byteLevel == null) {
      throw json.refuse("a step " + ByteLevel.TYPE + " at the end", "none");
    }
    return new PreTokenizer(splits, byteLevel);
  }

  private void readStep(boolean outermost) throws IOException {
    String type = "";
    ExpressionProgram pattern = null;
    Split.Behavior behavior = Split.Behavior.ISOLATED;
    boolean inverted = false;
    boolean singleDigits = false;
    boolean prefixesSpace = true;
    boolean splitsWords = true;
    Set<String> seen = new HashSet<>();
    json.enterObject();
    for (String key = json.nextKey(seen); key != null; key = json.nextKey(seen)) {
      switch (key) {
        case "type" -> type = readType(outermost);
        case "add_prefix_space" -> prefixesSpace = json.booleanValue();
        case "use_regex" -> splitsWords = json.booleanValue();
        case "trim_offsets" -> json.booleanValue(); // only moves the places of tokens in the text
        case "pattern" -> pattern = readPattern();
        case "behavior" -> behavior = readBehavior();
        case "invert" -> inverted = json.booleanValue();
        case "individual_digits" -> singleDigits = json.booleanValue();
        case "pretokenizers" -> readSequence(outermost);
        default -> throw json.refuseKey();
      }
    }
    switch (type) {
      case ByteLevel.TYPE -> {
        requireKeys(seen, type, Set.of("add_prefix_space"), Set.of("use_regex", "trim_offsets"));
        byteLevel = new ByteLevel(prefixesSpace, splitsWords);
      }
      case SPLIT -> {
        requireKeys(seen, type, Set.of("pattern", "behavior", "invert"), Set.of());
        addSplit(pattern, behavior, inverted);
      }
      case DIGITS -> {
        requireKeys(seen, type, Set.of("individual_digits"), Set.of());
        CharacterSet numbers = CharacterProperties.named("N");
        addSplit(
            numbers == null ? null : new ExpressionProgram(new Expression.One(numbers), json),
            singleDigits ? Split.Behavior.ISOLATED : Split.Behavior.CONTIGUOUS,
            false);
      }
      default -> requireKeys(seen, SEQUENCE, Set.of("pretokenizers"), Set.of());
    }
  }

  private void addSplit(
      @Nullable ExpressionProgram pattern, Split.Behavior behavior, boolean inverted)
      throws IOException {
    if (pattern == null || splits.size() == MOST_SPLITS) {
      throw json.refuse("at most " + MOST_SPLITS + " splits", "more");
    }
    splits.add(new Split(pattern, behavior, inverted));
  }

  private void requireKeys(
      Set<String> seen, String type, Set<String> required, Set<String> optional)
      throws IOException {
    json.requireKeys(seen, "type");
    json.requireKeys(seen, required.toArray(new String[0]));
    for (String key : seen) {
      if (!key.equals("type") && !required.contains(key) && !optional.contains(key)) {
        throw json.refuse("the keys of a " + type, "\"" + key + '"');
      }
    }
  }

  private String readType(boolean outermost) throws IOException {
    String type = json.string();
    boolean known =
        type.equals(ByteLevel.TYPE)
            || (outermost ? type.equals(SEQUENCE) : type.equals(SPLIT) || type.equals(DIGITS));
    if (!known) {
      throw json.refuse(
          ByteLevel.TYPE
              + ", or one "
              + SEQUENCE
              + " of "
              + SPLIT
              + ", "
              + DIGITS
              + " and "
              + ByteLevel.TYPE);
    }
    return type;
  }

  private void readSequence(boolean outermost) throws IOException {
    if (!outermost) {
      throw json.refuseKey();
    }
    json.enterArray();
    while (json.nextElement()) {
      if (byteLevel != null) {
        throw json.refuse(ByteLevel.TYPE + " as the last step", "a step after it");
      }
      readStep(false);
    }
  }

  /** The pattern: a regular expression, or a text to be found as it is. */
  private ExpressionProgram readPattern() throws IOException {
    ExpressionProgram pattern = null;
    Set<String> seen = new HashSet<>();
    json.enterObject();
    for (String key = json.nextKey(seen); key != null; key = json.nextKey(seen)) {
      Expression expression =
          switch (key) {
            case "Regex" -> new ExpressionReader(json, patternText()).read();
            case "String" -> ExpressionReader.literally(patternText());
            default -> throw json.refuseKey();
          };
      pattern = new ExpressionProgram(expression, json);
    }
    if (pattern == null || seen.size() != 1) {
      throw json.refuse("a key \"Regex\" or \"String\"", seen.size() + " keys");
    }
    return pattern;
  }

  private String patternText() throws IOException {
    String text = json.string();
    if (text.isEmpty()) {
      throw json.refuse("at least one character");
    }
    if (text.length() > LONGEST_PATTERN) {
      throw json.refuse(
          "a pattern of at most " + LONGEST_PATTERN + " characters", String.valueOf(text.length()));
    }
    return text;
  }

  private Split.Behavior readBehavior() throws IOException {
    String label = json.string();
    for (Split.Behavior behavior : Split.Behavior.values()) {
      if (behavior.label().equals(label)) {
        return behavior;
      }
    }
    throw json.refuse("the behavior of a split");
  }
}
