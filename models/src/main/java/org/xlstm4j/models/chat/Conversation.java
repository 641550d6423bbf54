package org.xlstm4j.models.chat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.models.language.EndReason;
import org.xlstm4j.models.language.GenerationOptions;
import org.xlstm4j.models.language.LanguageModel;
import org.xlstm4j.models.language.LanguageSession;
import org.xlstm4j.models.language.ModelTokenizer;
import org.xlstm4j.models.language.SessionFile;
import org.xlstm4j.models.language.TextGenerator;
import org.xlstm4j.models.language.Usage;

/**
 * A conversation with a model, whose memory is one session: a turn costs the tokens that it adds.
 * Only if the model's template changes earlier turns, all of it is read again.
 *
 * <pre>{@code
 * try (LanguageModel model = LanguageModel.open(folder)) {
 *   Conversation conversation = Conversation.of(model, folder);
 *   for (TextPiece piece : conversation.ask("What is a recurrent network?")) {
 *     System.out.print(piece.text());
 *   }
 * }
 * }</pre>
 *
 * <p>Belongs to one thread, but for {@link ChatAnswer#cancel}.
 */
public final class Conversation {
  private final ChatTemplate template;
  private final TextGenerator generator;
  private final LanguageSession session;
  private final List<ChatMessage> messages = new ArrayList<>();

  /** What the session has read, apart from what it has written since; null if that is unknown. */
  private @Nullable ChatPrompt read;

  /** What it has written since. */
  private String written = "";

  private @Nullable ChatAnswer open;

  /**
   * A conversation without messages.
   *
   * @param template of the model
   * @param generator of the model, whose tokenizer knows what ends an answer: {@link
   *     ChatTemplate#answering}
   * @param session of the model, for this conversation alone
   */
  public Conversation(ChatTemplate template, TextGenerator generator, LanguageSession session) {
    this.template = template;
    this.generator = generator;
    this.session = session;
  }

  /**
   * A conversation by what the model's folder holds, with as many threads as the machine has
   * physical cores.
   *
   * @param model must stay open meanwhile
   * @param folder the model's
   * @return a conversation without messages
   * @throws ModelFormatException if the folder holds no chat template, or a file is malformed
   * @throws IOException if a file cannot be read
   */
  public static Conversation of(LanguageModel model, Path folder) throws IOException {
    Optional<ChatTemplate> template = ChatTemplate.find(folder);
    if (template.isEmpty()) {
      throw ModelFormatException.of(
          folder, "chat template", "one in " + ChatTemplate.FILE_NAME, "a model that has none");
    }
    Team team = Team.ofPhysicalCores();
    ModelTokenizer tokenizer = template.get().answering(ModelTokenizer.read(folder, model));
    GenerationOptions options = GenerationOptions.read(folder);
    return new Conversation(
        template.get(), new TextGenerator(model, tokenizer, options, team), model.newSession(team));
  }

  /**
   * What was said so far.
   *
   * @return a copy, in order
   */
  public List<ChatMessage> messages() {
    return List.copyOf(messages);
  }

  /**
   * What is used where a question comes without options.
   *
   * @return the model's own, to begin others with
   */
  public GenerationOptions options() {
    return generator.options();
  }

  /**
   * Sets the system message, in place of the one before. If there have been turns, the next one
   * reads all of them again.
   *
   * @param text any text; an empty one removes the message
   */
  public void setSystem(String text) {
    closeAnswer();
    if (!messages.isEmpty() && messages.getFirst().role().equals("system")) {
      messages.removeFirst();
    }
    if (!text.isEmpty()) {
      messages.addFirst(ChatMessage.system(text));
    }
  }

  /** Forgets all messages. */
  public void reset() {
    closeAnswer();
    messages.clear();
    read = null;
  }

  /**
   * Asks with the model's own options.
   *
   * @param question any text
   * @return the answer
   * @throws ChatTemplateException if the template refuses the conversation
   */
  public ChatAnswer ask(String question) {
    return ask(question, options());
  }

  /**
   * Asks. The question and the answer become part of the conversation; an answer that was cancelled
   * before it began takes its question away with it.
   *
   * @param question any text
   * @param how for how long, and how tokens are chosen
   * @return the answer; nothing is computed before its first piece is asked for
   * @throws ChatTemplateException if the template refuses the conversation
   */
  public ChatAnswer ask(String question, GenerationOptions how) {
    closeAnswer();
    messages.add(ChatMessage.user(question));
    try {
      ChatPrompt prompt = template.render(messages, true);
      Optional<ChatPrompt> rest = rest(prompt);
      if (rest.isEmpty() && isPadded()) {
        // some templates write answers without the space around them, but models write it
        messages.set(messages.size() - 2, ChatMessage.assistant(written.strip()));
        prompt = template.render(messages, true);
        rest = rest(prompt);
      }
      if (rest.isEmpty()) {
        session.reset();
      }
      int[] tokens = rest.orElse(prompt).tokens(generator.tokenizer());
      ChatAnswer answer =
          new ChatAnswer(this, prompt, tokens.length, generator.stream(session, tokens, how));
      read = null;
      open = answer;
      return answer;
    } catch (RuntimeException e) {
      messages.removeLast();
      throw e;
    }
  }

  private Optional<ChatPrompt> rest(ChatPrompt prompt) {
    return read == null ? Optional.empty() : prompt.beyond(read, written);
  }

  private boolean isPadded() {
    return read != null && !written.equals(written.strip());
  }

  private void closeAnswer() {
    if (open != null) {
      open.finish();
    }
  }

  /** Takes an answer in that has ended; {@code whole} if the session has all of it. */
  void answered(ChatPrompt prompt, String text, Usage usage, boolean whole) {
    open = null;
    if (usage.end() == EndReason.CANCELLED && text.isEmpty()) {
      messages.removeLast();
      return;
    }
    messages.add(ChatMessage.assistant(text));
    written = text;
    // a stop string is not part of the text, but the session has read it
    read = whole && usage.end() != EndReason.STOP ? prompt : null;
  }

  /**
   * Saves the conversation with the session's state, to go on from there at once.
   *
   * @param file where to; replaced as a whole, as by {@link SessionFile}
   * @throws IOException if it cannot be written
   */
  public void save(Path file) throws IOException {
    closeAnswer();
    new ConversationNotes(messages, read).save(session, file);
  }

  /**
   * Goes on with a saved conversation, in place of this one's messages. If the template has changed
   * meanwhile, the next turn reads all messages again.
   *
   * @param file written by {@link #save}
   * @throws ModelFormatException if the file is damaged, or of another model, or no conversation;
   *     this conversation is empty then
   * @throws IOException if it cannot be read
   */
  public void load(Path file) throws IOException {
    reset();
    ConversationNotes notes = ConversationNotes.load(session, file);
    messages.addAll(notes.messages());
    if (!messages.isEmpty()) {
      written = messages.getLast().content();
      read = notes.sameRead(template);
    }
  }
}
