package org.xlstm4j.models.action;

import java.io.IOException;
import java.util.List;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.models.ModelOption;
import org.xlstm4j.models.NamedTensor;
import org.xlstm4j.models.RunOptions;

/**
 * A model on the tensors of a recorded episode ({@link ActionEpisode#of}): {@code action_logits}
 * and {@code actions} out.
 *
 * @param model which
 * @param options how
 */
record ActionRun(ActionModel model, RunOptions options) {
  List<NamedTensor> run(Checkpoint inputs) throws IOException {
    ActionEpisode episode = ActionEpisode.of(inputs);
    ActionOutputs outputs;
    try {
      outputs =
          options.has(ModelOption.STEPS)
              ? model.replay(episode, task(episode), ActionMode.ZERO, 1, options.team())
              : model.evaluate(episode, task(episode), options.team());
    } catch (IllegalArgumentException e) {
      throw new IOException(inputs.path() + ": " + e.getMessage(), e);
    }
    return List.of(
        NamedTensor.of(
            "action_logits",
            outputs.logits(),
            outputs.steps(),
            outputs.dimensions(),
            outputs.choices()),
        NamedTensor.of("actions", outputs.actions(), outputs.steps(), outputs.actionWidth()));
  }

  private ActionTask task(ActionEpisode episode) {
    String name = options.task();
    return name == null ? ActionTask.of(episode, model.actionWidth()) : model.task(name);
  }
}
