package org.xlstm4j.cli.serve.language;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.xlstm4j.cli.serve.http.ApiException;
import org.xlstm4j.cli.serve.http.Endpoint;
import org.xlstm4j.cli.serve.http.Exchange;
import org.xlstm4j.cli.serve.json.Fields;
import org.xlstm4j.cli.serve.json.JsonException;
import org.xlstm4j.models.chat.ChatMessage;

/** Answers in conversations: {@code /v1/chat/completions}. */
final class ChatEndpoint implements Endpoint {
  private static final int MOST_ALTERNATIVES = 20;

  private final ServedLanguages languages;
  private final int mostTokens;

  ChatEndpoint(ServedLanguages languages, int mostTokens) {
    this.languages = languages;
    this.mostTokens = mostTokens;
  }

  @Override
  public void answer(Exchange exchange) throws ApiException, JsonException, IOException {
    Fields fields = exchange.fields();
    ServedLanguage model = languages.find(fields);
    ServedChat chat = chat(model);
    int[] prompt = chat.prompt(messages(fields));
    SamplingFields sampling =
        SamplingFields.read(fields, chat.generator().options(), mostTokens, mostTokens);
    sampling = withLogProbabilities(fields, sampling);
    refuseWhatIsMissing(fields);
    fields.refuseOthers();
    TextAnswers.answer(
        exchange,
        new TextRequest(
            model,
            chat.generator(),
            new ChatFormat(model.texts()),
            List.of(prompt),
            List.of(""),
            sampling));
  }

  private static ServedChat chat(ServedLanguage model) throws ApiException {
    ServedChat chat = model.chat();
    if (chat == null) {
      throw ApiException.invalid(
          "the model '"
              + model.name()
              + "' is no chat model: it has no chat template; /v1/completions works with it",
          "model");
    }
    return chat;
  }

  private static List<ChatMessage> messages(Fields fields) throws JsonException {
    List<ChatMessage> messages = new ArrayList<>();
    for (Fields message : fields.objects("messages")) {
      messages.add(new ChatMessage(message.text("role"), content(message)));
      message.neutral("tool_calls");
      boolean unused = message.has("name");
      message.refuseOthers();
    }
    if (messages.isEmpty()) {
      throw fields.wrong("messages", List.of(), "at least one message");
    }
    return messages;
  }

  private static SamplingFields withLogProbabilities(Fields fields, SamplingFields sampling)
      throws JsonException {
    int alternatives = (int) fields.integerOr("top_logprobs", 0, 0, MOST_ALTERNATIVES);
    if (fields.flagOr("logprobs", false)) {
      return sampling.with(sampling.options().withLogProbabilities(alternatives));
    } else if (alternatives > 0) {
      throw new JsonException("top_logprobs", "top_logprobs needs logprobs to be true");
    }
    return sampling;
  }

  private static void refuseWhatIsMissing(Fields fields) throws JsonException {
    fields.neutral("tools");
    fields.neutral("tool_choice", "none", "auto");
    fields.neutral("parallel_tool_calls", true, false);
    fields.neutral("functions");
    fields.neutral("function_call", "none", "auto");
    fields.neutral("service_tier", "auto", "default");
    fields.neutral("store", false);
    fields.neutral("metadata");
    Fields format = fields.objectOr("response_format");
    if (format != null) {
      format.neutral("type", "text");
      format.refuseOthers();
    }
    if (fields.value("modalities") instanceof List<?> list && !list.equals(List.of("text"))) {
      throw fields.wrong("modalities", list, "text alone");
    }
  }

  /** A message's text: a string, or parts of type {@code text}, one behind the other. */
  private static String content(Fields message) throws JsonException {
    if (!(message.value("content") instanceof List<?>)) {
      return message.text("content");
    }
    List<String> parts = new ArrayList<>();
    for (Fields part : message.objects("content")) {
      part.neutral("type", "text");
      parts.add(part.text("text"));
      part.refuseOthers();
    }
    return String.join("", parts);
  }
}
