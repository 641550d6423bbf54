package org.xlstm4j.models.lram;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.tensors.Tensor;
import org.xlstm4j.loader.tensors.TensorType;
import org.xlstm4j.models.action.ActionEpisode;
import org.xlstm4j.models.action.ActionModel;
import org.xlstm4j.models.testing.Golden;

/** Reads the golden episodes. */
final class LramCases {
  private LramCases() {}

  static Path folder(String name) {
    return Golden.root().resolve("lram").resolve(name);
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
        expected.get(input + "rtg").toFloats(),
        expected.get(input + "rewards_scaled").toFloats(),
        expected.get(input + "given_actions").toFloats());
  }

  static LramModel open(String name) throws IOException {
    return (LramModel) ActionModel.open(folder(name));
  }

  /** Fails if the largest absolute difference exceeds a limit. */
  static void assertClose(String what, float[] expected, float[] actual, double limit) {
    assertEquals(expected.length, actual.length, what);
    assertTrue(expected.length > 0, what);
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], actual[i], limit, what + "[" + i + "]");
    }
  }

  private static byte[] bytes(Tensor tensor) {
    return tensor.data().toArray(ValueLayout.JAVA_BYTE);
  }
}
