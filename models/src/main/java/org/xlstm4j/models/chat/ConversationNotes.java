package org.xlstm4j.models.chat;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.loader.config.Config;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.models.language.LanguageSession;
import org.xlstm4j.models.language.SessionFile;

/**
 * What is saved of a conversation with its session.
 *
 * @param messages all of them
 * @param digest of the prompt that the session has read before it wrote the last message; empty if
 *     that is unknown
 */
record ConversationNotes(List<ChatMessage> messages, String digest) {
  private static final String NOTE = "conversation";

  ConversationNotes(List<ChatMessage> messages, @Nullable ChatPrompt read) {
    this(messages, read == null ? "" : digest(read));
  }

  void save(LanguageSession session, Path file) throws IOException {
    List<Map<String, String>> written =
        messages.stream()
            .map(message -> Map.of("role", message.role(), "content", message.content()))
            .toList();
    Config notes = Config.empty(file).with("messages", written).with("read", digest);
    SessionFile.save(session, file, Map.of(NOTE, notes.toJson()));
  }

  /** Reads a file and puts the session where it was. */
  static ConversationNotes load(LanguageSession session, Path file) throws IOException {
    String json = SessionFile.load(session, file).get(NOTE);
    if (json == null) {
      throw ModelFormatException.of(
          file, NOTE, "a conversation", "a session that is none, as of a generated text");
    }
    Config notes = Config.parse(file, json);
    List<ChatMessage> messages = new ArrayList<>();
    for (Config message : notes.children("messages")) {
      messages.add(new ChatMessage(message.text("role"), message.text("content")));
    }
    return new ConversationNotes(messages, notes.text("read"));
  }

  /** What the session has read, if the template still makes the same of the messages. */
  @Nullable ChatPrompt sameRead(ChatTemplate template) {
    if (digest.isEmpty()) {
      return null;
    }
    try {
      ChatPrompt prompt = template.render(messages.subList(0, messages.size() - 1), true);
      return digest(prompt).equals(digest) ? prompt : null;
    } catch (ChatTemplateException e) {
      return null; // another template than the one it was saved with
    }
  }

  private static String digest(ChatPrompt prompt) {
    try {
      byte[] text = prompt.text().getBytes(UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
