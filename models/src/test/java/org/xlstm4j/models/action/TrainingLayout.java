package org.xlstm4j.models.action;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.Config;
import org.xlstm4j.loader.SafetensorsWriter;
import org.xlstm4j.loader.Tensor;

/**
 * A golden model as distributed, compiled training on GPUs saves it: wrappers' prefixes before
 * every name, the sLSTM's recurrent weights in the layout of the {@code cuda} back end.
 */
final class TrainingLayout {
  private TrainingLayout() {}

  static ActionModel open(Path folder) throws IOException {
    Path file = Files.createTempFile("training", ".safetensors");
    try (Checkpoint plain = Checkpoint.open(folder.resolve("model.safetensors"));
        Checkpoint cuda = Checkpoint.open(folder.resolve("slstm_cuda_layout.safetensors"))) {
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      plain.forEach(tensor -> tensors.put("module._orig_mod." + tensor.name(), tensor));
      cuda.forEach(tensor -> tensors.put("module._orig_mod." + tensor.name(), tensor));
      List<SafetensorsWriter.Entry> entries = new ArrayList<>();
      tensors.forEach(
          (name, tensor) ->
              entries.add(
                  new SafetensorsWriter.Entry(
                      name, tensor.type(), Arrays.stream(tensor.shape()).boxed().toList())));
      try (SafetensorsWriter writer = new SafetensorsWriter(file, entries, Map.of())) {
        for (Tensor tensor : tensors.values()) {
          writer.write(tensor.data().asByteBuffer());
        }
        writer.finish();
      }
    }
    ActionModel model = ActionModel.open(ActionConfig.of(Config.ofFolder(folder)), file);
    file.toFile().deleteOnExit();
    return model;
  }
}
