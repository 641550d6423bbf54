package org.xlstm4j.models.forecast;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.files.LoadOption;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.models.Model;
import org.xlstm4j.models.Models;
import org.xlstm4j.models.NamedTensor;
import org.xlstm4j.models.RunOptions;
import org.xlstm4j.models.StepCost;
import org.xlstm4j.models.Workload;
import org.xlstm4j.models.WorkloadSizes;

/**
 * A model that forecasts time series it was not trained on. Immutable and thread-safe; closing it
 * ends all of its sessions.
 */
public interface ForecastModel extends Model {
  /** Largest magnitude of a value: beyond it, 32-bit floats have no room for the forecast. */
  float LARGEST_VALUE = 1e30f;

  /**
   * Opens a model.
   *
   * @param path a model folder, or a checkpoint file as it is published
   * @param options how the files are opened; mapped unless they say otherwise
   * @return the model; closing it frees the weights
   * @throws ModelFormatException if there is no such model, or a damaged one
   * @throws IOException if a file cannot be read
   */
  static ForecastModel open(Path path, LoadOption... options) throws IOException {
    return Models.open(path, ForecastModel.class, options);
  }

  /**
   * Checks values.
   *
   * @param where they are, for the message: empty, or a text that ends in a comma and a space
   * @param values NaN where they are missing
   * @throws IllegalArgumentException naming the first that is beyond {@link #LARGEST_VALUE}
   */
  static void requireUsable(String where, float... values) {
    for (int i = 0; i < values.length; i++) {
      if (Math.abs(values[i]) > LARGEST_VALUE) {
        throw new IllegalArgumentException(
            where + "value " + i + " is " + values[i] + ", expected at most " + LARGEST_VALUE);
      }
    }
  }

  /**
   * Values of the past that a forecast depends on: the last ones.
   *
   * @return at least 1
   */
  int contextLength();

  /**
   * Values that a step of the network takes and forecasts.
   *
   * @return at least 1
   */
  int patchLength();

  /**
   * Whether the rows of a group see each other: several targets together, and covariates.
   *
   * @return false if each series is forecast from its own past alone
   */
  boolean takesGroups();

  /**
   * The longest horizon that the original code forecasts.
   *
   * @return {@link Integer#MAX_VALUE} if there is no such limit
   */
  int longestHorizon();

  /**
   * Levels of the quantiles, 0.5 among them.
   *
   * @return an unmodifiable list
   */
  List<Double> levels();

  /**
   * What the machine has to do for a forecast of one patch behind a whole context.
   *
   * @return the cost of the whole
   */
  StepCost forecastCost();

  /**
   * A series to which values can be added as they come.
   *
   * @param team the threads it computes with
   * @return a session without values
   */
  default ForecastSession newSession(Team team) {
    return newSessions(1, team).getFirst();
  }

  /**
   * Series to which values can be added as they come. They share their scratch memory: each takes
   * the memory of two contexts of values.
   *
   * @param count how many
   * @param team the threads they compute with
   * @return sessions without values, used by one thread at a time
   */
  List<ForecastSession> newSessions(int count, Team team);

  /**
   * Series that grow without end, with constant work for each value. They share their scratch
   * memory: each takes the memory of two contexts of values and of one state per phase.
   *
   * @param count how many
   * @param stride values between one phase and the next, a divisor of {@link #patchLength()}: with
   *     1 a patch is computed for each value, and a forecast knows all values; with more there is
   *     as much less work, and up to {@code stride - 1} last values are not seen
   * @param team the threads they compute with
   * @return sessions without values, used by one thread at a time
   */
  List<AnchoredSession> newAnchoredSessions(int count, int stride, Team team);

  /**
   * Forecasts several series together, with the results of each alone.
   *
   * @param series their values, NaN where they are missing; of different lengths if need be
   * @param horizon how many values to forecast, at least 1
   * @param patchesPerPass how many patches a pass forecasts at most, at least 1. With 1 the past is
   *     read again for each patch, as the original does by default; with more, further patches cost
   *     a step each. The forecasts differ a little.
   * @param team the threads to compute with
   * @return one forecast per series
   * @throws IllegalArgumentException naming a value beyond {@link #LARGEST_VALUE}
   * @throws IllegalStateException if the forecast is not finite, since the weights are damaged
   */
  default List<Forecast> forecast(
      List<float[]> series, int horizon, int patchesPerPass, Team team) {
    List<SeriesGroup> groups = series.stream().map(SeriesGroup::of).toList();
    ForecastOptions options = ForecastOptions.of(horizon).withPatchesPerPass(patchesPerPass);
    return forecastGroups(groups, options, team).stream().map(List::getFirst).toList();
  }

  /**
   * Forecasts several groups of series, each group on its own.
   *
   * @param groups the groups, of more than one row only if the model {@link #takesGroups()}
   * @param options the horizon, and how
   * @param team the threads to compute with
   * @return for each group one forecast per target, of {@link ForecastOptions#horizon()} values, or
   *     of {@link #longestHorizon()} if that is less and the options do not {@link
   *     ForecastOptions#extend() extend} it
   * @throws IllegalArgumentException naming a value beyond {@link #LARGEST_VALUE}, a known future
   *     that ends before the horizon, or a group of several rows where the model takes none
   * @throws IllegalStateException if the forecast is not finite, since the weights are damaged
   */
  List<List<Forecast>> forecastGroups(List<SeriesGroup> groups, ForecastOptions options, Team team);

  @Override
  default List<NamedTensor> run(Checkpoint inputs, RunOptions options) throws IOException {
    return new ForecastRun(this, options).run(inputs);
  }

  @Override
  default List<Workload> workloads(WorkloadSizes sizes) {
    return List.of(ForecastWorkload.of(this));
  }
}
