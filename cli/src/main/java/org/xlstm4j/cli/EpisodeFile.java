package org.xlstm4j.cli;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.ModelFormatException;
import org.xlstm4j.loader.Tensor;
import org.xlstm4j.loader.TensorType;
import org.xlstm4j.models.action.ActionEpisode;

/**
 * Reads a recorded episode of an action model: the tensors {@code states}, f32 {@code [T, width]}
 * or u8 {@code [T, C, H, W]}; {@code rtg} and {@code rewards}, f32 {@code [T]}, scaled; and {@code
 * given_actions} where they are there. A batch dimension of 1 in front may be left out.
 */
@SuppressWarnings("NullAway") // it does not see that the arrays of an episode may be null
final class EpisodeFile {
  private EpisodeFile() {}

  static ActionEpisode read(Path file) throws IOException {
    try (Checkpoint tensors = Checkpoint.open(file)) {
      Tensor states = tensors.get("states");
      boolean pictures = states.type() == TensorType.U8;
      int[] shape = withoutBatch(states, pictures ? 4 : 2);
      int steps = shape[0];
      if (steps < 1 || states.elements() < 1) {
        throw ModelFormatException.of(
            file, "tensor states", "at least one step", Arrays.toString(shape));
      }
      return new ActionEpisode(
          steps,
          pictures ? null : states.toFloats(),
          pictures ? states.data().toArray(ValueLayout.JAVA_BYTE) : null,
          series(tensors, "rtg", steps),
          series(tensors, "rewards", steps),
          actions(tensors, steps));
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  private static float[] series(Checkpoint tensors, String name, int steps) throws IOException {
    Tensor tensor = tensors.get(name);
    if (withoutBatch(tensor, 1)[0] != steps) {
      throw ModelFormatException.of(
          tensor.file(), "tensor " + name, "[" + steps + "]", Arrays.toString(tensor.shape()));
    }
    return tensor.toFloats();
  }

  private static float @Nullable [] actions(Checkpoint tensors, int steps) throws IOException {
    Tensor tensor = tensors.find("given_actions");
    if (tensor == null) {
      return null;
    }
    if (withoutBatch(tensor, 2)[0] != steps || tensor.elements() < 1) {
      throw ModelFormatException.of(
          tensor.file(),
          "tensor given_actions",
          "[" + steps + ", width]",
          Arrays.toString(tensor.shape()));
    }
    return tensor.toFloats();
  }

  private static int[] withoutBatch(Tensor tensor, int rank) throws IOException {
    int[] shape = tensor.dimensions();
    if (shape.length == rank + 1 && shape[0] == 1) {
      return Arrays.copyOfRange(shape, 1, shape.length);
    }
    if (shape.length != rank) {
      throw ModelFormatException.of(
          tensor.file(), "tensor " + tensor.name(), rank + " dimensions", Arrays.toString(shape));
    }
    return shape;
  }
}
