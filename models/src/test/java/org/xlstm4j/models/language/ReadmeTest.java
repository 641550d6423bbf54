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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xlstm4j.models.testing.Golden;

/** The examples in the documents compile as they stand, and the README's prints what it says. */
class ReadmeTest {
  private static final Path ROOT =
      Golden.pretrained("").toAbsolutePath().normalize().getParent().getParent();

  @TempDir private Path temporary;

  @Test
  void theReadmesExamplePrintsWhatItSays() throws Exception {
    String readme = Files.readString(ROOT.resolve("README.md"));
    String example = examples(readme).results().iterator().next().group(1);
    int body = example.indexOf("\n\n");
    assertTrue(body > 0, "imports, a blank line, then the code");
    compile(
        example.substring(0, body)
            + "\npublic class Example { public static void run() throws java.io.IOException {"
            + example.substring(body).replace("\"models/", "\"" + ROOT + "/models/")
            + "}}\n");
    String prints = readme.substring(readme.indexOf("It prints `") + "It prints `".length());
    assertEquals(prints.substring(0, prints.indexOf('`')) + "\n", output());
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

  @Test
  void theLibrarysExamplesCompile() throws IOException {
    StringBuilder methods = new StringBuilder();
    Matcher examples = examples(Files.readString(ROOT.resolve("docs").resolve("library.md")));
    int count = 0;
    while (examples.find()) {
      methods.append("void run").append(count++).append(PARAMETERS).append(examples.group(1));
      methods.append("}\n");
    }
    assertEquals(3, count);
    compile(
        """
        import java.io.IOException;
        import java.nio.file.Path;
        import org.xlstm4j.engine.threads.Team;
        import org.xlstm4j.models.language.*;
        abstract class Example {
          GenerationOptions options;
        %s}
        """
            .formatted(methods));
  }

  private static final String PARAMETERS =
      "(LanguageModel model, TextGenerator generator, String prompt, Path file)"
          + " throws IOException {\n";

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
