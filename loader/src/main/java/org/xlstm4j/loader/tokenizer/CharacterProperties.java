package org.xlstm4j.loader.tokenizer;

import java.lang.Character.UnicodeScript;
import org.jspecify.annotations.Nullable;

/**
 * The names of Unicode properties in patterns, as in {@code \p{Lu}}, {@code \p{N}}, {@code
 * \p{Han}}.
 */
final class CharacterProperties {
  private static final String[] CATEGORIES = {
    "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Pc", "Pd", "Ps", "Pe", "Pi",
    "Pf", "Po", "Sm", "Sc", "Sk", "So", "Zs", "Zl", "Zp", "Cc", "Cf"
  };

  /** The categories' numbers in the same order. */
  private static final byte[] TYPES = {
    Character.UPPERCASE_LETTER,
    Character.LOWERCASE_LETTER,
    Character.TITLECASE_LETTER,
    Character.MODIFIER_LETTER,
    Character.OTHER_LETTER,
    Character.NON_SPACING_MARK,
    Character.COMBINING_SPACING_MARK,
    Character.ENCLOSING_MARK,
    Character.DECIMAL_DIGIT_NUMBER,
    Character.LETTER_NUMBER,
    Character.OTHER_NUMBER,
    Character.CONNECTOR_PUNCTUATION,
    Character.DASH_PUNCTUATION,
    Character.START_PUNCTUATION,
    Character.END_PUNCTUATION,
    Character.INITIAL_QUOTE_PUNCTUATION,
    Character.FINAL_QUOTE_PUNCTUATION,
    Character.OTHER_PUNCTUATION,
    Character.MATH_SYMBOL,
    Character.CURRENCY_SYMBOL,
    Character.MODIFIER_SYMBOL,
    Character.OTHER_SYMBOL,
    Character.SPACE_SEPARATOR,
    Character.LINE_SEPARATOR,
    Character.PARAGRAPH_SEPARATOR,
    Character.CONTROL,
    Character.FORMAT
  };

  private CharacterProperties() {}

  /**
   * The characters with a property: a general category of one or two letters, or a script. The
   * category C is not among them, since it holds what a version of Unicode does not know.
   *
   * @return null if there is no such property
   */
  static @Nullable CharacterSet named(String name) {
    int mask = 0;
    for (int i = 0; i < CATEGORIES.length; i++) {
      String category = CATEGORIES[i];
      if (category.equals(name) || (!name.equals("C") && category.substring(0, 1).equals(name))) {
        mask |= 1 << TYPES[i];
      }
    }
    if (mask != 0) {
      return new CharacterSet.Categories(mask);
    }
    try {
      return name.length() < 3 ? null : new CharacterSet.Script(UnicodeScript.forName(name));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
