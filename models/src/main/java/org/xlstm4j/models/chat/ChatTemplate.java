package org.xlstm4j.models.chat;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.loader.config.Config;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.loader.tokenizer.Tokenizer;
import org.xlstm4j.models.chat.template.JinjaTemplate;
import org.xlstm4j.models.chat.template.MarkedText;
import org.xlstm4j.models.chat.template.TemplateException;
import org.xlstm4j.models.chat.template.TemplateValue;
import org.xlstm4j.models.language.ModelTokenizer;

/**
 * How a model wants conversations to be written: the chat template of its folder, in the part of
 * the Jinja language that published templates use, as the transformers library renders it.
 *
 * <p>What messages say is never taken for a special token. A role counts as a part of the template
 * only if it is one of the usual ones.
 *
 * <p>Immutable and thread-safe. Rendering is bounded in steps, depth and length.
 */
public final class ChatTemplate {
  /** The file of a model's folder that has nothing but the template. */
  public static final String FILE_NAME = "chat_template.jinja";

  private static final String CONFIG_NAME = "tokenizer_config.json";

  /** Roles that a template may make special tokens of. */
  private static final Set<String> ROLES =
      Set.of("system", "developer", "user", "assistant", "tool", "function", "ipython");

  /** What a message counts as, besides its own characters, in the work that a template may do. */
  private static final int CHARACTERS_PER_MESSAGE = 100;

  private static final List<String> SPECIAL_TOKENS =
      List.of(
          "bos_token",
          "eos_token",
          "unk_token",
          "sep_token",
          "pad_token",
          "cls_token",
          "mask_token");

  private final Path file;
  private final JinjaTemplate template;
  private final Map<String, String> specialTokens;
  private final Clock clock;

  private ChatTemplate(
      Path file, JinjaTemplate template, Map<String, String> specialTokens, Clock clock) {
    this.file = file;
    this.template = template;
    this.specialTokens = Map.copyOf(specialTokens);
    this.clock = clock;
  }

  /**
   * The template of a model: {@code chat_template.jinja}, else {@code chat_template} of {@code
   * tokenizer_config.json}, a text or a list of named ones, of which {@code default} counts.
   *
   * @param model its folder, or the file with its weights in that folder
   * @return the template, or nothing if the model is none for conversations
   * @throws ModelFormatException if a file is malformed, or the template uses what is not supported
   * @throws IOException if a file cannot be read
   */
  public static Optional<ChatTemplate> find(Path model) throws IOException {
    Path file = sibling(model, FILE_NAME);
    if (Files.exists(file)) {
      return Optional.of(read(file, model));
    }
    Path configured = sibling(model, CONFIG_NAME);
    if (!Files.exists(configured)) {
      return Optional.empty();
    }
    String source = source(Config.read(configured));
    return source == null ? Optional.empty() : Optional.of(of(source, configured, model));
  }

  /**
   * A template of another file than the model's own.
   *
   * @param file in the Jinja language, UTF-8
   * @param model folder of the model, whose special tokens the template can name
   * @return the template
   * @throws ModelFormatException if a file is malformed, or the template uses what is not supported
   * @throws IOException if a file cannot be read
   */
  public static ChatTemplate read(Path file, Path model) throws IOException {
    long size = Files.size(file);
    if (size > JinjaTemplate.LONGEST) {
      throw ModelFormatException.of(
          file, "length", "at most " + JinjaTemplate.LONGEST + " bytes", size + " bytes");
    }
    try {
      String source =
          UTF_8.newDecoder().decode(ByteBuffer.wrap(Files.readAllBytes(file))).toString();
      return of(source, file, model);
    } catch (CharacterCodingException e) {
      throw ModelFormatException.of(file, "text", "UTF-8", "other bytes");
    }
  }

  private static ChatTemplate of(String source, Path file, Path model) throws IOException {
    try {
      return new ChatTemplate(
          file,
          JinjaTemplate.parse(source),
          specialTokens(model),
          Clock.system(ZoneId.systemDefault()));
    } catch (TemplateException e) {
      throw ModelFormatException.of(
          file, place(e), "a chat template", String.valueOf(e.getMessage()));
    }
  }

  private static String place(TemplateException e) {
    return e.line() > 0 ? "line " + e.line() + " of the template" : "template";
  }

  private static Path sibling(Path model, String name) {
    return Files.isDirectory(model) ? model.resolve(name) : model.resolveSibling(name);
  }

  private static @Nullable String source(Config config) throws IOException {
    String key = "chat_template";
    if (config.kind(key) != Config.Kind.LIST) {
      return config.kind(key) == Config.Kind.ABSENT || config.isNull(key) ? null : config.text(key);
    }
    List<Config> named = config.children(key);
    for (Config one : named) {
      if (one.text("name").equals("default")) {
        return one.text("template");
      }
    }
    return named.isEmpty() ? null : named.getFirst().text("template");
  }

