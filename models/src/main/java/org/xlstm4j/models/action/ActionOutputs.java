package org.xlstm4j.models.action;

/**
 * What a model makes of a recorded episode.
 *
 * @param steps number of steps
 * @param dimensions predicted dimensions of an action
 * @param choices logits a dimension has
 * @param actionWidth numbers of an action
 * @param logits {@code [steps][dimensions][choices]}
 * @param actions {@code [steps][actionWidth]}, in the task's unit
 */
@SuppressWarnings("ArrayRecordComponent") // results for the caller to keep
public record ActionOutputs(
    int steps, int dimensions, int choices, int actionWidth, float[] logits, float[] actions) {

  static ActionOutputs allocate(int steps, ActionChooser chooser) {
    int width = chooser.values().length;
    return new ActionOutputs(
        steps,
        chooser.dimensions(),
        chooser.choices(),
        width,
        new float[Math.multiplyExact(steps, chooser.logits().length)],
        new float[Math.multiplyExact(steps, width)]);
  }

  /** Takes over what was chosen in a step. */
  void set(int step, ActionChooser chooser) {
    int width = dimensions * choices;
    System.arraycopy(chooser.logits(), 0, logits, step * width, width);
    System.arraycopy(chooser.values(), 0, actions, step * actionWidth, actionWidth);
  }
}
