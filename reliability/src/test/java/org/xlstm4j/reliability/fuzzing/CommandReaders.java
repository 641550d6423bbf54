package org.xlstm4j.reliability.fuzzing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import org.xlstm4j.cli.act.ActLines;
import org.xlstm4j.cli.act.ActSessions;
import org.xlstm4j.cli.act.ActSettings;
import org.xlstm4j.cli.act.ActWarmUp;
import org.xlstm4j.cli.hub.HubAnswers;
import org.xlstm4j.cli.series.SeriesTexts;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.loader.config.Config;
import org.xlstm4j.models.action.ActionMode;
import org.xlstm4j.models.action.ActionModel;
import org.xlstm4j.models.action.ActionTask;
import org.xlstm4j.models.action.BadObservation;
import org.xlstm4j.models.action.GuardOptions;

/** What the commands read. */
final class CommandReaders {
  private static final Path NAME = Path.of("x");

  private CommandReaders() {}

  /** The first byte holds options. */
  static void columns(byte[] file) throws IOException {
    int options = file.length == 0 ? 0 : file[0];
    byte[] text = Arrays.copyOfRange(file, Math.min(1, file.length), file.length);
    int end = 0;
    while (end < text.length && text[end] != 0) {
      end++;
    }
    SeriesTexts.columns(
        Arrays.copyOf(text, end),
        Arrays.copyOfRange(text, Math.min(end + 1, text.length), text.length),
        (options & 1) == 0 ? "1" : "value",
        (options & 2) == 0,
        (options & 4) != 0);
  }

  /** The first byte holds options. */
  static void rows(byte[] file) throws IOException {
    int options = file.length == 0 ? 0 : file[0];
    byte[] text = Arrays.copyOfRange(file, Math.min(1, file.length), file.length);
    SeriesTexts.rows(text, (options & 1) == 0 ? null : "1", (options & 2) != 0);
  }

  static void request(byte[] file) throws IOException {
    ActLines.request(new String(file, UTF_8));
  }

  static void recording(byte[] file) throws IOException {
    ActLines.recording(NAME, file);
  }

  static void limits(byte[] file) throws IOException {
    Config config = Config.parse(NAME, new String(file, UTF_8));
    GuardOptions.of(config, ActionTask.ofVectors(3, 2, 1, 0));
  }

  static void hub(byte[] file) throws IOException {
    if (file.length > 0 && file[0] == '[') {
      HubAnswers.files(file);
    } else {
      HubAnswers.commit(file);
    }
  }

  /** Sessions of a small model under guard. */
  private static final class Control {
    static final ActSessions SESSIONS = open();

    private static ActSessions open() {
      Path pretrained = Path.of(Objects.requireNonNull(System.getProperty("xlstm4j.pretrained")));
      try {
        return new ActSessions(
            ActionModel.open(pretrained.resolve("lram-control")),
            new ActSettings(
                "CartPole-v1",
                ActionMode.ZERO,
                false,
                null,
                null,
                new BadObservation.Hold(3),
                Integer.MAX_VALUE,
                Config.parse(NAME, "{\"fallback\": 0}")),
            Team.of(1),
            new ActWarmUp(Duration.ZERO),
            false);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  static void control(byte[] file) throws IOException {
    String answers = ActLines.answers(Control.SESSIONS, file);
    long asked = new String(file, UTF_8).lines().filter(line -> !line.isBlank()).count();
    if (answers.lines().count() > asked + 1) {
      throw new FilePromise.BrokenException("more answers than lines");
    }
  }
}
