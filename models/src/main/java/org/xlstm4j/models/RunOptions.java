package org.xlstm4j.models;

import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.engine.threads.Team;

/**
 * How {@link Model#run} runs a model. Options that a family does not have ({@link
 * ModelFamily#options()}) have no effect.
 *
 * @param team the threads to compute with
 * @param chosen what is not as by default
 * @param task name of an entry among the configuration's tasks, or null
 * @param head file of a linear head, or null
 */
public record RunOptions(
    Team team, Set<ModelOption> chosen, @Nullable String task, @Nullable Path head) {
  /** Copies the choices. */
  public RunOptions {
    chosen = Set.copyOf(chosen);
  }

  /**
   * The defaults.
   *
   * @param team the threads to compute with
   * @param chosen what is not as by default
   * @return the options
   */
  public static RunOptions of(Team team, ModelOption... chosen) {
    return new RunOptions(team, Set.of(chosen), null, null);
  }

  /**
   * Whether something is not as by default.
   *
   * @param option what
   * @return true if it was chosen
   */
  public boolean has(ModelOption option) {
    return chosen.contains(option);
  }
}
