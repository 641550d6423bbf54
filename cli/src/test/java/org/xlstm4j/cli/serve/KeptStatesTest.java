package org.xlstm4j.cli.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xlstm4j.cli.serve.http.HttpLimits;
import org.xlstm4j.cli.serve.json.Fields;
import org.xlstm4j.cli.serve.language.StateLimits;
import org.xlstm4j.cli.serve.language.TextLimits;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.models.language.LanguageModel;
import org.xlstm4j.models.language.LanguageSession;
import org.xlstm4j.models.language.TextGenerator;
import org.xlstm4j.models.language.TextPiece;

/** Texts that go on from where others ended. */
class KeptStatesTest {
  private static final int TOKENS = 8;

  @TempDir private Path folder;

  private static TestServer start(StateLimits states) throws Exception {
    TextLimits limits = new TextLimits(2, 64, 1000, states);
    return TestServer.start(TestServer.OPEN, HttpLimits.usual(), limits);
  }

  private static Fields answer(TestServer server, String prompt) throws Exception {
    String text = prompt.replace("\n", "\\n").replace("\"", "\\\"");
    return server.answer(
        "/v1/completions",
        "{\"prompt\": \"" + text + "\", \"temperature\": 0, \"max_tokens\": " + TOKENS + "}");
  }

  private static String text(Fields answer) throws Exception {
    return answer.objects("choices").getFirst().text("text");
  }

  private static long count(Fields answer, String name) throws Exception {
    Fields usage = Objects.requireNonNull(answer.objectOr("usage"));
    Fields details = Objects.requireNonNull(usage.objectOr("prompt_tokens_details"));
    return (name.startsWith("cached") ? details : usage).integerOr(name, -1, 0, 1 << 20);
  }

  /**
   * Each turn's prompt is all that was before; only what is new of it is read, and the text is that
   * of one session which was never interrupted.
   */
  @Test
  void aConversationThatReturnsCostsItsNewTokens() throws Exception {
    Path shipped =
        Path.of(Objects.requireNonNull(System.getProperty("xlstm4j.pretrained")))
            .resolve("xlstm-large-mini-q8");
    try (TestServer server = start(StateLimits.usual());
        LanguageModel model = LanguageModel.open(shipped)) {
      TextGenerator generator = TextGenerator.of(model, shipped);
      LanguageSession session = model.newSession(Team.of(1));
      String conversation = "It was a dark and stormy night";
      for (int turn = 0; turn < 20; turn++) {
        int[] tokens = generator.tokenizer().encodeFromBegin(conversation);
        long before = session.position();
        StringBuilder expected = new StringBuilder();
        for (TextPiece piece :
            generator.stream(
                session,
                Arrays.copyOfRange(tokens, (int) before, tokens.length),
                generator.options().greedy().withMaxTokens(TOKENS))) {
          expected.append(piece.text());
        }
        Fields answer = answer(server, conversation);
        assertEquals(expected.toString(), text(answer), "turn " + turn);
        assertEquals(before, count(answer, "cached_tokens"));
        assertEquals(tokens.length, count(answer, "prompt_tokens"));
        conversation += expected + "\nAnd then";
      }
    }
  }

  @Test
  void statesOutliveTheServerOnTheDisk() throws Exception {
    StateLimits onDisk = new StateLimits(64 << 20, folder, 64 << 20);
    String before;
    try (TestServer server = start(onDisk)) {
      before = text(answer(server, "Once upon a time"));
    }
    try (TestServer server = start(onDisk)) {
      Fields after = answer(server, "Once upon a time");
      assertEquals(before, text(after));
      assertEquals(count(after, "prompt_tokens"), count(after, "cached_tokens"));
    }
  }

  /** The answer comes before its state is on the disk, so the server is closed meanwhile. */
  @Test
  void aServerEndsWhileItKeepsAState() throws Exception {
    StateLimits onDisk = new StateLimits(64 << 20, folder, 64 << 20);
    for (int i = 0; i < 10; i++) {
      String prompt = "Once upon a time " + i;
      try (TestServer server = start(onDisk)) {
        answer(server, prompt);
      }
      try (TestServer server = start(onDisk)) {
        Fields after = answer(server, prompt);
        assertEquals(count(after, "prompt_tokens"), count(after, "cached_tokens"));
      }
    }
  }
}
