package org.xlstm4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Examples on pages, each in a program that uses the library, compile. */
class DocumentedExamplesTest {
  /** Pages with one example that is no whole program. */
  private static final List<String> PAGES =
      List.of("realtime.md", "howto/control-loop.md", "howto/own-checkpoint.md");

  /** What the examples leave to their readers. */
  private static final String BEFORE =
      """
      import java.nio.file.Path;
      import java.time.Duration;
      import java.util.List;
      import org.xlstm4j.engine.threads.Team;
      import org.xlstm4j.models.action.*;
      import org.xlstm4j.models.language.*;

      abstract class PROGRAM {
        ActionModel model;
        ActionTask task;
        abstract boolean running();
        abstract float[] observe();
        abstract float perform(float[] action);
        abstract void report(StopCause cause, Throwable failure);

        void run() throws Exception {
      """;

  @TempDir private Path folder;

  @Test
  void theExamplesCompile() throws IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of("-d", folder.toString(), "-cp", System.getProperty("java.class.path")));
    for (String page : PAGES) {
      String name = "Program" + arguments.size();
      String program = BEFORE.replace("PROGRAM", name) + example(page) + "}}\n";
      arguments.add(Files.writeString(folder.resolve(name + ".java"), program).toString());
    }
    int status =
        ToolProvider.findFirst("javac")
            .orElseThrow()
            .run(System.out, System.err, arguments.toArray(String[]::new));
    assertEquals(0, status);
  }

  private static String example(String name) throws IOException {
    String page = Files.readString(Outcome.pretrained("../../docs/" + name));
    int start = page.indexOf("```java\n") + 8;
    assertTrue(start > 8 && page.indexOf("```java", start) < 0, "one example in " + name);
    return page.substring(start, page.indexOf("```", start));
  }
}
