package org.xlstm4j.models.lram;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.SafetensorsWriter;
import org.xlstm4j.loader.config.Config;
import org.xlstm4j.loader.tensors.Tensor;
import org.xlstm4j.loader.tensors.TensorType;
import org.xlstm4j.models.Models;
import org.xlstm4j.models.action.ActionModel;

/**
 * Golden models as training saves them: distributed and compiled on GPUs, with wrappers' prefixes
 * before every name and the sLSTM's recurrent weights in the layout of the {@code cuda} back end;
 * or with statistics next to the weights.
 */
final class TrainingLayout {
  private TrainingLayout() {}

  /** With the layout of training on GPUs. */
  static ActionModel open(Path folder) throws IOException {
    try (Checkpoint plain = Checkpoint.open(folder.resolve("model.safetensors"));
        Checkpoint cuda = Checkpoint.open(folder.resolve("slstm_cuda_layout.safetensors"))) {
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      plain.forEach(tensor -> tensors.put("module._orig_mod." + tensor.name(), tensor));
      cuda.forEach(tensor -> tensors.put("module._orig_mod." + tensor.name(), tensor));
      return open(folder, tensors, Map.of());
    }
  }

  /** With statistics of observations beside the weights. */
  static ActionModel open(Path folder, float[] mean, float[] deviation) throws IOException {
    try (Checkpoint plain = Checkpoint.open(folder.resolve("model.safetensors"))) {
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      plain.forEach(tensor -> tensors.put(tensor.name(), tensor));
      Map<String, float[]> statistics = new LinkedHashMap<>();
      statistics.put("pytorch_variables.state_mean", mean);
      statistics.put("pytorch_variables.state_std", deviation);
      return open(folder, tensors, statistics);
    }
  }

  private static ActionModel open(
      Path folder, Map<String, Tensor> tensors, Map<String, float[]> vectors) throws IOException {
    Path file = Files.createTempFile("training", ".safetensors");
    List<SafetensorsWriter.Entry> entries = new ArrayList<>();
    tensors.forEach(
        (name, tensor) ->
            entries.add(
                new SafetensorsWriter.Entry(
                    name, tensor.type(), Arrays.stream(tensor.shape()).boxed().toList())));
    vectors.forEach(
        (name, vector) ->
            entries.add(
                new SafetensorsWriter.Entry(name, TensorType.F32, List.of((long) vector.length))));
    try (SafetensorsWriter writer = new SafetensorsWriter(file, entries, Map.of())) {
      for (Tensor tensor : tensors.values()) {
        writer.write(tensor.data().asByteBuffer());
      }
      for (float[] vector : vectors.values()) {
        writer.write(vector);
      }
      writer.finish();
    }
    ActionModel model =
        Models.of(Config.ofFolder(folder), Checkpoint.open(file), ActionModel.class);
    file.toFile().deleteOnExit();
    return model;
  }
}
