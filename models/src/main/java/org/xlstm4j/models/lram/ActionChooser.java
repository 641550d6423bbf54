package org.xlstm4j.models.lram;

import org.xlstm4j.engine.threads.Workspace;
import org.xlstm4j.engine.tokens.Columns;
import org.xlstm4j.engine.weights.Linear;
import org.xlstm4j.models.action.ActionOutputs;
import org.xlstm4j.models.action.ActionTask;
import org.xlstm4j.models.blocks.Logits;

/**
 * Chooses the action of a step from the encoder's output: logits, the best choice of each
 * dimension, its value. A session has one; only the logits that the task needs are computed.
 */
final class ActionChooser {
  private final LramModel model;
  private final ActionTask task;
  private final TokenLayout layout;
  private final ActionCode code;
  private final Workspace workspace;
  private final int choices;
  private final int dimensions;
  private final boolean together;
  private final Linear head;
  private final int rows;
  private final float[] logits;
  private final Columns[] targets;
  private final float[] values;
  private final int[] tokens;

  /**
   * A chooser.
   *
   * @param allLogits whether to compute the logits that a discrete task has no use for
   * @throws IllegalArgumentException if the task's scale makes actions infinite
   */
  ActionChooser(
      LramModel model,
      ActionTask task,
      TokenLayout layout,
      Workspace workspace,
      boolean allLogits) {
    this.model = model;
    this.task = task;
    this.layout = layout;
    this.workspace = workspace;
    LramConfig config = model.config();
    code = config.code();
    requireFinite(task, config);
    together = config.sharedHead();
    choices = task.discrete() && !allLogits ? config.discreteActions() : config.actionChoices();
    dimensions = together || layout.actionTokens() > 0 ? task.actionWidth() : 1;
    int inOneGo = together ? dimensions : 1;
    rows = Math.multiplyExact(inOneGo, choices);
    head = model.head().first(rows);
    logits = new float[dimensions * choices];
    targets = new Columns[dimensions];
    for (int i = 0; i < dimensions; i++) {
      targets[i] = new Columns(logits, i * choices, choices);
    }
    values = new float[task.actionWidth()];
    tokens = new int[layout.actionTokens()];
  }

  private static void requireFinite(ActionTask task, LramConfig config) {
    double largest = Math.max(Math.abs(config.lowestAction()), Math.abs(config.highestAction()));
    if (!task.discrete() && !(largest * Math.abs(task.actionScale()) <= Float.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "actions from "
              + config.lowestAction()
              + " to "
              + config.highestAction()
              + " scaled by "
              + task.actionScale());
    }
  }

  /** Room for what is chosen in some steps. */
  ActionOutputs newOutputs(int steps) {
    return new ActionOutputs(
        steps,
        dimensions,
        choices,
        values.length,
        new float[Math.multiplyExact(steps, logits.length)],
        new float[Math.multiplyExact(steps, values.length)]);
  }

  /** Keeps what was chosen in a step. */
  void keep(ActionOutputs outputs, int step) {
    System.arraycopy(logits, 0, outputs.logits(), step * logits.length, logits.length);
    System.arraycopy(values, 0, outputs.actions(), step * values.length, values.length);
  }

  /** Dimensions that are predicted; the action's others, if any, are 0. */
  int dimensions() {
    return dimensions;
  }

  /** Logits a dimension has. */
  int choices() {
    return choices;
  }

  /** {@code [dimensions][choices]}, until the next step. */
  float[] logits() {
    return logits;
  }

  /** The action in the task's unit, until the next step. */
  float[] values() {
    return values;
  }

  /** The action as tokens, padded dimensions included, until the next step. */
  int[] tokens() {
    return tokens;
  }

  /**
   * Chooses an action and adds its tokens, if actions are tokens. Dimensions that are predicted one
   * by one run as soon as the one before them is chosen.
   *
   * @param queue has just run, the deciding token last
   * @param step number of the step
   */
  void choose(TokenQueue queue, long step) {
    for (int dimension = 0; dimension < dimensions; dimension++) {
      if (!together && dimension > 0) {
        queue.run();
      }
      predict(queue, -1, dimension);
      if (layout.actionTokens() > 0) {
        addToken(queue, dimension, values[dimension], step);
      }
    }
    for (int dimension = dimensions; dimension < layout.actionTokens(); dimension++) {
      addToken(queue, dimension, 0, step);
    }
  }

  /**
   * Chooses the action of a step whose tokens, the action's included, have all run.
   *
   * @param queue has just run
   * @param deciding place of the step's deciding token in that run
   */
  void review(TokenQueue queue, int deciding) {
    for (int dimension = 0; dimension < dimensions; dimension++) {
      predict(queue, together ? deciding : deciding + dimension, dimension);
    }
  }

  /** The token of one dimension of an action, the original's way: from the value. */
  int tokenOf(float value) {
    return task.discrete() ? (int) value : code.encode(value / task.actionScale());
  }

  private void predict(TokenQueue queue, int token, int dimension) {
    if (!together || dimension == 0) {
      head.apply(workspace, queue.output(token), 1, targets[dimension]);
    }
    int count = task.discrete() ? model.config().discreteActions() : choices;
    int choice = Logits.largest(logits, dimension * choices, count) - dimension * choices;
    values[dimension] = task.discrete() ? choice : code.decode(choice) * task.actionScale();
  }

  private void addToken(TokenQueue queue, int dimension, float value, long step) {
    tokens[dimension] = tokenOf(value);
    queue.addAction(tokens[dimension], step);
  }
}
