package org.xlstm4j.models.embedding;

import static org.xlstm4j.models.embedding.LinearHead.Kind.CLASSIFICATION;
import static org.xlstm4j.models.embedding.LinearHead.Kind.REGRESSION;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.SafetensorsWriter;
import org.xlstm4j.loader.TensorReader;
import org.xlstm4j.loader.config.Config;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.loader.tensors.Tensor;
import org.xlstm4j.loader.tensors.TensorType;

/**
 * Heads in files: as the original saves them, and as safetensors with {@code weight}, {@code bias},
 * perhaps {@code statistics.mean} and {@code statistics.deviation}, and in the metadata {@code
 * head} (the kind), {@code augment} and {@code label.0}, {@code label.1} and so on.
 */
final class HeadFile {
  private static final String WEIGHT = "weight";
  private static final String BIAS = "bias";
  private static final String MEAN = "statistics.mean";
  private static final String DEVIATION = "statistics.deviation";
  private static final String KIND = "head";
  private static final String AUGMENT = "augment";
  private static final String LABEL = "label.";
  private static final String VALUE = "value";
  private static final String EMBEDDING = "emb_dim";
  private static final String CLASSES = "num_classes";
  private static final String OUTPUTS = "output_dim";

  /** With dropout, the original's head is the second of a sequence of modules. */
  private static final String BEHIND_DROPOUT = "1.";

  private final Path file;
  private final Checkpoint checkpoint;

  private HeadFile(Path file, Checkpoint checkpoint) {
    this.file = file;
    this.checkpoint = checkpoint;
  }

