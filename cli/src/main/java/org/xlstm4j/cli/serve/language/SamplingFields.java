package org.xlstm4j.cli.serve.language;

import java.util.List;
import org.xlstm4j.cli.serve.json.Fields;
import org.xlstm4j.cli.serve.json.JsonException;
import org.xlstm4j.models.language.GenerationOptions;
import org.xlstm4j.models.language.Sampler;

/**
 * The fields that completions and chats share.
 *
 * @param options how a text is generated
 * @param count of texts a prompt
 * @param stream whether text is sent as it comes
 * @param includeUsage whether a stream ends with the number of tokens
 */
record SamplingFields(GenerationOptions options, int count, boolean stream, boolean includeUsage) {
  private static final int MOST_TEXTS = 32;
  private static final int MOST_STOPS = 16;
  private static final int LONGEST_STOP = 1024;

  /**
   * Reads the fields; what is not given is the model's own.
   *
   * @param tokens most tokens of a text where the client does not say
   * @param most tokens that a client may ask for
   */
  static SamplingFields read(Fields fields, GenerationOptions models, int tokens, int most)
      throws JsonException {
    long limit = fields.integerOr("max_tokens", Math.min(tokens, most), 0, most);
    limit = fields.integerOr("max_completion_tokens", limit, 0, most);
    GenerationOptions options =
        models
            .withSampling(sampling(fields, models.sampling()))
            .withMaxTokens((int) limit)
            .withStops(stops(fields));
    if (fields.has("seed")) {
      options = options.withSeed(fields.integerOr("seed", 0, Long.MIN_VALUE, Long.MAX_VALUE));
    }
    int count = (int) fields.integerOr("n", 1, 1, MOST_TEXTS);
    boolean stream = fields.flagOr("stream", false);
    Fields streamOptions = fields.objectOr("stream_options");
    boolean includeUsage = false;
    if (streamOptions != null) {
      includeUsage = streamOptions.flagOr("include_usage", false);
      streamOptions.neutral("include_obfuscation", false);
      streamOptions.refuseOthers();
    }
    refuseWhatIsMissing(fields);
    return new SamplingFields(options, count, stream, includeUsage);
  }

  private static Sampler.Settings sampling(Fields fields, Sampler.Settings models)
      throws JsonException {
    String penalty = fields.has("repetition_penalty") ? "repetition_penalty" : "repeat_penalty";
    return new Sampler.Settings(
        fields.numberOr("temperature", models.temperature(), 0, 1e5),
        (int) Math.max(fields.integerOr("top_k", models.topK(), -1, Integer.MAX_VALUE), 0),
        fields.numberOr("top_p", models.topP(), Double.MIN_VALUE, 1),
        fields.numberOr("min_p", models.minP(), 0, 1),
        fields.numberOr(penalty, models.repeatPenalty(), 1e-5, 1e5));
  }

  private static String[] stops(Fields fields) throws JsonException {
    List<String> stops = fields.texts("stop", MOST_STOPS);
    for (String stop : stops) {
      if (stop.length() > LONGEST_STOP) {
        throw fields.wrong("stop", stop, "strings of at most " + LONGEST_STOP + " characters");
      }
    }
    return stops.toArray(String[]::new);
  }

  /** Fields of OpenAI's that would change the text, and do so here only if they are ignored. */
  private static void refuseWhatIsMissing(Fields fields) throws JsonException {
    fields.neutral("frequency_penalty", 0);
    fields.neutral("presence_penalty", 0);
    fields.neutral("logit_bias");
    fields.has("user"); // changes nothing
  }

  /** The options of one of the texts of a prompt: with a seed, each has one of its own. */
  GenerationOptions options(int number) {
    return options.seed().isPresent()
        ? options.withSeed(options.seed().getAsLong() + number)
        : options;
  }

  /** With other options. */
  SamplingFields with(GenerationOptions changed) {
    return new SamplingFields(changed, count, stream, includeUsage);
  }
}
