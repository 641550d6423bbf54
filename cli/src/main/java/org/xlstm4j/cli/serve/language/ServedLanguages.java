package org.xlstm4j.cli.serve.language;

import java.io.IOException;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.Map;
import org.xlstm4j.cli.serve.http.ApiException;
import org.xlstm4j.cli.serve.json.Fields;
import org.xlstm4j.cli.serve.json.JsonException;
import org.xlstm4j.cli.serve.models.ServedModel;
import org.xlstm4j.cli.serve.models.ServedModels;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.models.language.LanguageModel;

/** The language models of a server. Thread-safe. */
final class ServedLanguages implements AutoCloseable {
  private final ServedModels models;
  private final Map<String, ServedLanguage> languages = new HashMap<>();

  ServedLanguages(
      ServedModels models, TextLimits limits, Team team, DecodeMetrics metrics, PrintStream log)
      throws IOException {
    this.models = models;
    try {
      for (ServedModel served : models.of(LanguageModel.class)) {
        languages.put(served.name(), ServedLanguage.read(served, limits, team, metrics, log));
      }
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Texts that have begun and not ended. */
  long running() {
    return languages.values().stream().mapToLong(one -> one.scheduler().running()).sum();
  }

  /** Requests with texts that have not begun. */
  long waiting() {
    return languages.values().stream().mapToLong(one -> one.scheduler().waiting()).sum();
  }

  @Override
  public void close() {
    languages.values().forEach(ServedLanguage::close);
  }

  /** The model that a request's field {@code model} names. */
  ServedLanguage find(Fields fields) throws ApiException, JsonException {
    String name = fields.has("model") ? fields.text("model") : null;
    ServedModel served = models.find(name, LanguageModel.class, "continues texts");
    ServedLanguage language = languages.get(served.name());
    if (language == null) {
      throw new IllegalStateException(served.name());
    }
    return language;
  }
}
