package org.xlstm4j.cli;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Collection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xlstm4j.cli.process.ExitStatus;

/** What all commands have in common. */
class CommandLineTest {
  static Collection<String> commands() {
    return Main.commands();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void helpGoesToStandardOutputAndHoldsAnExample(String command) {
    Outcome help = Outcome.of(command, "--help").assertDone();
    assertTrue(help.out().startsWith("Usage: xlstm " + command), help.out());
    assertTrue(help.out().contains("Example"), help.out());
    assertTrue(help.out().contains("\n  xlstm " + command), help.out());
    assertTrue(help.out().contains("--debug"), help.out());
    assertTrue(help.out().lines().allMatch(line -> line.length() <= 80), help.out());
  }

  /** Not even where picocli takes the output for a terminal's. */
  @ParameterizedTest
  @MethodSource("commands")
  void nothingIsColored(String command) {
    System.setProperty("picocli.ansi", "true");
    try {
      Outcome help = Outcome.of(command, "--help");
      Outcome wrong = Outcome.of(command, "--no-such-option");
      Outcome none = Outcome.of();
      assertEquals(-1, (help.out() + wrong.err() + none.err()).indexOf('\u001b'));
    } finally {
      System.clearProperty("picocli.ansi");
    }
  }

  @ParameterizedTest
  @MethodSource("commands")
  void anUnknownOptionIsWrongUsage(String command) {
    Outcome.of(command, "--no-such-option")
        .assertWrongUsage("xlstm " + command, "--no-such-option");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "act",
        "bench",
        "classify",
        "forecast",
        "generate",
        "inspect",
        "perplexity",
        "quantize",
        "run",
        "verify"
      })
  void whateverOpensAModelCanReadItIntoMemory(String command) {
    Outcome help = Outcome.of(command, "--help").assertDone();
    assertTrue(help.out().contains("--no-mmap"), help.out());
  }

  @Test
  void theProgramsHelpListsEveryCommand() {
    Outcome help = Outcome.of("--help").assertDone();
    for (String command : Main.commands()) {
      assertTrue(help.out().contains("\n  " + command + " "), command);
    }
  }

  @Test
  void noCommandAtAllShowsTheHelpAsWrongUsage() {
    Outcome nothing = Outcome.of();
    assertEquals(ExitStatus.USAGE, nothing.status());
    assertEquals("", nothing.out());
    assertTrue(nothing.err().contains("generate"), nothing.err());
  }

  @Test
  void aMistypedCommandIsWrongUsageWithASuggestion() {
    Outcome.of("generat").assertWrongUsage("no command 'generat'", "generate");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "generate -p x -n many",
        "generate -p x --threads -1",
        "generate -p x --temperature -1",
        "generate -p x --top-p 1.5",
        "generate -p x -n -1",
        "generate -p x --seed x",
        "perplexity -m xlstm-large-mini",
        "perplexity book.txt",
        "perplexity -m xlstm-large-mini book.txt --window -3",
        "run -m xlstm-large-mini --input in.safetensors",
        "run --input in.safetensors --output out.safetensors",
        "run -m xlstm-large-mini --input in --output out --mode sideways",
        "verify -m xlstm-large-mini",
        "verify reference.safetensors",
        "tokenize -p text",
        "tokenize -m xlstm-large-mini",
        "tokenize -m xlstm-large-mini -p text --jsonl",
        "tokenize -m xlstm-large-mini --decode -p seven",
        "bench -m xlstm-large-mini --type q8",
        "bench --random config.json --type q3",
        "bench -m xlstm-large-mini --batch 0",
        "bench -m vil-fashion --batch 2",
        "pull",
        "pull model",
        "pull org/../model",
        "pull org/model@",
        "pull org/model surplus",
        "models surplus",
        "version surplus"
      })
  void wrongUsageIsOneLine(String line) {
    Outcome.of(line.split(" ")).assertWrongUsage("--help");
  }

  /** The pieces of a text are that text, whatever it looks like. */
  @ParameterizedTest
  @ValueSource(strings = {"--help", "-h", "--debug", "-m", "-p", "@file", "--no-such"})
  void aTextMayLookLikeAnOption(String text) {
    for (String[] option : new String[][] {{"-p", text}, {"-p=" + text}, {"--prompt=" + text}}) {
      String[] arguments = new String[3 + option.length];
      arguments[0] = "tokenize";
      arguments[1] = "-m";
      arguments[2] = "xlstm-large-mini";
      System.arraycopy(option, 0, arguments, 3, option.length);
      String out = Outcome.of(arguments).assertDone().out();
      String pieces =
          out.lines().skip(1).map(line -> line.substring(line.indexOf('"'))).collect(joining());
      assertEquals(text, pieces.replace("\"", ""));
    }
  }

  /** The JVM puts U+FFFD for bytes that it cannot decode: the text would be another one. */
  @Test
  void anArgumentThatIsNoTextIsRefused() {
    Outcome.of("tokenize", "-m", "xlstm-large-mini", "-p", "F\ufffd\ufffdr")
        .assertWrongUsage("argument 5", "UTF-8", "LC_ALL");
  }

  @Test
  void aLongArgumentKeepsNothingBusy() {
    String argument = " -x ".repeat(30_000);
    assertTimeoutPreemptively(
        Duration.ofSeconds(5),
        () -> {
          Outcome.of(argument).assertWrongUsage("no command");
          Outcome.of("forecast", "x.csv", argument).assertWrongUsage("forecast");
          Outcome.of("forecast", "x.csv", "--" + argument).assertWrongUsage("forecast");
        });
  }

  @Test
  void debugAddsTheStackTrace() {
    Outcome failed = Outcome.of("generate", "-m", "/no/such/model", "-p", "x", "--debug");
    assertEquals(ExitStatus.FAILED, failed.status());
    assertTrue(failed.err().contains("\tat org.xlstm4j"), failed.err());
  }
}
