package org.xlstm4j.models.language;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xlstm4j.models.testing.Golden;

/** The examples in the documents compile as they stand, and the README's prints what it says. */
@Tag("slow")
class ReadmeTest {
  private static final Path ROOT =
      Golden.pretrained("").toAbsolutePath().normalize().getParent().getParent();

  @TempDir private Path temporary;

  @Test
  void theReadmesExamplePrintsWhatItSays() throws Exception {
    String readme = Files.readString(ROOT.resolve("README.md"));
    compileProgram(readme, "\"models/", "\"" + ROOT + "/models/");
    String prints = readme.substring(readme.indexOf("It prints `") + "It prints `".length());
    assertEquals(prints.substring(0, prints.indexOf('`')) + "\n", output());
  }

  @Test
  void theExampleOfAConversationRuns(@TempDir Path model) throws Exception {
    Path table = Golden.root().resolve("text").resolve("table");
    for (String name : List.of("config.json", "tokenizer.json", "model.safetensors")) {
      Files.copy(table.resolve(name), model.resolve(name));
    }
    Files.writeString(model.resolve("chat_template.jinja"), "{{ messages[-1].content }}x");
    String document = Files.readString(ROOT.resolve("docs").resolve("chat.md"));
    compileProgram(document, "\"xLSTM-7b-Instruct", "\"" + model);
    assertEquals("\ud83d\ude00END!", output());
  }

  /** Compiles the first example of a document, which has its own imports. */
  private void compileProgram(String document, String text, String replacement) throws IOException {
    String example = examples(document).results().iterator().next().group(1);
    int body = example.indexOf("\n\n");
    assertTrue(body > 0, "imports, a blank line, then the code");
    compile(
        example.substring(0, body)
            + "\npublic class Example { public static void run() throws java.io.IOException {"
            + example.substring(body).replace(text, replacement)
            + "}}\n");
  }

  /** What {@code Example.run()} prints. */
  private String output() throws Exception {
    PrintStream console = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    URL[] classes = {temporary.toUri().toURL()};
    try (URLClassLoader loader = new URLClassLoader(classes)) {
      System.setOut(new PrintStream(printed, true, UTF_8));
      loader.loadClass("Example").getMethod("run").invoke(null);
    } finally {
      System.setOut(console);
    }
    return printed.toString(UTF_8).replace("\r\n", "\n");
  }

  @ParameterizedTest
  @CsvSource({
    "library.md, 5, language, 'LanguageModel model; TextGenerator generator; String prompt;"
        + " Path file, folder; GenerationOptions options; LanguageSession first, second, third;"
        + " int tokenOfFirst, tokenOfSecond, tokenOfThird, systemPromptLength;"
        + " int[] conversation, conversationWithAnswer;'",
    "forecasting.md, 4, forecast, " + FORECASTS,
    "models/tirex.md, 1, forecast, " + FORECASTS,
    "models/tirex-2.md, 1, forecast, " + FORECASTS,
    "embeddings.md, 2, embedding, 'ForecastModel model; List<float[][]> series, more;"
        + " int[] classes; List<String> labels; float[] stream;'"
  })
  void theExamplesCompile(String document, int count, String capability, String fields)
      throws IOException {
    StringBuilder methods = new StringBuilder();
    Matcher examples = examples(Files.readString(ROOT.resolve("docs").resolve(document)));
    int found = 0;
    while (examples.find()) {
      methods.append("void run").append(found++).append("() throws IOException {\n");
      methods.append(examples.group(1)).append("}\n");
    }
    assertEquals(count, found);
    compile(
        """
        import java.io.IOException;
        import java.nio.file.Path;
        import java.util.List;
        import java.util.OptionalDouble;
        import org.xlstm4j.engine.threads.Team;
        import org.xlstm4j.models.forecast.*;
        import org.xlstm4j.models.%s.*;
        abstract class Example {
        %s
        %s}
        """
            .formatted(capability, fields, methods));
  }

  /** What the examples about forecasts use. */
  private static final String FORECASTS =
      "'ForecastModel model; Team team; Path folder; List<float[]> series;"
          + " float[] sales, visits, weather, holidays, stream;'";

  private static Matcher examples(String document) {
    return Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(document);
  }

  private void compile(String source) throws IOException {
    Path file = Files.writeString(temporary.resolve("Example.java"), source);
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                System.out,
                System.err,
                "-proc:none",
                "-cp",
                System.getProperty("java.class.path"),
                "-d",
                temporary.toString(),
                file.toString());
    assertEquals(0, status, "javac");
  }
}
