package org.xlstm4j.models.lram;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.config.Config;

/** Action codes both ways against the original's. */
class ActionCodeTest {
  @Test
  void equalTheOriginals() throws IOException {
    Config config = Config.ofFolder(LramCases.folder("tokenizers"));
    try (Checkpoint expected = LramCases.expected("tokenizers")) {
      float[] values = expected.get("input.values").toFloats();
      long[] tokens = expected.get("input.tokens").toLongs();
      for (Config item : config.children("items")) {
        ActionCode code = code(item);
        String prefix = item.integer("index", 0, 10) + ".";
        boolean clamped = item.bool("input_clamped_to_one");
        long[] encoded = expected.get(prefix + "tokens").toLongs();
        for (int i = 0; i < encoded.length; i++) {
          float value = clamped ? Math.clamp(values[i], -1f, 1f) : values[i];
          assertEquals(encoded[i], code.encode(value), prefix + value);
        }
        float[] decoded = expected.get(prefix + "values_of_tokens").toFloats();
        for (int i = 0; i < decoded.length; i++) {
          double rounding = 2 * Math.ulp(Math.max(Math.abs(decoded[i]), 1));
          assertEquals(decoded[i], code.decode((int) tokens[i]), rounding, prefix + tokens[i]);
        }
      }
    }
  }

  private static ActionCode code(Config item) throws IOException {
    return new ActionCode(
        ActionCode.Kind.valueOf(item.text("kind").toUpperCase(Locale.ROOT)),
        item.integer("vocab_size", 1, 1000),
        item.integerOr("shift", 0, 0, 1000),
        (float) item.numberOr("min_val", -1),
        (float) item.numberOr("max_val", 1));
  }
}
