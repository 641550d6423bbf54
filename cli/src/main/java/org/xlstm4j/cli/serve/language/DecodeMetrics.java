package org.xlstm4j.cli.serve.language;

import java.util.Locale;
import org.xlstm4j.cli.serve.metrics.Counter;
import org.xlstm4j.cli.serve.metrics.Histogram;
import org.xlstm4j.cli.serve.metrics.Metrics;
import org.xlstm4j.models.language.Usage;

/** What is counted and timed of texts. Thread-safe. */
final class DecodeMetrics {
  private final Counter promptTokens;
  private final Counter cachedTokens;
  private final Counter generatedTokens;
  private final Counter ends;
  private final Counter refused;
  private final Histogram first;
  private final Histogram next;

  DecodeMetrics(Metrics metrics) {
    promptTokens = metrics.counter("xlstm_prompt_tokens_total", "Tokens of prompts.", "model");
    cachedTokens =
        metrics.counter(
            "xlstm_cached_tokens_total", "Those of them that had not to be read.", "model");
    generatedTokens = metrics.counter("xlstm_generated_tokens_total", "Tokens generated.", "model");
    ends = metrics.counter("xlstm_texts_total", "Texts ended, by reason.", "model", "reason");
    refused = metrics.counter("xlstm_requests_refused_total", "Requests refused: queue full.");
    first =
        metrics.histogram(
            "xlstm_first_text_seconds", "From a request to the first piece of text.", "model");
    next = metrics.histogram("xlstm_next_text_seconds", "Between two pieces of a text.", "model");
  }

  void piece(String model, boolean isFirst, long nanos) {
    (isFirst ? first : next).add(nanos, model);
  }

  void ended(String model, Usage usage, int cached) {
    cachedTokens.add(cached, model);
    promptTokens.add(usage.promptTokens(), model);
    generatedTokens.add(usage.generatedTokens(), model);
    ends.add(1, model, usage.end().name().toLowerCase(Locale.ROOT));
  }

  void refused() {
    refused.add(1);
  }
}
