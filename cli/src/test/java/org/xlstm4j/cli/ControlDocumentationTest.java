package org.xlstm4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of {@code docs/realtime.md}, in a program that uses the library. */
class ControlDocumentationTest {
  private static final String BEFORE =
      """
      import java.time.Duration;
      import java.util.List;
      import org.xlstm4j.engine.threads.Team;
      import org.xlstm4j.models.action.*;

      abstract class Program {
        abstract boolean running();
        abstract float[] observe();
        abstract float perform(float[] action);
        abstract void report(StopCause cause, Throwable failure);

        void control(ActionModel model, ActionTask task) {
      """;

  @TempDir private Path folder;

  @Test
  void theExampleCompiles() throws IOException {
    String page = Files.readString(Outcome.pretrained("../../docs/realtime.md"));
    int start = page.indexOf("```java\n") + 8;
    assertTrue(start > 8 && page.indexOf("```java", start) < 0, "one example");
    String example = page.substring(start, page.indexOf("```", start));
    Path source = folder.resolve("Program.java");
    Files.writeString(source, BEFORE + example + "}}\n");
    int status =
        ToolProvider.findFirst("javac")
            .orElseThrow()
            .run(
                System.out,
                System.err,
                "-d",
                folder.toString(),
                "-cp",
                System.getProperty("java.class.path"),
                source.toString());
    assertEquals(0, status);
  }
}
