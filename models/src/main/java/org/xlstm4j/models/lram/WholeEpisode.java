package org.xlstm4j.models.lram;

import org.jspecify.annotations.Nullable;
import org.xlstm4j.engine.WarmUp;
import org.xlstm4j.engine.cells.State;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.engine.threads.Workspace;
import org.xlstm4j.models.action.ActionEpisode;
import org.xlstm4j.models.action.ActionOutputs;
import org.xlstm4j.models.action.ActionTask;

/**
 * Evaluates a recorded episode as one sequence from an empty state, with the rewards and actions
 * that it holds, many steps at a time.
 */
final class WholeEpisode {
  /** Steps that run together. */
  private static final int STEPS = 32;

  private final ActionEpisode episode;
  private final TokenLayout layout;
  private final State state;
  private final TokenQueue queue;
  private final Observation observation;
  private final ActionChooser chooser;

  WholeEpisode(LramModel model, ActionEpisode episode, ActionTask task, Team team) {
    this.episode = episode;
    LramConfig config = model.config();
    layout = TokenLayout.of(config, task.pictures() ? task.actionWidth() : config.actionWidth());
    model.requireStep(episode.steps() - 1);
    WarmUp.begin();
    Workspace workspace = new Workspace(team);
    state = new State(model.stateLayout());
    queue = new TokenQueue(model, workspace, state, STEPS * layout.tokens());
    observation = new Observation(model, task, workspace);
    chooser = new ActionChooser(model, task, layout, workspace, true);
  }

  ActionOutputs run() {
    float[] actions = episode.actions();
    int given = actions == null ? 0 : actions.length / episode.steps();
    if (layout.actionTokens() > 0 && (given < 1 || given > layout.actionTokens())) {
      throw new IllegalArgumentException(
          "the model takes "
              + layout.actionTokens()
              + " numbers an action as inputs, but the episode has "
              + given);
    }
    ActionOutputs outputs = chooser.newOutputs(episode.steps());
    for (int first = 0; first < episode.steps(); first += STEPS) {
      int count = Math.min(STEPS, episode.steps() - first);
      for (int step = first; step < first + count; step++) {
        add(step, actions, given);
      }
      queue.run();
      for (int i = 0; i < count; i++) {
        chooser.review(queue, i * layout.tokens() + layout.deciding());
        chooser.keep(outputs, first + i);
      }
    }
    return outputs;
  }

  /** The state behind the last token. */
  State state() {
    return state;
  }

  private void add(int step, float @Nullable [] actions, int given) {
    observation.of(episode, step);
    queue.addState(observation.embedding(), 0, step);
    if (layout.returnToken()) {
      queue.addReturn(episode.returns()[step], step);
    }
    for (int dimension = 0; dimension < layout.actionTokens(); dimension++) {
      float value = actions == null || dimension >= given ? 0 : actions[step * given + dimension];
      queue.addAction(chooser.tokenOf(value), step);
    }
    if (layout.rewardToken()) {
      queue.addReward(episode.rewards()[step], step);
    }
  }
}
