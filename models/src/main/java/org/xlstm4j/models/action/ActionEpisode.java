package org.xlstm4j.models.action;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.loader.tensors.Tensor;
import org.xlstm4j.loader.tensors.TensorType;

/**
 * A recorded episode. The arrays are not copied.
 *
 * @param steps number of steps, at least 1
 * @param vectors observations {@code [steps][observationWidth]}, or null for pictures
 * @param pictures unsigned bytes {@code [steps][channel][row][column]}, or null for vectors
 * @param returns the return-to-go of each step, scaled
 * @param rewards the reward of each step, scaled
 * @param actions what was done, {@code [steps][actionWidth]}, or null if that is not known; needed
 *     only by models that take actions as inputs
 */
@SuppressWarnings("ArrayRecordComponent") // a bundle of buffers of its creator
public record ActionEpisode(
    int steps,
    float @Nullable [] vectors,
    byte @Nullable [] pictures,
    float[] returns,
    float[] rewards,
    float @Nullable [] actions) {

  /** Checks that the lengths fit together. */
  public ActionEpisode {
    if (steps < 1 || (vectors == null) == (pictures == null)) {
      throw new IllegalArgumentException("an episode has steps with either vectors or pictures");
    }
    int values = vectors != null ? vectors.length : pictures != null ? pictures.length : 0;
    if (values % steps != 0 || returns.length != steps || rewards.length != steps) {
      throw new IllegalArgumentException(
          steps
              + " steps, but "
              + values
              + " numbers of observations, "
              + returns.length
              + " returns and "
              + rewards.length
              + " rewards");
    }
    if (actions != null && (actions.length == 0 || actions.length % steps != 0)) {
      throw new IllegalArgumentException(steps + " steps, but " + actions.length + " actions");
    }
    for (int i = 0; i < steps; i++) {
      if (!Float.isFinite(returns[i]) || !Float.isFinite(rewards[i])) {
        throw new IllegalArgumentException("return or reward of step " + i + " is not finite");
      }
    }
  }

  /** Numbers or bytes of one observation. */
  public int observationWidth() {
    int values = vectors != null ? vectors.length : pictures != null ? pictures.length : 0;
    return values / steps;
  }

  /**
   * Reads a recorded episode: the tensors {@code states}, f32 {@code [T, width]} or u8 {@code [T,
   * C, H, W]}; {@code rtg} and {@code rewards}, f32 {@code [T]}, scaled; and {@code given_actions}
   * where they are there. A batch dimension of 1 in front may be left out.
   *
   * @param tensors holds them
   * @return the episode
   * @throws IOException if a tensor is missing or does not fit the others
   */
  @SuppressWarnings("NullAway") // it does not see that the arrays of an episode may be null
  public static ActionEpisode of(Checkpoint tensors) throws IOException {
    Tensor states = tensors.get("states");
    boolean pictures = states.type() == TensorType.U8;
    int[] shape = withoutBatch(states, pictures ? 4 : 2);
    int steps = shape[0];
    if (steps < 1 || states.elements() < 1) {
      throw ModelFormatException.of(
          states.file(), "tensor states", "at least one step", Arrays.toString(shape));
    }
    try {
      return new ActionEpisode(
          steps,
          pictures ? null : states.toFloats(),
          pictures ? states.data().toArray(ValueLayout.JAVA_BYTE) : null,
          series(tensors, "rtg", steps),
          series(tensors, "rewards", steps),
          actions(tensors, steps));
    } catch (IllegalArgumentException e) {
      throw ModelFormatException.of(
          tensors.path(), "episode", "steps that fit together", String.valueOf(e.getMessage()));
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
