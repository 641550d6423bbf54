package org.xlstm4j.cli.serve.language;

import java.util.List;
import org.xlstm4j.cli.serve.http.ApiException;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.models.chat.ChatMessage;
import org.xlstm4j.models.chat.ChatTemplate;
import org.xlstm4j.models.chat.ChatTemplateException;
import org.xlstm4j.models.language.GenerationOptions;
import org.xlstm4j.models.language.LanguageModel;
import org.xlstm4j.models.language.ModelTokenizer;
import org.xlstm4j.models.language.TextGenerator;

/**
 * How a model chats.
 *
 * @param template of its conversations
 * @param tokenizer of the model
 * @param generator of answers, which end where the template's turns do
 */
record ServedChat(ChatTemplate template, ModelTokenizer tokenizer, TextGenerator generator) {
  static ServedChat of(
      ChatTemplate template,
      LanguageModel model,
      ModelTokenizer tokenizer,
      GenerationOptions options,
      Team team) {
    TextGenerator generator =
        new TextGenerator(model, template.answering(tokenizer), options, team);
    return new ServedChat(template, tokenizer, generator);
  }

  /**
   * A conversation as the model reads it, up to where the answer begins.
   *
   * @throws ApiException if the template refuses it
   */
  int[] prompt(List<ChatMessage> messages) throws ApiException {
    try {
      return template.tokens(messages, true, tokenizer);
    } catch (ChatTemplateException e) {
      String message = String.valueOf(e.getMessage());
      String folder = tokenizer.folder() + "/";
      throw ApiException.invalid(message.replace(folder, ""), "messages");
    }
  }
}
