package org.xlstm4j.loader.json;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.xlstm4j.loader.files.ModelFormatException;

/** Strict JSON streams: UTF-8 only, no duplicate keys, bounded nesting and token lengths. */
public final class Json {
  /** Deepest nesting of lists and objects that any file of a model needs, with room to spare. */
  public static final int MAX_NESTING = 64;

  /**
   * Keys are neither interned nor kept in a symbol table: both would hold on to an attacker's names
   * after the file is closed. NaN and Infinity are read because Python's writer emits them; whoever
   * asks for a number refuses them.
   */
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .configure(JsonFactory.Feature.INTERN_FIELD_NAMES, false)
          .configure(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES, false)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_NESTING)
                  .maxNameLength(1 << 16)
                  .build())
          .build();

  private Json() {}

  /** A parser over UTF-8 text; malformed bytes end in a {@link CharacterCodingException}. */
  public static JsonParser parser(InputStream utf8) throws IOException {
    // A decoder made this way reports malformed input, where Jackson's own reader is lenient.
    return FACTORY.createParser(new InputStreamReader(utf8, StandardCharsets.UTF_8.newDecoder()));
  }

  /** The strict parser's complaint as the loader's exception. */
  public static ModelFormatException malformed(Path file, String what, JacksonException complaint) {
    JsonLocation location = complaint.getLocation();
    String place =
        location == null
            ? what
            : what + " line " + location.getLineNr() + " column " + location.getColumnNr();
    return ModelFormatException.of(file, place, "valid JSON", complaint.getOriginalMessage());
  }

  /** The decoder's complaint as the loader's exception. */
  public static ModelFormatException notUtf8(Path file, String what) {
    return ModelFormatException.of(file, what, "UTF-8 text", "bytes that are no UTF-8");
  }
}
