package org.xlstm4j.cli.commands;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.cli.options.ModelOptions;
import org.xlstm4j.cli.options.UsageException;
import org.xlstm4j.engine.cells.SlstmCell;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.models.Model;
import org.xlstm4j.models.ModelFamily;
import org.xlstm4j.models.ModelOption;
import org.xlstm4j.models.Models;
import org.xlstm4j.models.NamedTensor;
import org.xlstm4j.models.RunOptions;

/**
 * Runs a model on tensors from a file.
 *
 * @param model which, and how it is opened and computed with
 * @param inputs file with the inputs
 * @param steps one token or step at a time in place of whole sequences
 * @param task name of a task in the model's configuration, or null
 * @param cell in which numbers scalar cells run
 */
record TensorRun(
    ModelOptions model,
    Path inputs,
    boolean steps,
    @Nullable String task,
    SlstmCell.Arithmetic cell) {

  List<NamedTensor> run() throws IOException {
    Path folder = model.folder();
    try (Checkpoint tensors = Checkpoint.open(inputs)) {
      ModelFamily family = Models.family(folder);
      check(family, steps, "--mode step", ModelOption.STEPS);
      check(family, task != null, "--task", ModelOption.TASK);
      check(family, cell != SlstmCell.Arithmetic.FLOAT32, "--cell", ModelOption.CELL_ARITHMETIC);
      Team team = model.team();
      try (Model opened = Models.open(folder, Model.class, cell, model.load())) {
        return opened.run(tensors, new RunOptions(team, steps, task));
      }
    }
  }

  private static void check(ModelFamily family, boolean given, String name, ModelOption option) {
    if (given && !family.options().contains(option)) {
      List<String> others =
          Models.families().stream()
              .filter(other -> other.options().contains(option))
              .map(ModelFamily::name)
              .sorted()
              .toList();
      throw new UsageException(
          name + " is not for " + family.name() + ", but for " + String.join(", ", others));
    }
  }
}
