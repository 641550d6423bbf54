package org.xlstm4j.models.forecast;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.loader.tensors.Tensor;
import org.xlstm4j.models.NamedTensor;
import org.xlstm4j.models.RunOptions;
import org.xlstm4j.models.TensorShapes;

/**
 * A model on tensors: {@code context} in, {@code [batch][values]}, NaN where values are missing,
 * and {@code prediction_length}; {@code quantiles} and {@code mean} out.
 *
 * @param model which
 * @param options how
 */
record ForecastRun(ForecastModel model, RunOptions options) {
  List<NamedTensor> run(Checkpoint inputs) throws IOException {
    Tensor context = inputs.get("context");
    int[] shape = TensorShapes.of(context, 1, 2);
    int batch = shape.length == 2 ? shape[0] : 1;
    int steps = horizon(inputs, context, batch);
    float[] all = context.toFloats();
    int length = all.length / batch;
    List<float[]> series = new ArrayList<>();
    for (int b = 0; b < batch; b++) {
      series.add(Arrays.copyOfRange(all, b * length, (b + 1) * length));
    }
    List<Forecast> forecasts;
    try {
      forecasts = model.forecast(series, steps, 1, options.team());
    } catch (IllegalArgumentException e) {
      throw new IOException(inputs.path() + ": " + e.getMessage(), e);
    }
    return List.of(
        NamedTensor.of(
            "quantiles",
            NamedTensor.concatenate(forecasts.stream().map(Forecast::quantiles).toList()),
            batch,
            steps,
            model.levels().size()),
        NamedTensor.of(
            "mean",
            NamedTensor.concatenate(forecasts.stream().map(Forecast::median).toList()),
            batch,
            steps));
  }

  private int horizon(Checkpoint inputs, Tensor context, int batch) throws IOException {
    long[] horizon = inputs.get("prediction_length").toLongs();
    if (horizon.length != 1 || horizon[0] < 1 || horizon[0] > NamedTensor.LARGEST) {
      throw ModelFormatException.of(
          context.file(),
          "prediction_length",
          "one number, 1 to " + NamedTensor.LARGEST,
          Arrays.toString(horizon));
    }
    int levels = model.levels().size();
    if (batch * horizon[0] * levels > NamedTensor.LARGEST) {
      throw ModelFormatException.of(
          context.file(),
          "prediction_length",
          "quantiles that fit an array",
          batch + " series, " + horizon[0] + " steps, " + levels + " levels");
    }
    return (int) horizon[0];
  }
}
