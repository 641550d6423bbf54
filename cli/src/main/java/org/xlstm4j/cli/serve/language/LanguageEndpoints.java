package org.xlstm4j.cli.serve.language;

import java.io.IOException;
import java.io.PrintStream;
import org.xlstm4j.cli.serve.http.Routes;
import org.xlstm4j.cli.serve.metrics.Metrics;
import org.xlstm4j.cli.serve.models.ServedModels;
import org.xlstm4j.engine.threads.Team;

/** All that a server does with language models. Closing it ends the texts in progress. */
public final class LanguageEndpoints implements AutoCloseable {
  private final ServedLanguages languages;

  /**
   * Reads what the language models need, and begins to wait for texts.
   *
   * @param team the threads that texts compute with
   * @param log takes a line for each text that failed
   * @throws IOException if a model has no tokenizer
   */
  public LanguageEndpoints(
      ServedModels models,
      TextLimits limits,
      Team team,
      Metrics metrics,
      PrintStream log,
      Routes routes)
      throws IOException {
    languages = new ServedLanguages(models, limits, team, new DecodeMetrics(metrics), log);
    metrics.gauge("xlstm_texts_running", "Texts that are generated now.", languages::running);
    metrics.gauge("xlstm_requests_waiting", "Requests that wait.", languages::waiting);
    routes
        .post("/v1/completions", new CompletionsEndpoint(languages, limits.tokens()))
        .post("/v1/chat/completions", new ChatEndpoint(languages, limits.tokens()))
        .post("/tokenize", new TokenizeEndpoint(languages))
        .post("/detokenize", new DetokenizeEndpoint(languages));
  }

  @Override
  public void close() {
    languages.close();
  }
}
