package org.xlstm4j.loader.quantize;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.SafetensorsWriter;
import org.xlstm4j.loader.config.Config;
import org.xlstm4j.loader.files.FolderFiles;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.loader.tensors.Tensor;

/** Writes a model's folder anew: its tensors converted, everything else as it was. */
final class ModelFolder {
  /** A tensor of the new file. */
  record Part(SafetensorsWriter.Entry entry, TensorConversion conversion) {}

  private ModelFolder() {}

  /**
   * The tensors in the order of the new file: panels first, because they are whole multiples of 64
   * bytes; then by size of the elements. One with several names is there once.
   */
  static List<Tensor> order(Checkpoint source, Set<String> panels) {
    List<Tensor> order = new ArrayList<>();
    for (Tensor tensor : source) {
      if (!source.aliases().contains(tensor.name())) {
        order.add(tensor);
      }
    }
    order.sort(
        Comparator.comparing((Tensor tensor) -> !panels.contains(tensor.name()))
            .thenComparing(tensor -> -tensor.type().bits()));
    return order;
  }

  /** A tensor that stays as it is. */
  static Part copy(Tensor tensor) {
    List<Long> shape = Arrays.stream(tensor.shape()).boxed().toList();
    return new Part(
        new SafetensorsWriter.Entry(tensor.name(), tensor.type(), shape), new Copy(tensor));
  }

  /**
   * Writes the folder.
   *
   * @param config of the new folder
   * @param out where it shall appear; nothing may be there
   * @param parts the tensors of the new file in their order
   * @param progress is told the number of weights done
   * @return what became of each tensor
   */
  static List<TensorReport> write(
      Checkpoint source, Config config, Path out, List<Part> parts, LongConsumer progress)
      throws IOException {
    List<SafetensorsWriter.Entry> entries = parts.stream().map(Part::entry).toList();
    try (NewFolder folder = new NewFolder(out)) {
      copySmallFiles(source, folder);
      folder.write("config.json", config.toJson());
      List<TensorReport> reports = new ArrayList<>();
      try (SafetensorsWriter file =
          new SafetensorsWriter(
              folder.path().resolve("model.safetensors"), entries, source.metadata())) {
        long done = 0;
        for (Part part : parts) {
          TensorReport report = part.conversion().write(file, done, progress);
          reports.add(report);
          done += report.weights();
        }
        file.finish();
      }
      folder.finish();
      return reports;
    }
  }

  /** Tokenizer, generation settings and what else lies beside the weights. */
  private static void copySmallFiles(Checkpoint source, NewFolder folder) throws IOException {
    if (!Files.isDirectory(source.path())) {
      return;
    }
    try (Stream<Path> files = Files.list(source.path())) {
      for (Path file : files.sorted().toList()) {
        if (Files.isRegularFile(file) && !isReplaced(String.valueOf(file.getFileName()))) {
          if (!FolderFiles.isOwn(source.path(), file)) {
            throw ModelFormatException.of(
                file, "file", "a file of the folder", "a link that leads out of it");
          }
          folder.copy(file);
        }
      }
    }
  }

  private static boolean isReplaced(String name) {
    return Config.isNamed(name)
        || name.endsWith(".index.json")
        || name.matches(".*\\.(safetensors|ckpt|pt|pth|th|zip|bin)");
  }
}
