package org.xlstm4j.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.SafetensorsWriter;
import org.xlstm4j.loader.tensors.Tensor;
import org.xlstm4j.loader.tensors.TensorType;

/** Writes tensors of the golden cases under the names of {@code run} and {@code verify}. */
final class References {
  private References() {}

  /** Copies tensors of one file into another under new names: from old names to new ones. */
  static Path rename(Path from, Path to, Map<String, String> names) throws IOException {
    return write(from, to, names, OptionalLong.empty());
  }

  /** The same, with the horizon of a forecast. */
  static Path rename(Path from, Path to, Map<String, String> names, long horizon)
      throws IOException {
    return write(from, to, names, OptionalLong.of(horizon));
  }

  private static Path write(Path from, Path to, Map<String, String> names, OptionalLong horizon)
      throws IOException {
    try (Checkpoint tensors = Checkpoint.open(from)) {
      List<SafetensorsWriter.Entry> entries = new ArrayList<>();
      for (Map.Entry<String, String> name : names.entrySet()) {
        Tensor tensor = tensors.get(name.getKey());
        List<Long> shape = LongStream.of(tensor.shape()).boxed().toList();
        entries.add(new SafetensorsWriter.Entry(name.getValue(), tensor.type(), shape));
      }
      if (horizon.isPresent()) {
        entries.add(new SafetensorsWriter.Entry("prediction_length", TensorType.I64, List.of(1L)));
      }
      try (SafetensorsWriter writer = new SafetensorsWriter(to, entries, Map.of())) {
        for (String name : names.keySet()) {
          writer.write(tensors.get(name).data().asByteBuffer());
        }
        if (horizon.isPresent()) {
          ByteBuffer number = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
          writer.write(number.putLong(0, horizon.getAsLong()));
        }
        writer.finish();
      }
    }
    return to;
  }

  /** Inputs, logits and final states of a language model's case. */
  static Path ofLanguageCase(Path folder, Path to) throws IOException {
    Path expected = folder.resolve("expected.safetensors");
    Map<String, String> names = new LinkedHashMap<>();
    names.put("input_ids", "input_ids");
    names.put("logits_f64", "logits");
    try (Checkpoint tensors = Checkpoint.open(expected)) {
      for (String name : tensors.names()) {
        if (name.startsWith("state.")) {
          names.put(name, name);
        }
      }
    }
    return rename(expected, to, names);
  }

  /** Inputs and outputs of an action model's case: the whole sequence, or the control loop. */
  static Path ofEpisode(Path folder, String label, boolean steps, Path to) throws IOException {
    String input = "input." + label + ".";
    String output = label + (steps ? ".loop." : ".full.");
    Map<String, String> names = new LinkedHashMap<>();
    names.put(input + "states", "states");
    names.put(input + "rtg", "rtg");
    names.put(input + "rewards_scaled", "rewards");
    names.put(input + "given_actions", "given_actions");
    names.put(output + "action_logits", "action_logits");
    return rename(folder.resolve("expected.safetensors"), to, names);
  }
}
