package org.xlstm4j.models.forecast;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.loader.tensors.Tensor;
import org.xlstm4j.models.ModelOption;
import org.xlstm4j.models.NamedTensor;
import org.xlstm4j.models.RunOptions;
import org.xlstm4j.models.TensorShapes;
import org.xlstm4j.models.forecast.ForecastOptions.Choice;

/**
 * A model on tensors, NaN where values are missing. In goes {@code prediction_length} and either
 * {@code context}, {@code [batch][values]}, series on their own, or {@code target}, {@code
 * [targets][values]}, a group, with the covariates {@code past} and {@code future} if there are
 * any. {@code quantiles} and {@code mean} come out, for each series or target.
 *
 * @param model which
 * @param options how
 */
record ForecastRun(ForecastModel model, RunOptions options) {
  private static final String CONTEXT = "context";
  private static final String TARGET = "target";

  List<NamedTensor> run(Checkpoint inputs) throws IOException {
    boolean together = inputs.find(TARGET) != null;
    Tensor main = inputs.get(together ? TARGET : CONTEXT);
    List<float[]> rows = rows(main);
    int horizon = horizon(inputs, main, rows.size());
    List<Forecast> forecasts;
    try {
      List<SeriesGroup> groups =
          together
              ? List.of(
                  new SeriesGroup(rows, rows(inputs.find("past")), rows(inputs.find("future"))))
              : rows.stream().map(SeriesGroup::of).toList();
      forecasts =
          model.forecastGroups(groups, forecastOptions(horizon), options.team()).stream()
              .flatMap(List::stream)
              .toList();
    } catch (IllegalArgumentException e) {
      throw new IOException(inputs.path() + ": " + e.getMessage(), e);
    }
    int steps = forecasts.getFirst().horizon();
    return List.of(
        NamedTensor.of(
            "quantiles",
            NamedTensor.concatenate(forecasts.stream().map(Forecast::quantiles).toList()),
            forecasts.size(),
            steps,
            model.levels().size()),
        NamedTensor.of(
            "mean",
            NamedTensor.concatenate(forecasts.stream().map(Forecast::median).toList()),
            forecasts.size(),
            steps));
  }

  private ForecastOptions forecastOptions(int horizon) {
    return ForecastOptions.of(horizon)
        .withSignFlip(options.has(ModelOption.SIGN_FLIP) ? Choice.YES : Choice.DEFAULT)
        .withDifferencing(options.has(ModelOption.NO_DIFFERENCING) ? Choice.NO : Choice.DEFAULT);
  }

  /** The rows of a tensor of one or two dimensions; none if there is no tensor. */
  private static List<float[]> rows(@Nullable Tensor tensor) throws IOException {
    List<float[]> rows = new ArrayList<>();
    if (tensor != null) {
      int[] shape = TensorShapes.of(tensor, 1, 2);
      int length = shape[shape.length - 1];
      float[] all = tensor.toFloats();
      for (int at = 0; at < all.length; at += length) {
        rows.add(Arrays.copyOfRange(all, at, at + length));
      }
    }
    return rows;
  }

  private int horizon(Checkpoint inputs, Tensor main, int rows) throws IOException {
    long[] horizon = inputs.get("prediction_length").toLongs();
    if (horizon.length != 1 || horizon[0] < 1 || horizon[0] > NamedTensor.LARGEST) {
      throw ModelFormatException.of(
          main.file(),
          "prediction_length",
          "one number, 1 to " + NamedTensor.LARGEST,
          Arrays.toString(horizon));
    }
    int levels = model.levels().size();
    if (rows * horizon[0] * levels > NamedTensor.LARGEST) {
      throw ModelFormatException.of(
          main.file(),
          "prediction_length",
          "quantiles that fit an array",
          rows + " series, " + horizon[0] + " steps, " + levels + " levels");
    }
    return (int) horizon[0];
  }
}
