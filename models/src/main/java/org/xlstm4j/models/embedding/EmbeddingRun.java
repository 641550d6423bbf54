package org.xlstm4j.models.embedding;

import java.io.IOException;
import java.nio.file.Path;
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

/**
 * A model on tensors: {@code series} in, {@code [batch][variates][values]}, NaN where values are
 * missing; {@code embedding} out, and with a head {@code output}, its logits or values.
 *
 * @param model which
 * @param options how
 */
record EmbeddingRun(EmbeddingModel model, RunOptions options) {
  List<NamedTensor> run(Checkpoint inputs) throws IOException {
    Tensor tensor = inputs.get("series");
    int[] shape = TensorShapes.of(tensor, 2, 3);
    int batch = shape.length == 3 ? shape[0] : 1;
    int variates = shape[shape.length - 2];
    int length = shape[shape.length - 1];
    Path file = options.head();
    boolean augment = options.has(ModelOption.AUGMENT);
    LinearHead head = null;
    if (file != null) {
      head = LinearHead.read(file);
      head.requireUse(file, augment);
      augment = head.augment();
      head.requireWidth(file, model.embeddingWidth(variates, length, augment));
    }
    int width = model.embeddingWidth(variates, length, augment);
    if ((long) batch * width > NamedTensor.LARGEST) {
      throw ModelFormatException.of(
          tensor.file(), "tensor series", "embeddings that fit an array", batch + " of " + width);
    }
    List<float[]> embeddings =
        embed(inputs, series(tensor, batch, variates, length), augment, head);
    List<NamedTensor> outputs = new ArrayList<>();
    outputs.add(NamedTensor.of("embedding", NamedTensor.concatenate(embeddings), batch, width));
    if (head != null) {
      List<float[]> results = embeddings.stream().map(head::apply).toList();
      outputs.add(
          NamedTensor.of("output", NamedTensor.concatenate(results), batch, head.outputs()));
    }
    return outputs;
  }

  private List<float[]> embed(
      Checkpoint inputs, List<float[][]> series, boolean augment, @Nullable LinearHead head)
      throws IOException {
    EmbeddingOptions how = new EmbeddingOptions(augment, head == null ? null : head.statistics());
    try {
      return model.embed(series, how, options.team());
    } catch (IllegalArgumentException e) {
      throw new IOException(inputs.path() + ": " + e.getMessage(), e);
    }
  }

  private static List<float[][]> series(Tensor tensor, int batch, int variates, int length)
      throws IOException {
    float[] all = tensor.toFloats();
    List<float[][]> series = new ArrayList<>();
    for (int b = 0; b < batch; b++) {
      float[][] rows = new float[variates][];
      for (int v = 0; v < variates; v++) {
        int first = (b * variates + v) * length;
        rows[v] = Arrays.copyOfRange(all, first, first + length);
      }
      series.add(rows);
    }
    return series;
  }
}
