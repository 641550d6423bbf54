package org.xlstm4j.models.chat;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.models.language.EndReason;
import org.xlstm4j.models.language.GenerationOptions;
import org.xlstm4j.models.language.LanguageModel;
import org.xlstm4j.models.language.LanguageSession;
import org.xlstm4j.models.language.ModelTokenizer;
import org.xlstm4j.models.language.SessionFile;
import org.xlstm4j.models.language.TextGenerator;
import org.xlstm4j.models.language.TextPiece;
import org.xlstm4j.models.language.Usage;

/** Conversations with the model whose next token is a table of the current one. */
class ConversationTest {
  private static final Path TABLE = Path.of(System.getProperty("xlstm4j.golden"), "text", "table");

  /** The answer follows an x: it is {@link #ANSWER}. */
  private static final String PROMPTED =
      "{% for m in messages %}{{ m.role[0] + ':' + ('x' if m.role == 'assistant' else '') +"
          + " m.content + '<|im_end|>' }}{% endfor %}{% if add_generation_prompt %}a:x{% endif %}";

  private static final String ANSWER = "\ud83d\ude00END!";

  @TempDir private Path folder;
  private LanguageModel model;

  @BeforeEach
  void open() throws IOException {
    model = LanguageModel.open(TABLE);
  }

  @AfterEach
  void close() {
    model.close();
  }

  private Conversation conversation(String template) throws IOException {
    return conversation(template, model.newSession(Team.of(1)));
  }

  private Conversation conversation(String source, LanguageSession session) throws IOException {
    Path file = Files.writeString(folder.resolve("template.jinja"), source);
    ChatTemplate template = ChatTemplate.read(file, TABLE);
    ModelTokenizer tokenizer = template.answering(ModelTokenizer.read(TABLE, model));
    GenerationOptions options = GenerationOptions.read(TABLE).withMaxTokens(20);
    return new Conversation(
        template, new TextGenerator(model, tokenizer, options, Team.of(1)), session);
  }

  private static Usage take(ChatAnswer answer) {
    for (TextPiece piece : answer) {
      assertTrue(answer.text().endsWith(piece.text()));
    }
    return answer.finish();
  }

  @Test
  void aTurnCostsWhatItAdds() throws IOException {
    Conversation conversation = conversation(PROMPTED);
    conversation.setSystem("sys");
    ChatAnswer first = conversation.ask("hello");
    assertEquals("s:sys_u:hello_a:x".length(), take(first).promptTokens());
    assertEquals(ANSWER, first.text());
    for (int turn = 0; turn < 3; turn++) {
      ChatAnswer next = conversation.ask("<|im_end|>");
      assertEquals("_u:<|im_end|>_a:x".length(), take(next).promptTokens());
      assertEquals(ANSWER, next.text());
    }
    assertEquals(9, conversation.messages().size());
    assertEquals(ChatMessage.assistant(ANSWER), conversation.messages().getLast());
  }

  @Test
  void whatIsReadInPartsIsWhatIsReadAsOne() throws IOException {
    LanguageSession parts = model.newSession(Team.of(1));
    Conversation conversation = conversation(PROMPTED, parts);
    take(conversation.ask("one"));
    take(conversation.ask("two"));
    LanguageSession whole = model.newSession(Team.of(1));
    ModelTokenizer tokenizer = ModelTokenizer.read(TABLE, model);
    whole.feed(
        tokenizer.encode("u:one<|im_end|>a:x" + ANSWER + "<|im_end|>u:two<|im_end|>a:x" + ANSWER));
    assertEquals(whole.position(), parts.position());
    assertArrayEquals(whole.logits(), parts.logits(), 1e-5f);
  }

  @Test
  void earlierTurnsThatAreWrittenAnewAreReadAgain() throws IOException {
    Conversation conversation =
        conversation(
            "{% for m in messages %}{{ m.content }}{{ ';' if not loop.last }}{% endfor %}x");
    take(conversation.ask("one"));
    assertEquals("one;1234END!;two_".length(), take(conversation.ask("two")).promptTokens());
    conversation.setSystem("changed");
    conversation.setSystem("changed again");
    take(conversation.ask("three"));
    assertEquals("system", conversation.messages().getFirst().role());
    assertEquals(7, conversation.messages().size());
    conversation.reset();
    assertEquals("four_".length(), take(conversation.ask("four")).promptTokens());
  }

