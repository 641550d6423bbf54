package org.xlstm4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xlstm4j.loader.Config;

class GenerateCommandTest {
  private static final String PROMPT = "It was a dark and stormy night, and";

  private static Outcome greedy(String prompt, String... more) {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("generate", "--temperature", "0", "-p", prompt));
    arguments.addAll(List.of(more));
    return Outcome.of(arguments.toArray(String[]::new));
  }

  /** The reference's greedy text behind {@link #PROMPT}. */
  private static String reference() throws IOException {
    Config reference =
        Config.read(Outcome.pretrained("xlstm-large-mini").resolve("reference.json"));
    for (Config prompt : reference.children("prompts")) {
      if (prompt.text("prompt").equals(PROMPT)) {
        return prompt.text("greedy_text");
      }
    }
    throw new AssertionError("no such prompt in the reference");
  }

  @Test
  void theModelAsTrainedWritesTheReferencesText() throws IOException {
    Outcome outcome = greedy(PROMPT, "-n", "64", "-m", "xlstm-large-mini").assertDone();
    assertEquals(reference() + "\n", outcome.out());
  }

  @Test
  void theDefaultModelIsTheQuantizedOne() {
    Outcome outcome = greedy(PROMPT, "-n", "64").assertDone();
    String named = greedy(PROMPT, "-n", "64", "-m", "xlstm-large-mini-q8").assertDone().out();
    assertEquals(named, outcome.out());
  }

  @Test
  void aModelIsFoundByNameAndByFolder() {
    String folder = Outcome.pretrained("xlstm-lm").toString();
    String byName = greedy(PROMPT, "-n", "8", "-m", "xlstm-lm").assertDone().out();
    assertEquals(byName, greedy(PROMPT, "-n", "8", "-m", folder).assertDone().out());
    assertNotEquals(byName, greedy(PROMPT, "-n", "8").assertDone().out());
  }

  @Test
  void aPromptMayBeginWithTheAtSign() {
    Outcome outcome = greedy("@/etc/hostname", "-n", "4").assertDone();
    assertNotEquals(greedy("/etc/hostname", "-n", "4").assertDone().out(), outcome.out());
    greedy("@.", "-n", "1").assertDone();
  }

  @Test
  void aSessionMayHaveAnyName(@TempDir Path folder) {
    String session = folder.resolve("chat.pt").toString();
    greedy(PROMPT, "-n", "4", "--session", session).assertDone();
    greedy(" and", "-n", "4", "--session", session).assertDone();
  }

  @Test
  void aReaderThatHasEnoughLeavesTheSessionToGoOnFrom(@TempDir Path folder) throws IOException {
    Path session = folder.resolve("session");
    Writer closed =
        new Writer() {
          @Override
          public void write(char[] text, int from, int length) throws IOException {
            throw new ClosedOutputException(new IOException("Broken pipe"));
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Terminal terminal =
        new Terminal(
            new ByteArrayInputStream(new byte[0]),
            closed,
            new PrintStream(err, true, StandardCharsets.UTF_8),
            false);
    int status =
        Main.run(terminal, "generate", "-p", PROMPT, "-n", "4", "--session", session.toString());
    assertEquals(ExitStatus.DONE, status);
    assertEquals("", err.toString(StandardCharsets.UTF_8));
    greedy(" and", "-n", "4", "--session", session.toString()).assertDone();
  }

  @Test
  void theMinusSignReadsThePromptFromStandardInput() {
    String[] arguments = {"generate", "--temperature", "0", "-n", "8", "-p", "-"};
    Outcome outcome = Outcome.ofInput(PROMPT + "\n", arguments).assertDone();
    assertEquals(greedy(PROMPT, "-n", "8").out(), outcome.out());
    Outcome.of("generate", "-n", "1", "-p", "", "--no-bos").assertWrongUsage("-p TEXT");
  }

  @Test
  void aSessionGoesOnWhereItStopped(@TempDir Path temporary) throws IOException {
    Path file = temporary.resolve("session");
    String session = file.toString();
    String first = greedy(PROMPT, "-n", "5", "--session", session).assertDone().out();
    byte[] saved = Files.readAllBytes(file);
    String second = greedy(" Then", "-n", "6", "--session", session).assertDone().out();
    assertFalse(java.util.Arrays.equals(saved, Files.readAllBytes(file)));
    // the same in one text: what was written is part of the prompt
    String all = PROMPT + first.stripTrailing() + " Then";
    assertEquals(greedy(all, "-n", "6").assertDone().out(), second);
    Outcome.of("generate", "-m", "xlstm-lm", "-p", "x", "--session", session)
        .assertFailed(session, "expected");
    try (var files = Files.list(temporary)) {
      assertEquals(List.of(file), files.toList());
    }
  }

  @Test
  void theTextEndsBeforeTheStopText() throws IOException {
    String whole = reference();
    String stop = whole.substring(20, 27);
    Outcome outcome = greedy(PROMPT, "-n", "64", "--stop", "never this", "--stop", stop);
    assertEquals(whole.substring(0, whole.indexOf(stop)) + "\n", outcome.assertDone().out());
  }

  @Test
  void theSameSeedWritesTheSameText() {
    String[] one = {"generate", "-p", PROMPT, "-n", "24", "--seed", "7", "--temperature", "1"};
    String[] other = {"generate", "-p", PROMPT, "-n", "24", "--seed", "8", "--temperature", "1"};
    String text = Outcome.of(one).assertDone().out();
    assertEquals(text, Outcome.of(one).assertDone().out());
    assertNotEquals(text, Outcome.of(other).assertDone().out());
  }

  @Test
  void noTokensAreAnEmptyLine() {
    assertEquals("\n", greedy(PROMPT, "-n", "0").assertDone().out());
  }

  @Test
  void statisticsGoToStandardError() {
    Outcome outcome = greedy(PROMPT, "-n", "4", "--stats");
    assertEquals(ExitStatus.DONE, outcome.status());
    assertEquals(greedy(PROMPT, "-n", "4").out(), outcome.out());
    for (String word :
        new String[] {"load ", "prompt 12 tokens", "generated 4 tokens", "memory "}) {
      assertTrue(outcome.err().contains(word), outcome.err());
    }
  }

  /** Each piece is written and flushed by itself and is text of its own. */
  @Test
  void streamingNeverSplitsACharacter() {
    Pieces pieces = new Pieces();
    Terminal terminal =
        new Terminal(
            new ByteArrayInputStream(new byte[0]),
            pieces,
            new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
            false);
    // hot enough for tokens that are parts of characters
    String[] arguments = {
      "generate",
      "-p",
      "\ud83d\ude00",
      "-n",
      "120",
      "--temperature",
      "100",
      "--top-k",
      "0",
      "--seed",
      "5"
    };
    assertEquals(ExitStatus.DONE, Main.run(terminal, arguments));
    assertTrue(pieces.flushed.size() > 40, pieces.flushed.size() + " pieces");
    for (String piece : pieces.flushed) {
      assertFalse(Character.isLowSurrogate(piece.charAt(0)), piece);
      assertFalse(Character.isHighSurrogate(piece.charAt(piece.length() - 1)), piece);
    }
  }

  /** Remembers what was written between two flushes. */
  private static final class Pieces extends Writer {
    private final List<String> flushed = new ArrayList<>();
    private final StringBuilder open = new StringBuilder();

    @Override
    public void write(char[] characters, int offset, int length) {
      open.append(characters, offset, length);
    }

    @Override
    public void flush() {
      if (!open.isEmpty()) {
        flushed.add(open.toString());
        open.setLength(0);
      }
    }

    @Override
    public void close() {}
  }
}
