package org.xlstm4j.cli.act;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xlstm4j.cli.Outcome;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.models.action.ActionModel;

@Tag("slow")
class ActServerTest {
  private static final ActSettings SETTINGS = PendulumSettings.PLAIN;

  @TempDir private Path temporary;

  /** A robot that is gone. */
  private static final class BrokenPipe extends Writer {
    @Override
    public void write(char[] text, int offset, int length) {}

    @Override
    public void flush() throws IOException {
      throw new IOException("Broken pipe");
    }

    @Override
    public void close() {}
  }

  @Test
  void theAnswerThatNobodyReadIsRecorded() throws IOException {
    Path file = temporary.resolve("run.jsonl");
    byte[] line = "{\"observation\":[1,0,0.1]}\n".getBytes(UTF_8);
    try (ActionModel model = ActionModel.open(Outcome.pretrained("lram-control"));
        ActRecorder recorder =
            new ActRecorder(file, SETTINGS, ActOrigin.ofProcess("lram-control", model))) {
      ActWarmUp none = new ActWarmUp(Duration.ZERO);
      ActServer server =
          new ActServer(new ActSessions(model, SETTINGS, Team.of(1), none, false), recorder);
      server.beginAsSet();
      assertThrows(
          IOException.class, () -> server.run(new ByteArrayInputStream(line), new BrokenPipe()));
    }
    List<String> lines = Files.readAllLines(file);
    assertEquals(2, lines.size());
    assertTrue(lines.get(1).contains("\"action\":"), lines.get(1));
  }
}
