package org.xlstm4j.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.xlstm4j.cli.process.ExitStatus;
import org.xlstm4j.loader.config.Config;

/** Conversations with the model whose next token is a table of the current one. */
class ChatCommandTest {
  private static final String ANSWER = "\ud83d\ude00END!";

  @TempDir private Path folder;

  /** Behind an x the model says {@link #ANSWER}, behind a z it never ends. */
  @BeforeEach
  void makeModel() throws IOException {
    Path table = Outcome.golden("text", "table");
    for (String name :
        List.of("config.json", "generation_config.json", "tokenizer.json", "model.safetensors")) {
      Files.copy(table.resolve(name), folder.resolve(name));
    }
    Files.writeString(
        folder.resolve("chat_template.jinja"),
        """
        {%- for m in messages -%}
        {{ m.role[0] + ':' + ('x' if m.role == 'assistant' else '') + m.content + '<|im_end|>' }}
        {%- endfor -%}
        {{ 'a:' + ('z' if messages[-1].content == 'endless' else 'x') }}
        """);
  }

  private Outcome chat(String input, String... more) {
    List<String> arguments = new ArrayList<>(List.of("chat", "-m", folder.toString()));
    arguments.addAll(List.of(more));
    return Outcome.ofInput(input, arguments.toArray(String[]::new));
  }

  private List<Config> answers(String input, String... more) throws IOException {
    List<String> arguments = new ArrayList<>(List.of(more));
    arguments.add("--json");
    List<Config> answers = new ArrayList<>();
    String out = chat(input, arguments.toArray(String[]::new)).assertDone().out();
    for (String line : out.lines().toList()) {
      answers.add(Config.parse(Path.of("line"), line));
    }
    return answers;
  }

  private static int promptTokens(Config answer) throws IOException {
    return answer.integer("prompt_tokens", 0, 1000);
  }

  @Test
  void eachLineIsAnswered() {
    assertEquals(ANSWER + "\n", chat("hello").assertDone().out());
    assertEquals((ANSWER + "\n").repeat(2), chat("hello\n\n \nagain\r\n").assertDone().out());
    assertEquals("", chat("").assertDone().out());
  }

  @Test
  void aTurnCostsWhatItAdds() throws IOException {
    List<Config> answers = answers("one\ntwo\\\nlines\n//slash\n", "--system", "sys");
    assertEquals(3, answers.size());
    assertEquals("s:sys_u:one_a:x".length(), promptTokens(answers.get(0)));
    assertEquals("_u:two_lines_a:x".length(), promptTokens(answers.get(1)));
    assertEquals("_u:/slash_a:x".length(), promptTokens(answers.get(2)));
    for (Config answer : answers) {
      assertEquals("assistant", answer.text("role"));
      assertEquals(ANSWER, answer.text("content"));
      assertEquals("end_token", answer.text("end"));
    }
    assertEquals("max_tokens", answers("endless", "-n", "7").getFirst().text("end"));
  }

  @Test
  void aConversationGoesOnFromItsFile() throws IOException {
    String session = folder.resolve("talk").toString();
    assertEquals(1, answers("one", "--session", session).size());
    Config answer = answers("two", "--session", session).getFirst();
    assertEquals("_u:two_a:x".length(), promptTokens(answer));
    Config other = answers("three", "--session", session, "--system", "s").getFirst();
    assertTrue(promptTokens(other) > 40, "the system message comes first");
    Outcome.of("generate", "-m", folder.toString(), "-p", "x", "--session", session).assertDone();
    chat("four", "--session", session).assertFailed(session, "conversation");
  }

  @Test
  void commandsBeginWithASlash() throws IOException {
    String saved = folder.resolve("saved").toString();
    Outcome outcome =
        chat("/help\none\n/save " + saved + "\n/reset\n/system s\n/nothing\n/save\n/exit\ntwo\n");
    assertEquals(ANSWER + "\n", outcome.out());
    assertEquals(ExitStatus.DONE, outcome.status());
    for (String word : List.of("/reset", "saved", "no command /nothing", "the file is missing")) {
      assertTrue(outcome.err().contains(word), outcome.err());
    }
    assertEquals(
        "_u:two_a:x".length(), promptTokens(answers("two", "--session", saved).getFirst()));
    List<Config> reset = answers("one\n/reset\ntwo\n/system s\nthree\n");
    assertEquals("u:two_a:x".length(), promptTokens(reset.get(1)));
    assertTrue(promptTokens(reset.get(2)) > "s:s_u:two_a:x_u:three_a:x".length());
  }

  @Test
  void whatIsNoChatModelIsSaidSo() throws IOException {
    Outcome refused = Outcome.ofInput("hi", "chat", "-m", "xlstm-large-mini-q8");
    refused.assertFailed("no chat model", "generate", "--template");
    Path template = Files.writeString(folder.resolve("own"), "{{ messages[-1].content }},");
    String[] anyway = {
      "chat", "-m", "xlstm-large-mini-q8", "--template", template.toString(), "-n", "4"
    };
    assertTrue(Outcome.ofInput("Once upon a time", anyway).assertDone().out().length() > 1);
    Outcome.of("chat").assertWrongUsage("-m");
    chat("x", "-n", "0").assertWrongUsage("-n");
    chat("x", "--temperature", "-1").assertWrongUsage("--temperature");
  }

  @Test
  void aTemplateThatRefusesSaysWhy() throws IOException {
    Path template =
        Files.writeString(folder.resolve("own"), "\n{{ raise_exception('only on Mondays') }}");
    chat("x", "--template", template.toString()).assertFailed("own", "line 2", "only on Mondays");
    Files.writeString(template, "{% nothing %}");
    chat("x", "--template", template.toString()).assertFailed("own", "line 1", "nothing");
  }

  /** Where a script started the tests in the background, its processes ignore interrupts. */
  private static boolean interruptsAreIgnored() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("SigIgn:")) {
        return (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 1 << 1) != 0;
      }
    }
    return false;
  }

  private static void interrupt(Process process) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
  }

  private static void waitForText(Path file, String text) throws Exception {
    for (int wait = 0; wait < 600 && !Files.readString(file).contains(text); wait++) {
      Thread.sleep(50);
    }
    assertTrue(Files.readString(file).contains(text), text);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void anInterruptStopsTheAnswerAndThenLeaves() throws Exception {
    assumeFalse(interruptsAreIgnored());
    Path out = folder.resolve("stdout");
    Path err = folder.resolve("stderr");
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--add-modules=jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED",
            "org.xlstm4j.cli.Main",
            "chat",
            "-m",
            folder.toString(),
            "-n",
            "1000000000");
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    try (var input = process.outputWriter(UTF_8)) {
      input.write("endless\n");
      input.flush();
      waitForText(out, "wwww");
      interrupt(process);
      waitForText(out, "w\n");
      input.write("hello\n");
      input.flush();
      waitForText(out, ANSWER + "\n");
      interrupt(process);
      assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    } finally {
      process.destroyForcibly();
    }
    assertEquals(130, process.exitValue(), Files.readString(err));
  }
}
