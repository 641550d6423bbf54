package org.xlstm4j.models.language;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xlstm4j.models.testing.Golden;

/** The library's example in the README compiles as it stands. */
class ReadmeTest {
  @Test
  void theExampleCompiles(@TempDir Path temporary) throws IOException {
    Path root = Golden.pretrained("").toAbsolutePath().normalize().getParent().getParent();
    String readme = Files.readString(root.resolve("README.md"));
    int start = readme.indexOf("```java\n") + "```java\n".length();
    String example = readme.substring(start, readme.indexOf("```", start));
    int body = example.indexOf("\n\n");
    assertTrue(body > 0, "imports, a blank line, then the code");
    Path source = temporary.resolve("Example.java");
    Files.writeString(
        source,
        example.substring(0, body)
            + "\nclass Example { void run() throws java.io.IOException {"
            + example.substring(body)
            + "}}\n");
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
                source.toString());
    assertEquals(0, status, "javac");
  }
}
