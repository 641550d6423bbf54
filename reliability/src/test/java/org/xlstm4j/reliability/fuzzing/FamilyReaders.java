package org.xlstm4j.reliability.fuzzing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.models.Model;
import org.xlstm4j.models.Models;
import org.xlstm4j.models.action.ActionEpisode;
import org.xlstm4j.models.action.ActionModel;
import org.xlstm4j.models.action.ActionTask;
import org.xlstm4j.models.embedding.LinearHead;
import org.xlstm4j.models.forecast.ForecastModel;
import org.xlstm4j.models.language.LanguageModel;
import org.xlstm4j.models.language.LanguageSession;
import org.xlstm4j.models.language.SessionFile;
import org.xlstm4j.models.sequence.SequenceModel;
import org.xlstm4j.models.vision.VisionModel;

/** Files that the families read, and what their users save. */
final class FamilyReaders {
  /** A golden case of each family, chosen by an input's first byte. */
  static final List<String> FAMILIES =
      List.of(
          "xlstm/large_bias_noout",
          "xlstm/lm_tied",
          "xlstm/stack_s_only",
          "vil/v1_avg_32",
          "lram/vector_m",
          "xlstm/tirex_a",
          "tirex2/plain");

  static {
    // a line for each unknown key would be most of the work
    Logger.getLogger("").setLevel(Level.OFF);
  }

  private FamilyReaders() {}

  static Path golden(String name) {
    return Path.of(Objects.requireNonNull(System.getProperty("xlstm4j.golden")), name);
  }

  static void model(byte[] file) throws IOException {
    int family = file.length == 0 ? 0 : Math.floorMod(file[0] - 'a', FAMILIES.size());
    String name = "model" + family;
    Path weights = Scratch.folder(name).resolve("model.safetensors");
    if (!Files.exists(weights)) {
      Files.copy(golden(FAMILIES.get(family)).resolve("model.safetensors"), weights);
    }
    Scratch.file(
        name + "/config.json", Arrays.copyOfRange(file, Math.min(1, file.length), file.length));
    try (Model opened = Models.open(Scratch.folder(name))) {
      use(opened);
    }
  }

  private static void use(Model opened) throws IOException {
    switch (opened) {
      case VisionModel model -> model.newSession(Team.of(1));
      case ActionModel model ->
          model.newSession(ActionTask.ofVectors(3, model.actionWidth(), 1, 0), Team.of(1));
      case ForecastModel model ->
          model.forecast(List.of(new float[] {1, 2, 3, 5}), 3, 1, Team.of(1));
      case LanguageModel model -> model.newSession(Team.of(1)).step(0);
      case SequenceModel model -> model.newSession(Team.of(1));
      default -> throw new AssertionError(opened.family());
    }
  }

  /** A session to load others into. */
  private static final class Session {
    static final LanguageSession SESSION = open();

    private static LanguageSession open() {
      try {
        return LanguageModel.open(golden("xlstm/lm_tied")).newSession(Team.of(1));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  static void session(byte[] file) throws IOException {
    SessionFile.load(Session.SESSION, Scratch.file("session", file));
    try {
      Session.SESSION.step(1);
    } catch (IllegalStateException overflow) {
      // numbers that no session leaves behind may exceed the range of floats
    }
  }

  static void episode(byte[] file) throws IOException {
    try (Checkpoint tensors = Checkpoint.open(Scratch.file("episode", file))) {
      ActionEpisode.of(tensors).observationWidth();
    }
  }

  static void head(byte[] file) throws IOException {
    LinearHead head = LinearHead.read(Scratch.file("head", file));
    head.apply(new float[head.features()]);
  }
}
