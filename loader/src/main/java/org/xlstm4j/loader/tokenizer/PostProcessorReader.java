package org.xlstm4j.loader.tokenizer;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.xlstm4j.loader.json.JsonCursor;

/**
 * Reads the {@code post_processor}: {@code ByteLevel}, which changes no ids, {@code
 * TemplateProcessing}, or a {@code Sequence} of these with one template at most.
 */
final class PostProcessorReader {
  private static final String TEMPLATE = "TemplateProcessing";
  private static final String SEQUENCE = "Sequence";

  private final JsonCursor json;

  /** The names of the special tokens before and after the text in the template. */
  private final List<String> before = new ArrayList<>();

  private final List<String> after = new ArrayList<>();
  private final Map<String, int[]> specialTokens = new HashMap<>();
  private boolean hasTemplate;

  PostProcessorReader(JsonCursor json) {
    this.json = json;
  }

  /** Reads the current value; ids are below {@code idLimit}. */
  Template read(int idLimit) throws IOException {
    if (json.isNull()) {
      return Template.NONE;
    }
    readStep(idLimit, true);
    return new Template(ids(before), ids(after));
  }

  private void readStep(int idLimit, boolean outermost) throws IOException {
    String type = "";
    Set<String> seen = new HashSet<>();
    json.enterObject();
    for (String key = json.nextKey(seen); key != null; key = json.nextKey(seen)) {
      switch (key) {
        case "type" -> type = readType(outermost);
        case "add_prefix_space", "trim_offsets", "use_regex" -> json.booleanValue();
        case "single" -> readSingle();
        case "pair" -> json.skip(); // for two texts at once
        case "special_tokens" -> readSpecialTokens(idLimit);
        case "processors" -> readSequence(idLimit, outermost);
        default -> throw json.refuseKey();
      }
    }
    json.requireKeys(seen, "type");
    if (type.equals(TEMPLATE)) {
      json.requireKeys(seen, "single", "special_tokens");
    } else if (seen.contains("single") || seen.contains("special_tokens")) {
      throw json.refuse(TEMPLATE, "a template of type " + type);
    }
    if (type.equals(SEQUENCE) != seen.contains("processors")) {
      throw json.refuse("processors in a " + SEQUENCE + " only", "type " + type);
    }
  }

  private String readType(boolean outermost) throws IOException {
    String type = json.string();
    if (!type.equals(ByteLevel.TYPE)
        && !type.equals(TEMPLATE)
        && !(type.equals(SEQUENCE) && outermost)) {
      throw json.refuse(ByteLevel.TYPE + ", " + TEMPLATE + " or one " + SEQUENCE + " of these");
    }
    return type;
  }

  private void readSequence(int idLimit, boolean outermost) throws IOException {
    if (!outermost) {
      throw json.refuseKey();
    }
    json.enterArray();
    while (json.nextElement()) {
      readStep(idLimit, false);
    }
  }

  /** The template for one text: special tokens and, once, the text itself. */
  private void readSingle() throws IOException {
    if (hasTemplate) {
      throw json.refuse("one template", "a second");
    }
    hasTemplate = true;
    int texts = 0;
    json.enterArray();
    while (json.nextElement()) {
      json.enterObject();
      Set<String> seen = new HashSet<>();
      for (String key = json.nextKey(seen); key != null; key = json.nextKey(seen)) {
        switch (key) {
          case "SpecialToken" -> (texts == 0 ? before : after).add(readPart());
          case "Sequence" -> {
            if (!readPart().equals("A")) {
              throw json.refuse("the text A", "another");
            }
            texts++;
          }
          default -> throw json.refuseKey();
        }
      }
    }
    if (texts != 1) {
      throw json.refuse("the text once", "it " + texts + " times");
    }
  }

  /** The id of a part of a template: the name of a special token or a text. */
  private String readPart() throws IOException {
    String id = "";
    Set<String> seen = new HashSet<>();
    json.enterObject();
    for (String key = json.nextKey(seen); key != null; key = json.nextKey(seen)) {
      switch (key) {
        case "id" -> id = json.string();
        case "type_id" -> json.index(Integer.MAX_VALUE); // tells texts of a pair apart
        default -> throw json.refuseKey();
      }
    }
    json.requireKeys(seen, "id");
    return id;
  }

  private void readSpecialTokens(int idLimit) throws IOException {
    Set<String> names = new HashSet<>();
    json.enterObject();
    for (String name = json.nextKey(names); name != null; name = json.nextKey(names)) {
      TokenBuffer ids = new TokenBuffer();
      Set<String> seen = new HashSet<>();
      json.enterObject();
      for (String key = json.nextKey(seen); key != null; key = json.nextKey(seen)) {
        switch (key) {
          case "id" -> json.requireString(name);
          case "ids" -> readIds(idLimit, ids);
          case "tokens" -> json.skip(); // the texts of the ids
          default -> throw json.refuseKey();
        }
      }
      json.requireKeys(seen, "ids");
      specialTokens.put(name, ids.toArray());
    }
  }

  private void readIds(int idLimit, TokenBuffer ids) throws IOException {
    json.enterArray();
    while (json.nextElement()) {
      ids.add(json.index(idLimit));
    }
  }

  private int[] ids(List<String> names) throws IOException {
    TokenBuffer ids = new TokenBuffer();
    for (String name : names) {
      int[] known = specialTokens.get(name);
      if (known == null) {
        throw json.refuse("one of the special_tokens", "\"" + name + "\" in the template");
      }
      ids.addAll(known);
    }
    return ids.toArray();
  }
}
