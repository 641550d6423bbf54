package org.xlstm4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;

/** Small files under the names that pages in {@code docs} give to a reader's own. */
final class StandInFiles {
  private static final LocalDate START = LocalDate.of(2024, 1, 1);
  private static final int PAST = 100;

  private StandInFiles() {}

  static void write(Path folder) throws IOException {
    writeSeries(folder);
    Files.writeString(folder.resolve("waves.csv"), Waves.kinds(30, 1));
    Files.writeString(folder.resolve("more-waves.csv"), Waves.kinds(15, 2));
    String unlabeled = Waves.kinds(6, 3).replaceAll("(?m)^[a-z]+,", "");
    Files.writeString(folder.resolve("new.csv"), unlabeled);
    String pumps = Waves.noises(30, 4).replaceFirst("size", "wear");
    Files.writeString(folder.resolve("pumps.csv"), pumps);

    Path picture = Outcome.pretrained("vil-fashion/images/00000.png");
    Files.copy(picture, folder.resolve("boot.png"));
    Path holiday = Files.createDirectory(folder.resolve("holiday"));
    Files.copy(picture, holiday.resolve("beach.png"));
    String book = Files.readString(Outcome.pretrained("xlstm-lm/heldout_railway_children.txt"));
    Files.writeString(folder.resolve("book.txt"), book.substring(0, 4000));

    copyFolder(Outcome.golden("tirex2", "mixed"), folder.resolve("TIREX2"));
    copyFolder(Outcome.golden("tirex2", "embed"), folder.resolve("TIREX"));
    copyFolder(Outcome.golden("xlstm", "stack_mixed"), folder.resolve("my-stack"));
    Path paper = Outcome.golden("xlstm", "lm_mixed_1to1");
    writeModels(paper, folder);
    Files.writeString(
        folder.resolve("observations.jsonl"),
        """
        {"reset": {"task": "Pendulum-v1"}}
        {"observation": [1, 0, 0.1]}
        {"observation": [0.99, 0.01, 0.2], "reward": -0.1}
        """);
    Files.writeString(folder.resolve("sums.csv"), "1,234\n2,345\n");
    Path embeddings = Outcome.golden("tirex2", "embed");
    Files.copy(embeddings.resolve("classifier.pt"), folder.resolve("classifier.pt"));
    References.rename(
        embeddings.resolve("expected.safetensors"),
        folder.resolve("series.safetensors"),
        Map.of("b.series", "series"));
    References.rename(
        Outcome.golden("xlstm", "stack_mixed").resolve("expected.safetensors"),
        folder.resolve("in.safetensors"),
        Map.of("x", "x"));
    References.rename(
        paper.resolve("expected.safetensors"),
        folder.resolve("tokens.safetensors"),
        Map.of("input_ids", "input_ids"));
    References.rename(
        Outcome.golden("tirex2", "mixed").resolve("expected.safetensors"),
        folder.resolve("inputs.safetensors"),
        Map.of("a.target", "target", "a.past", "past", "a.future", "future"),
        11);
  }

  /** A language model with a reference, and what goes wrong with models. */
  private static void writeModels(Path golden, Path folder) throws IOException {
    Path model = folder.resolve("my-model");
    copyFolder(golden, model);

    Path cut = folder.resolve("my-download");
    copyFolder(golden, cut);
    byte[] weights = Files.readAllBytes(cut.resolve("model.safetensors"));
    Files.write(cut.resolve("model.safetensors"), Arrays.copyOf(weights, weights.length / 2));

    Path other = folder.resolve("my-config");
    copyFolder(golden, other);
    String config = Files.readString(other.resolve("config.json"));
    String wider = config.replace("\"embedding_dim\": 32", "\"embedding_dim\": 64");
    Files.writeString(other.resolve("config.json"), wider);

    Path llama = folder.resolve("my-llama");
    copyFolder(golden, llama);
    Files.writeString(llama.resolve("config.json"), "{\"model_type\": \"llama\"}");
    Files.createDirectory(folder.resolve("my-folder"));
  }

  private static void copyFolder(Path from, Path to) throws IOException {
    Files.createDirectory(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }

  private static void writeSeries(Path folder) throws IOException {
    StringBuilder sales = new StringBuilder("day,north,south,wind\n");
    StringBuilder load = new StringBuilder("day,load,wind,holiday\n");
    StringBuilder sensors = new StringBuilder("inlet,outlet\n");
    StringBuilder ahead = new StringBuilder("day,wind,holiday\n");
    for (int i = 0; i < PAST; i++) {
      float north = wave(i, 7);
      float south = wave(i, 11);
      String wind = wave(i, 5) + "";
      LocalDate day = START.plusDays(i);
      sales.append(String.join(",", day.toString(), north + "", south + "", wind)).append('\n');
      load.append(String.join(",", day.toString(), north + "", wind, holiday(i))).append('\n');
      sensors.append(north).append(',').append(south).append('\n');
    }
    for (int i = PAST; i < PAST + 40; i++) {
      ahead.append(START.plusDays(i)).append(',').append(wave(i, 5)).append(',');
      ahead.append(holiday(i)).append('\n');
    }
    Files.writeString(folder.resolve("sales.csv"), sales);
    Files.writeString(folder.resolve("load.csv"), load);
    Files.writeString(folder.resolve("sensors.csv"), sensors);
    Files.writeString(folder.resolve("ahead.csv"), ahead);
  }

  private static float wave(int step, int period) {
    int noise = step * 7919 % 101;
    return (float) Math.rint(100 * Math.sin(2 * Math.PI * step / period) + noise) / 16 + 20;
  }

  private static String holiday(int step) {
    return step % 7 < 2 ? "1" : "0";
  }
}
