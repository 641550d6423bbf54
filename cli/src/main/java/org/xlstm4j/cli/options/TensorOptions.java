package org.xlstm4j.cli.options;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.engine.cells.SlstmCell;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.models.ModelOption;
import org.xlstm4j.models.RunOptions;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options of commands that run a model on tensors. */
public final class TensorOptions {
  @Mixin private ModeOption mode = new ModeOption();
  @Mixin private CellOption cell = new CellOption();

  @Option(names = "--task", paramLabel = "NAME", description = "Task of an action model.")
  private @Nullable String task;

  @Option(
      names = "--sign-flip",
      description = "Forecasters: average with the forecast of the negated series.")
  private boolean signFlip;

  @Option(
      names = "--no-differencing",
      description = "Forecasters: series with a trend as they are, not by their differences.")
  private boolean noDifferencing;

  @Option(
      names = "--augment",
      description = "Embeddings of series: with their differences and with statistics.")
  private boolean augment;

  @Option(
      names = "--head",
      paramLabel = "FILE",
      description = "Embeddings of series: the linear head that makes classes or values of them.")
  private @Nullable Path head;

  /** Refuses values that no option has. */
  public void check() {
    mode.steps();
    cell.arithmetic();
  }

  /** What is not as by default, each with the option that says so. */
  public Map<ModelOption, String> chosen() {
    Map<ModelOption, String> chosen = new EnumMap<>(ModelOption.class);
    put(chosen, mode.steps(), ModelOption.STEPS, "--mode step");
    put(chosen, task != null, ModelOption.TASK, "--task");
    chosen.putAll(cell.chosen());
    put(chosen, signFlip, ModelOption.SIGN_FLIP, "--sign-flip");
    put(chosen, noDifferencing, ModelOption.NO_DIFFERENCING, "--no-differencing");
    put(chosen, augment, ModelOption.AUGMENT, "--augment");
    put(chosen, head != null, ModelOption.HEAD, "--head");
    return chosen;
  }

  private static void put(
      Map<ModelOption, String> chosen, boolean given, ModelOption option, String name) {
    if (given) {
      chosen.put(option, name);
    }
  }

  /** The numbers in which scalar cells run. */
  public SlstmCell.Arithmetic arithmetic() {
    return cell.arithmetic();
  }

  /** How the model runs. */
  public RunOptions runOptions(Team team) {
    return new RunOptions(team, chosen().keySet(), task, head);
  }
}