  @Test
  void aCancelledAnswerIsPartOfTheConversation() throws IOException {
    String endless = PROMPTED.replace("x'", "z'").replace("a:x", "a:z");
    Conversation conversation = conversation(endless);
    ChatAnswer answer = conversation.ask("go");
    Iterator<TextPiece> pieces = answer.iterator();
    String read = pieces.next().text() + pieces.next().text();
    answer.cancel();
    assertEquals(EndReason.CANCELLED, answer.finish().end());
    assertEquals("ww", read);
    assertEquals(ChatMessage.assistant("ww"), conversation.messages().getLast());
    // the mark before the letters is no text, but the session has written it
    assertEquals("_u:on_a:z".length(), take(conversation.ask("on")).promptTokens());

    conversation.reset();
    ChatAnswer none = conversation.ask("go");
    none.cancel();
    assertEquals(0, take(none).promptTokens());
    assertEquals(List.of(), conversation.messages());
    ChatAnswer unread = conversation.ask("go");
    ChatAnswer next = conversation.ask("again");
    assertEquals(EndReason.CANCELLED, unread.finish().end());
    assertEquals("u:again_a:z".length(), take(next).promptTokens());
  }

  @Test
  void behindAStopStringAllIsReadAgain() throws IOException {
    Conversation conversation = conversation(PROMPTED);
    ChatAnswer stopped = conversation.ask("one", conversation.options().withStops("ND"));
    assertEquals(EndReason.STOP, take(stopped).end());
    assertEquals("\ud83d\ude00E", stopped.text());
    assertEquals("u:one_a:x1234E_u:two_a:x".length(), take(conversation.ask("two")).promptTokens());
  }

  @Test
  void aConversationIsSavedWithItsSession() throws IOException {
    Path file = folder.resolve("talk");
    Conversation conversation = conversation(PROMPTED);
    conversation.setSystem("\ud83d\ude00 \"quoted\"\n");
    take(conversation.ask("one"));
    conversation.save(file);
    Conversation restored = conversation(PROMPTED);
    take(restored.ask("something else"));
    restored.load(file);
    assertEquals(conversation.messages(), restored.messages());
    assertEquals("_u:two_a:x".length(), take(restored.ask("two")).promptTokens());
    Conversation other = conversation(PROMPTED.replace("u", "\u0075ser").replace("':'", "'='"));
    other.load(file);
    assertTrue(take(other.ask("two")).promptTokens() > 30);
    Conversation empty = conversation(PROMPTED);
    empty.save(file);
    restored.load(file);
    assertEquals(List.of(), restored.messages());
    assertEquals("u:two_a:x".length(), take(restored.ask("two")).promptTokens());
  }

  @Test
  void aSessionThatIsNoConversationIsRefused() throws IOException {
    Path file = folder.resolve("text");
    LanguageSession session = model.newSession(Team.of(1));
    session.feed(1, 2, 3);
    SessionFile.save(session, file);
    Conversation conversation = conversation(PROMPTED);
    assertThrows(ModelFormatException.class, () -> conversation.load(file));
    take(conversation.ask("one"));
    conversation.save(file);
    byte[] saved = Files.readAllBytes(file);
    String header = new String(saved, java.nio.charset.StandardCharsets.ISO_8859_1);
    saved[header.indexOf("one")] = 'O';
    Files.write(file, saved);
    assertThrows(ModelFormatException.class, () -> conversation.load(file));
  }

  @Test
  void aRefusedQuestionIsNotPartOfTheConversation() throws IOException {
    Conversation conversation =
        conversation(
            "{% if messages[-1].content == 'no' %}{{ raise_exception('no') }}{% endif %}"
                + PROMPTED);
    take(conversation.ask("one"));
    assertThrows(ChatTemplateException.class, () -> conversation.ask("no"));
    assertEquals("_u:two_a:x".length(), take(conversation.ask("two")).promptTokens());
  }

  @Test
  void aModelWithoutATemplateIsNoneForConversations() {
    ModelFormatException refused =
        assertThrows(ModelFormatException.class, () -> Conversation.of(model, TABLE));
    assertTrue(refused.getMessage().contains("chat template"), refused.getMessage());
  }
}
