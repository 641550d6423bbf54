package org.xlstm4j.cli.serve.language;

import java.io.IOException;
import java.util.Collections;
import java.util.List;
import org.xlstm4j.cli.serve.http.ApiException;
import org.xlstm4j.cli.serve.http.EventStream;
import org.xlstm4j.cli.serve.http.Exchange;

/** Answers requests for texts, whole or streamed. */
final class TextAnswers {
  private TextAnswers() {}

  /**
   * Generates and answers.
   *
   * @param prompts tokens
   * @param begins what each prompt's texts begin with in the answer
   */
  static void answer(
      Exchange exchange,
      ServedLanguage model,
      AnswerFormat format,
      List<int[]> prompts,
      List<String> begins,
      SamplingFields fields)
      throws ApiException, IOException {
    AnswerHead head = AnswerHead.of(format, model.name());
    TokenCount count = new TokenCount(fields.count());
    boolean tokens = fields.options().logProbabilities().isPresent();
    List<String> all =
        begins.stream()
            .flatMap(begin -> Collections.nCopies(fields.count(), begin).stream())
            .toList();
    Texts running = Texts.begin(model, prompts, fields);
    if (!fields.stream()) {
      WholeAnswer answer = new WholeAnswer(format, head, count, all, tokens);
      running.passOn(exchange, answer);
      exchange.json(answer);
      return;
    }
    EventStream events = exchange.events();
    try {
      StreamedAnswer answer =
          new StreamedAnswer(format, head, count, model.texts(), all, tokens, events);
      running.passOn(exchange, answer);
      answer.done(fields.includeUsage());
    } catch (ApiException e) {
      events.error(e);
      events.done();
    }
  }
}
