package org.xlstm4j.models.action;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.engine.system.PageLock;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.files.LoadOption;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.loader.tensors.Tensor;
import org.xlstm4j.models.Model;
import org.xlstm4j.models.Models;
import org.xlstm4j.models.NamedTensor;
import org.xlstm4j.models.RunOptions;
import org.xlstm4j.models.Workload;
import org.xlstm4j.models.WorkloadSizes;

/**
 * A model that acts. Immutable and thread-safe: any number of robots share one model, each with a
 * session of its own.
 */
public interface ActionModel extends Model {
  /**
   * Opens a model's folder.
   *
   * @param folder holds {@code config.json} and the weights
   * @param options how the files are opened; mapped unless they say otherwise
   * @return the model; closing it frees the weights
   * @throws ModelFormatException if the folder holds no such model, or a damaged one
   * @throws IOException if a file cannot be read
   */
  static ActionModel open(Path folder, LoadOption... options) throws IOException {
    return Models.open(folder, ActionModel.class, options);
  }

  /**
   * The tasks of the model's configuration.
   *
   * @return by name, in the file's order; empty if the file names none
   */
  Map<String, ActionTask> tasks();

  /**
   * The task of this name in the model's configuration.
   *
   * @param name one of {@link #tasks()}
   * @return the task
   * @throws IllegalArgumentException if there is none; names those that are there
   */
  default ActionTask task(String name) {
    ActionTask task = tasks().get(name);
    if (task == null) {
      throw new IllegalArgumentException(
          "no task " + name + ", but " + String.join(", ", tasks().keySet()));
    }
    return task;
  }

  /**
   * Numbers that every vector observation is padded to.
   *
   * @return at least 1
   */
  int observationWidth();

  /**
   * Dimensions of a continuous action, padding included.
   *
   * @return at least 1
   */
  int actionWidth();

  /**
   * The pictures that the model takes.
   *
   * @return null if it takes vectors only
   */
  @Nullable ImageShape image();

  /**
   * A session of the original's recurrent loop.
   *
   * @param task the environment
   * @param team the threads it computes with
   * @return a session at the start of an episode
   * @throws IllegalArgumentException if the task does not fit the model
   */
  default ActionSession newSession(ActionTask task, Team team) {
    return newSession(task, ActionMode.ZERO, team);
  }

  /**
   * A session.
   *
   * @param task the environment
   * @param mode what is fed from step to step
   * @param team the threads it computes with
   * @return a session at the start of an episode
   * @throws IllegalArgumentException if the task does not fit the model
   */
  ActionSession newSession(ActionTask task, ActionMode mode, Team team);

  /**
   * Evaluates a recorded episode as one sequence, with its true rewards and actions.
   *
   * @param episode the recording
   * @param task its environment
   * @param team the threads to compute with
   * @return logits and actions of each step
   */
  ActionOutputs evaluate(ActionEpisode episode, ActionTask task, Team team);

  /**
   * Plays a recorded episode step by step, observations and returns as recorded.
   *
   * @param episode the recording
   * @param task its environment
   * @param mode what is fed from step to step
   * @param window steps that {@link ActionMode#WINDOWED} looks back on
   * @param team the threads to compute with
   * @return logits and actions of each step
   */
  ActionOutputs replay(
      ActionEpisode episode, ActionTask task, ActionMode mode, int window, Team team);

  /** Reads all weights into memory, so that the first steps take no page faults. */
  default void prefault() {
    checkpoint().prefault();
  }

  /**
   * Asks the system to keep the weights in memory for good.
   *
   * @return true if it does; false without permission ({@code ulimit -l}), and always false on
   *     systems other than Linux and macOS
   */
  default boolean lockPages() {
    boolean locked = true;
    for (Tensor tensor : checkpoint()) {
      locked &= PageLock.lock(tensor.data());
    }
    return locked;
  }

  @Override
  default List<NamedTensor> run(Checkpoint inputs, RunOptions options) throws IOException {
    return new ActionRun(this, options).run(inputs);
  }

  @Override
  default List<Workload> workloads(WorkloadSizes sizes) {
    return List.of(ActionWorkload.of(this));
  }
}
