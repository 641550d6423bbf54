package org.xlstm4j.models.action;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.Config;
import org.xlstm4j.loader.Tensor;
import org.xlstm4j.loader.TensorType;
import org.xlstm4j.models.testing.Golden;

/** Reads the golden episodes. */
final class ActionCases {
  private ActionCases() {}

  static Path folder(String name) {
    return Golden.folder("lram", name);
  }

  static Checkpoint expected(String name) throws IOException {
    return Checkpoint.open(folder(name).resolve("expected.safetensors"));
  }

  static ActionEpisode episode(Checkpoint expected, String label) throws IOException {
    String input = "input." + label + ".";
    Tensor states = expected.get(input + "states");
    boolean pictures = states.type() == TensorType.U8;
    return new ActionEpisode(
        (int) states.shape()[0],
        pictures ? null : states.toFloats(),
        pictures ? bytes(states) : null,
        Golden.floats(expected, input + "rtg"),
        Golden.floats(expected, input + "rewards_scaled"),
        Golden.floats(expected, input + "given_actions"));
  }

  /** The task as the original sees it: vectors with an action of full width, pictures discrete. */
  static ActionTask task(ActionModel model, ActionEpisode episode) throws IOException {
    return episode.pictures() != null
        ? ActionTask.ofPictures(1, 0)
        : ActionTask.ofVectors(
            episode.observationWidth(), model.config().actionWidth(), 1, 0);
  }

  /** An entry of the configuration's {@code episodes}. */
  static Config described(String name, String label) throws IOException {
    return Config.ofFolder(folder(name)).child("episodes." + label);
  }

  static float @Nullable [] optional(Checkpoint expected, String name) throws IOException {
    Tensor tensor = expected.find(name);
    return tensor == null ? null : tensor.toFloats();
  }

  private static byte[] bytes(Tensor tensor) {
    return tensor.data().toArray(ValueLayout.JAVA_BYTE);
  }
}