  static LinearHead read(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw ModelFormatException.of(file, "head", "a file", "a folder");
    }
    try (Checkpoint checkpoint = Checkpoint.open(file)) {
      HeadFile head = new HeadFile(file, checkpoint);
      return checkpoint.metadata().containsKey(KIND) ? head.own() : head.published();
    }
  }

  private LinearHead own() throws IOException {
    Map<String, String> texts = checkpoint.metadata();
    LinearHead.Kind kind =
        switch (texts.getOrDefault(KIND, "none")) {
          case "classification" -> CLASSIFICATION;
          case "regression" -> REGRESSION;
          case String other ->
              throw ModelFormatException.of(file, KIND, "classification or regression", other);
        };
    boolean augment =
        switch (texts.getOrDefault(AUGMENT, "none")) {
          case "true" -> true;
          case "false" -> false;
          case String other -> throw ModelFormatException.of(file, AUGMENT, "true or false", other);
        };
    TensorReader tensors = new TensorReader(checkpoint);
    int[] shape = tensors.shape(WEIGHT, 2);
    List<String> labels = new ArrayList<>();
    for (int i = 0; i < shape[0]; i++) {
      String label = texts.get(LABEL + i);
      if (label == null) {
        throw ModelFormatException.of(file, LABEL + i, "a label for each output", "none");
      }
      labels.add(label);
    }
    return head(kind, augment, statistics(augment), labels, tensors, shape);
  }

  private @Nullable SeriesStatistics statistics(boolean augment) throws IOException {
    Tensor mean = checkpoint.find(MEAN);
    if (mean == null) {
      return null;
    }
    if (!augment) {
      throw ModelFormatException.of(file, MEAN, "augment = true", "false");
    }
    try {
      return new SeriesStatistics(mean.toDoubles(), checkpoint.get(DEVIATION).toDoubles());
    } catch (IllegalArgumentException e) {
      throw ModelFormatException.of(
          file, MEAN, "finite means, a deviation each, 0 or more", String.valueOf(e.getMessage()));
    }
  }

  private LinearHead published() throws IOException {
    Config settings = checkpoint.attributes();
    if (!settings.has(EMBEDDING) && !settings.has("data_augmentation")) {
      throw ModelFormatException.of(
          file, KIND, "a linear head of xlstm fit, or of the original's save_model", "neither");
    }
    int width = settings.integer(EMBEDDING, 1, Integer.MAX_VALUE);
    boolean augment = settings.bool("data_augmentation");
    boolean values = settings.has(OUTPUTS) || isRegressor(settings);
    int outputs =
        settings.integerOr(settings.has(OUTPUTS) ? OUTPUTS : CLASSES, 1, 1, Integer.MAX_VALUE);
    TensorReader all = new TensorReader(checkpoint);
    TensorReader tensors = all.has(WEIGHT) ? all : all.under(BEHIND_DROPOUT);
    int[] shape = tensors.shape(WEIGHT, 2);
    if (shape[0] != outputs || shape[1] != width) {
      throw ModelFormatException.of(
          file,
          "tensor " + WEIGHT,
          "[" + outputs + ", " + width + "]",
          "[" + shape[0] + ", " + shape[1] + "]");
    }
    List<String> labels = IntStream.range(0, outputs).mapToObj(String::valueOf).toList();
    return head(
        values ? REGRESSION : CLASSIFICATION,
        augment,
        null,
        values && outputs == 1 ? List.of(VALUE) : labels,
        tensors,
        shape);
  }

  /** Regressors of earlier releases name their one output a class. */
  private static boolean isRegressor(Config settings) throws ModelFormatException {
    Config training = settings.childOrEmpty("train_config");
    boolean one = settings.integerOr(CLASSES, 1, 1, Integer.MAX_VALUE) == 1;
    return training.textOr("task_type", one ? "regression" : "").equals("regression");
  }

  private LinearHead head(
      LinearHead.Kind kind,
      boolean augment,
      @Nullable SeriesStatistics statistics,
      List<String> labels,
      TensorReader tensors,
      int... shape)
      throws ModelFormatException {
    if (shape[0] == 0 || shape[1] == 0) {
      throw ModelFormatException.of(
          file, "tensor " + WEIGHT, "outputs and features", "[" + shape[0] + ", " + shape[1] + "]");
    }
    float[] weight = tensors.tensor(WEIGHT, shape);
    float[] bias = tensors.vector(BIAS, shape[0]);
    tensors.finish();
    requireFinite(WEIGHT, weight);
    requireFinite(BIAS, bias);
    return new LinearHead(kind, augment, statistics, labels, weight, bias);
  }

  private void requireFinite(String name, float... values) throws ModelFormatException {
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw ModelFormatException.of(
            file, "tensor " + name, "finite numbers", values[i] + " at " + i);
      }
    }
  }

  static void write(LinearHead head, Path file) throws IOException {
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put(KIND, head.kind().name().toLowerCase(Locale.ROOT));
    texts.put(AUGMENT, String.valueOf(head.augment()));
    for (int i = 0; i < head.outputs(); i++) {
      texts.put(LABEL + i, head.labels().get(i));
    }
    List<SafetensorsWriter.Entry> entries = new ArrayList<>();
    SeriesStatistics statistics = head.statistics();
    if (statistics != null) {
      List<Long> count = List.of((long) statistics.count());
      entries.add(new SafetensorsWriter.Entry(MEAN, TensorType.F64, count));
      entries.add(new SafetensorsWriter.Entry(DEVIATION, TensorType.F64, count));
    }
    long outputs = head.outputs();
    List<Long> shape = List.of(outputs, (long) head.features());
    entries.add(new SafetensorsWriter.Entry(WEIGHT, TensorType.F32, shape));
    entries.add(new SafetensorsWriter.Entry(BIAS, TensorType.F32, List.of(outputs)));
    try (SafetensorsWriter writer = new SafetensorsWriter(file, entries, texts)) {
      if (statistics != null) {
        writer.write(bytes(statistics.means()));
        writer.write(bytes(statistics.deviations()));
      }
      writer.write(head.weight());
      writer.write(head.bias());
      writer.finish();
    }
  }

  private static ByteBuffer bytes(double... values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Double.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asDoubleBuffer().put(values);
    return bytes;
  }
}
