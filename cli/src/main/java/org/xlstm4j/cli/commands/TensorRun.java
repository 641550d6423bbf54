package org.xlstm4j.cli.commands;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.xlstm4j.cli.options.ModelOptions;
import org.xlstm4j.cli.options.TensorOptions;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.models.Model;
import org.xlstm4j.models.ModelOption;
import org.xlstm4j.models.Models;
import org.xlstm4j.models.NamedTensor;

/**
 * Runs a model on tensors from a file.
 *
 * @param model which, and how it is opened and computed with
 * @param inputs file with the inputs
 * @param options how it runs
 */
record TensorRun(ModelOptions model, Path inputs, TensorOptions options) {

  List<NamedTensor> run() throws IOException {
    Path folder = model.folder();
    Map<ModelOption, String> choices = options.chosen();
    try (Checkpoint tensors = Checkpoint.open(inputs)) {
      Team team = model.team();
      try (Model opened =
          Models.open(
              folder,
              Model.class,
              options.arithmetic(),
              family -> FamilyOptions.check(family, choices),
              model.load())) {
        return opened.run(tensors, options.runOptions(team));
      }
    }
  }
}