  /** The texts of special tokens by their names; those of the tokenizer's configuration count. */
  private static Map<String, String> specialTokens(Path model) throws IOException {
    Map<String, String> tokens = new HashMap<>();
    for (String name : List.of("special_tokens_map.json", CONFIG_NAME)) {
      Path file = sibling(model, name);
      if (Files.exists(file)) {
        Config config = Config.read(file);
        for (String token : SPECIAL_TOKENS) {
          switch (config.kind(token)) {
            case TEXT -> tokens.put(token, config.text(token));
            case OBJECT -> tokens.put(token, config.child(token).text("content"));
            default -> {}
          }
        }
      }
    }
    return tokens;
  }

  /** This template at another time, for tests. */
  ChatTemplate withClock(Clock other) {
    return new ChatTemplate(file, template, specialTokens, other);
  }

  /**
   * A conversation as the text that the model reads.
   *
   * @param messages all of it
   * @param addGenerationPrompt whether the text goes on up to where the assistant's answer begins
   * @return the text
   * @throws ChatTemplateException if the template refuses the conversation, which says why, or
   *     fails
   */
  public ChatPrompt render(List<ChatMessage> messages, boolean addGenerationPrompt) {
    List<TemplateValue> values = new ArrayList<>();
    long characters = 0;
    for (ChatMessage message : messages) {
      values.add(value(message));
      characters += CHARACTERS_PER_MESSAGE + message.content().length();
    }
    Map<String, TemplateValue> variables = new HashMap<>();
    specialTokens.forEach((name, token) -> variables.put(name, TemplateValue.of(token)));
    variables.put("messages", TemplateValue.list(values));
    variables.put("tools", TemplateValue.NONE);
    variables.put("documents", TemplateValue.NONE);
    variables.put("add_generation_prompt", TemplateValue.of(addGenerationPrompt));
    try {
      return new ChatPrompt(template.render(variables, clock, characters));
    } catch (TemplateException e) {
      throw new ChatTemplateException(file + ": " + place(e) + ": " + e.getMessage(), e.line(), e);
    }
  }

  private static TemplateValue value(ChatMessage message) {
    String role = message.role();
    MarkedText marked = ROLES.contains(role) ? MarkedText.of(role) : MarkedText.foreign(role);
    Map<TemplateValue, TemplateValue> fields = new LinkedHashMap<>();
    fields.put(TemplateValue.of("role"), TemplateValue.of(marked));
    fields.put(
        TemplateValue.of("content"), TemplateValue.of(MarkedText.foreign(message.content())));
    return TemplateValue.fields(fields);
  }

  /**
   * A conversation as tokens, to be fed to a new session.
   *
   * @param messages all of it
   * @param addGenerationPrompt whether the tokens go on up to where the assistant's answer begins
   * @param tokenizer the model's
   * @return their ids
   * @throws ChatTemplateException if the template refuses the conversation, which says why, or
   *     fails
   * @throws java.io.UncheckedIOException if the tokenizer is of a model with a larger vocabulary
   */
  public int[] tokens(
      List<ChatMessage> messages, boolean addGenerationPrompt, ModelTokenizer tokenizer) {
    return render(messages, addGenerationPrompt).tokens(tokenizer);
  }

  /**
   * The tokens that end an answer: those that end the model's texts, the tokenizer's {@code
   * eos_token}, and the special token that the template puts behind an assistant's message.
   *
   * @param tokenizer the model's
   * @return the same with these tokens as its ends, for generating answers
   */
  public ModelTokenizer answering(ModelTokenizer tokenizer) {
    Tokenizer tokens = tokenizer.tokenizer();
    Set<Integer> ends = new LinkedHashSet<>(tokenizer.special().ends());
    int end = tokens.idOf(specialTokens.getOrDefault("eos_token", ""));
    if (tokens.isAdded(end)) {
      ends.add(end);
    }
    int turnEnd = turnEnd(tokenizer);
    if (turnEnd >= 0) {
      ends.add(turnEnd);
    }
    return tokenizer.withEnds(ends);
  }

  /** The added token right behind an assistant's message, or -1 if something else is there. */
  private int turnEnd(ModelTokenizer tokenizer) {
    String answer = "an answer of the assistant";
    List<ChatMessage> messages =
        List.of(ChatMessage.user("question"), ChatMessage.assistant(answer));
    try {
      ChatPrompt prompt = render(messages, false);
      int behind = prompt.text().lastIndexOf(answer) + answer.length();
      if (behind < answer.length() || !prompt.foreign().get(behind - 1)) {
        return -1;
      }
      for (int id : tokenizer.encode(prompt.text().substring(behind).strip())) {
        return tokenizer.tokenizer().isAdded(id) ? id : -1;
      }
    } catch (ChatTemplateException | ModelFormatException e) {
      // such a conversation is none for this template, or none for this model
    }
    return -1;
  }
}
