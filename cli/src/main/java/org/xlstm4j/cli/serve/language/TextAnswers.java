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

  /** Generates and answers. */
  static void answer(Exchange exchange, TextRequest request) throws ApiException, IOException {
    SamplingFields sampling = request.sampling();
    AnswerFormat format = request.format();
    AnswerHead head = AnswerHead.of(format, request.model().name());
    TokenCount count = new TokenCount(sampling.count());
    boolean tokens = sampling.options().logProbabilities().isPresent();
    List<String> begins =
        request.begins().stream()
            .flatMap(begin -> Collections.nCopies(sampling.count(), begin).stream())
            .toList();
    Texts texts = Texts.begin(request);
    if (!sampling.stream()) {
      WholeAnswer answer = new WholeAnswer(exchange, format, head, count, begins, tokens);
      texts.passOn(exchange, answer);
      exchange.json(answer);
      return;
    }
    EventStream events = exchange.events();
    try {
      StreamedAnswer answer =
          new StreamedAnswer(format, head, count, request.model().texts(), begins, tokens, events);
      texts.passOn(exchange, answer);
      answer.done(sampling.includeUsage());
    } catch (ApiException e) {
      events.error(e);
      events.done();
    }
  }
}
