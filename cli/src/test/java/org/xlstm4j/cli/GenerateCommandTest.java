package org.xlstm4j.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
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
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.xlstm4j.cli.process.ExitStatus;
import org.xlstm4j.cli.terminal.ClosedOutputException;
import org.xlstm4j.cli.terminal.Terminal;
import org.xlstm4j.loader.config.Config;

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
  void theMinusSignReadsThePromptFromStandardInputAsItIs() {
    String[] arguments = {"generate", "--temperature", "0", "-n", "8", "-p", "-"};
    for (String prompt : List.of(PROMPT, PROMPT + "\n\n", " \t" + PROMPT + " ")) {
      Outcome outcome = Outcome.ofInput(prompt, arguments).assertDone();
      assertEquals(greedy(prompt, "-n", "8").out(), outcome.out());
    }
    Outcome.of("generate", "-n", "1", "-p", "", "--no-bos").assertWrongUsage("-p TEXT");
  }

  @Test
  void standardInputThatIsNoUtf8IsRefused() {
    for (byte[] bytes : new byte[][] {{'a', (byte) 0xFF, 'b'}, {(byte) 0xE2, (byte) 0x82}}) {
      Outcome.ofInput(bytes, "generate", "-p", "-", "-n", "1").assertFailed("standard input");
    }
  }

  /** A model whose next token is a table of the current one. */
  private static Outcome table(String... more) {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("generate", "-m", Outcome.golden("text", "table").toString()));
    arguments.addAll(List.of(more));
    return Outcome.of(arguments.toArray(String[]::new));
  }

  @Test
  void anyOfTheConfiguredTokensEndsTheText() {
    assertEquals("b\n", table("-p", "a", "-n", "6").assertDone().out());
    Outcome stats = table("-p", "a", "-n", "6", "--stats");
    assertTrue(stats.err().contains("prompt 2 tokens"), stats.err());
    assertTrue(stats.err().contains("generated 2 tokens"), stats.err());
    assertTrue(stats.err().contains("ended by the model"), stats.err());
  }

  @Test
  void aTokenizerWithABeginTokenOfItsOwnGetsNoSecondOne(@TempDir Path temporary)
      throws IOException {
    Path table = Outcome.golden("text", "table");
    for (String name : List.of("config.json", "generation_config.json", "model.safetensors")) {
      Files.copy(table.resolve(name), temporary.resolve(name));
    }
    String tokenizer = Files.readString(table.resolve("tokenizer.json"));
    Files.writeString(
        temporary.resolve("tokenizer.json"),
        tokenizer.replace(
            "\"post_processor\": null",
            """
            "post_processor": {"type": "TemplateProcessing",
             "single": [{"SpecialToken": {"id": "<|endoftext|>", "type_id": 0}},
                        {"Sequence": {"id": "A", "type_id": 0}}],
             "pair": [],
             "special_tokens": {"<|endoftext|>":
               {"id": "<|endoftext|>", "ids": [256], "tokens": ["<|endoftext|>"]}}}
            """));
    String model = temporary.toString();
    String session = temporary.resolve("session").toString();
    String[][] calls = {{}, {"--no-bos"}, {"--session", session}, {"--session", session}};
    int[] expected = {2, 1, 2, 1};
    for (int i = 0; i < calls.length; i++) {
      List<String> arguments =
          new ArrayList<>(List.of("generate", "-m", model, "-p", "a", "-n", "1", "--stats"));
      arguments.addAll(List.of(calls[i]));
      String err = Outcome.of(arguments.toArray(String[]::new)).err();
      assertTrue(err.contains("prompt " + expected[i] + " tokens"), err);
    }
    Path text = Files.writeString(temporary.resolve("text"), "abab");
    Outcome perplexity = Outcome.of("perplexity", "-m", model, text.toString(), "--json");
    assertTrue(perplexity.assertDone().out().contains("\"tokens\":4"), perplexity.out());
  }

  @Test
  void aSessionGoesOnWithoutNewText(@TempDir Path temporary) {
    String session = temporary.resolve("session").toString();
    String whole = greedy(PROMPT, "-n", "12").assertDone().out();
    String first = greedy(PROMPT, "-n", "5", "--session", session).assertDone().out();
    String[] goOn = {"generate", "--temperature", "0", "-n", "4", "--session", session};
    String second = Outcome.of(goOn).assertDone().out();
    String third =
        Outcome.of("generate", "--temperature", "0", "-n", "3", "-p", "", "--session", session)
            .assertDone()
            .out();
    assertEquals(whole, first.replace("\n", "") + second.replace("\n", "") + third);
  }

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void aSessionKeepsItsModeAndItsLink(@TempDir Path temporary) throws IOException {
    Path file = temporary.resolve("session");
    Path link = Files.createSymbolicLink(temporary.resolve("link"), Path.of("session"));
    greedy(PROMPT, "-n", "2", "--session", link.toString()).assertDone();
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    greedy("", "-n", "2", "--session", link.toString()).assertDone();
    assertTrue(Files.isSymbolicLink(link));
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    String four = greedy(PROMPT, "-n", "4").out();
    assertTrue(four.endsWith(greedy("", "-n", "0", "--session", link.toString()).out()));
    try (var files = Files.list(temporary)) {
      assertEquals(List.of(link, file), files.sorted().toList());
    }
  }

  @Test
  void logProbabilitiesAreJsonLines(@TempDir Path temporary) throws IOException {
    String[] lines =
        table("-p", "x", "-n", "9", "--logprobs", "2").assertDone().out().split("\n", -1);
    assertEquals(10, lines.length, "nine tokens, the last of them the end token");
    assertEquals("", lines[9]);
    List<String> tokens = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      Config line = Config.read(Files.writeString(temporary.resolve("line.json"), lines[i]));
      assertEquals(
          List.of("token", "id", "logprob", "bytes", "top_logprobs"), List.copyOf(line.keys()));
      tokens.add(line.text("token"));
      List<Config> likeliest = line.children("top_logprobs");
      assertEquals(2, likeliest.size());
      assertEquals(line.integer("id", 0, 258), likeliest.getFirst().integer("id", 0, 258));
      assertEquals(line.number("logprob"), likeliest.getFirst().number("logprob"));
      assertTrue(line.number("logprob") < 0 && line.number("logprob") > -0.01);
      assertTrue(likeliest.get(1).number("logprob") < -5);
      assertEquals(
          List.of("token", "id", "logprob", "bytes"), List.copyOf(likeliest.get(1).keys()));
    }
    String half = "\ufffd";
    assertEquals(List.of(half, half, half, half, "E", "N", "D", "!", "<|endoftext|>"), tokens);
    assertArrayEquals(
        new int[] {0xF0},
        Config.read(Files.writeString(temporary.resolve("line.json"), lines[0]))
            .integers("bytes", 0, 255));
    table("-p", "x", "--logprobs", "-1").assertWrongUsage("--logprobs");
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
