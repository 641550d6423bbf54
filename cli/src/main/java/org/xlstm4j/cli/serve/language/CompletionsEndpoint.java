package org.xlstm4j.cli.serve.language;

import java.io.IOException;
import java.util.List;
import org.xlstm4j.cli.serve.http.ApiException;
import org.xlstm4j.cli.serve.http.Endpoint;
import org.xlstm4j.cli.serve.http.Exchange;
import org.xlstm4j.cli.serve.json.Fields;
import org.xlstm4j.cli.serve.json.JsonException;

/** Continues texts: {@code /v1/completions}. */
final class CompletionsEndpoint implements Endpoint {
  private static final int MOST_LOG_PROBABILITIES = 20;

  private final ServedLanguages languages;
  private final int mostTokens;

  CompletionsEndpoint(ServedLanguages languages, int mostTokens) {
    this.languages = languages;
    this.mostTokens = mostTokens;
  }

  @Override
  public void answer(Exchange exchange) throws ApiException, JsonException, IOException {
    Fields fields = exchange.fields(PromptField.NUMBERS);
    ServedLanguage model = languages.find(fields);
    List<int[]> prompts = PromptField.read(fields, model);
    SamplingFields sampling =
        SamplingFields.read(
            fields,
            model.generator().options(),
            model.generator().options().maxTokens(),
            mostTokens);
    if (fields.has("logprobs")) {
      int alternatives = (int) fields.integerOr("logprobs", 0, 0, MOST_LOG_PROBABILITIES);
      sampling = sampling.with(sampling.options().withLogProbabilities(alternatives));
    }
    boolean echo = fields.flagOr("echo", false);
    if (echo && fields.has("logprobs")) {
      throw new JsonException("echo", "echo together with logprobs is not supported");
    }
    fields.neutral("best_of", 1, sampling.count());
    fields.neutral("suffix", "");
    fields.refuseOthers();
    List<String> begins =
        prompts.stream().map(prompt -> echo ? model.texts().visible(prompt) : "").toList();
    TextAnswers.answer(
        exchange,
        new TextRequest(
            model,
            model.generator(),
            new CompletionFormat(model.texts()),
            prompts,
            begins,
            sampling));
  }
}
