package org.xlstm4j.loader.tokenizer;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.xlstm4j.loader.json.JsonCursor;

/**
 * The options of a {@code ByteLevel} step.
 *
 * @param prefixesSpace whether every stretch between added tokens shall begin with a space
 * @param splitsWords whether the GPT-2 word pattern applies; else a stretch is one word
 */
record ByteLevel(boolean prefixesSpace, boolean splitsWords) {
  /** The name of the step. */
  static final String TYPE = "ByteLevel";

  /** Reads the current object, which must be a step of this type. */
  static ByteLevel read(JsonCursor json) throws IOException {
    boolean prefixesSpace = true;
    boolean splitsWords = true;
    Set<String> seen = new HashSet<>();
    json.enterObject();
    for (String key = json.nextKey(seen); key != null; key = json.nextKey(seen)) {
      switch (key) {
        case "type" -> json.requireString(TYPE);
        case "add_prefix_space" -> prefixesSpace = json.booleanValue();
        case "use_regex" -> splitsWords = json.booleanValue();
        case "trim_offsets" -> json.booleanValue(); // only moves the places of tokens in the text
        default -> throw json.refuseKey();
      }
    }
    json.requireKeys(seen, "type", "add_prefix_space");
    return new ByteLevel(prefixesSpace, splitsWords);
  }
}
