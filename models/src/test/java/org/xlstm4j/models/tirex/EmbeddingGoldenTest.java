package org.xlstm4j.models.tirex;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xlstm4j.engine.cells.SlstmCell.Arithmetic;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.engine.threads.Workspace;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.SafetensorsWriter;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.loader.tensors.TensorType;
import org.xlstm4j.models.ModelOption;
import org.xlstm4j.models.Models;
import org.xlstm4j.models.NamedTensor;
import org.xlstm4j.models.RunOptions;
import org.xlstm4j.models.embedding.EmbeddingModel;
import org.xlstm4j.models.embedding.EmbeddingOptions;
import org.xlstm4j.models.embedding.LinearHead;
import org.xlstm4j.models.embedding.SeriesStatistics;
import org.xlstm4j.models.testing.Golden;

/** Embeddings and heads of a small random model against the original code. */
class EmbeddingGoldenTest {
  @TempDir private Path temporary;

  private static final List<String> SETS = List.of("a", "b", "c", "d");
  private static final EmbeddingOptions PLAIN = EmbeddingOptions.PLAIN;
  private static final EmbeddingOptions AUGMENTED = EmbeddingOptions.AUGMENTED;

  private static TirexModel open(Golden golden, Arithmetic arithmetic) throws IOException {
    return (TirexModel) Models.open(golden.folder(), EmbeddingModel.class, arithmetic);
  }

  @ParameterizedTest
  @CsvSource({
    "FLOAT32, _f64, 1, 5e-6",
    "FLOAT32, _f64, 2, 5e-6",
    "FLOAT32, .f32, 2, 5e-6",
    "FLOAT32, '', 1, 1.5e-2",
    "BFLOAT16, '', 2, 1.5e-2"
  })
  void embeddingsAndHeads(Arithmetic arithmetic, String suffix, int threads, double limit)
      throws IOException {
    try (Golden golden = Golden.open("tirex2", "embed");
        TirexModel model = open(golden, arithmetic)) {
      Team team = Team.of(threads);
      for (String set : SETS) {
        List<float[][]> series = series(golden, set);
        check(golden, set + ".embedding", suffix, limit, model.embed(series, PLAIN, team));
        check(golden, set + ".augmented", suffix, limit, model.embed(series, AUGMENTED, team));
      }
      checkHidden(golden, model, suffix, limit);
      checkHead(golden, model, "classifier", "b", suffix, limit);
      checkHead(golden, model, "regressor", "a", suffix, limit);
    }
  }

  private static List<float[][]> series(Golden golden, String set) throws IOException {
    long[] shape = golden.shape(set + ".series");
    List<float[][]> series = new ArrayList<>();
    for (int b = 0; b < shape[0]; b++) {
      float[] all = golden.floats(set + ".series", b);
      float[][] rows = new float[(int) shape[1]][];
      for (int v = 0; v < rows.length; v++) {
        rows[v] = Arrays.copyOfRange(all, v * (int) shape[2], (v + 1) * (int) shape[2]);
      }
      series.add(rows);
    }
    return series;
  }

  private static void check(
      Golden golden, String name, String suffix, double limit, List<float[]> actual)
      throws IOException {
    float[] expected = golden.floats(name + suffix);
    double error = Golden.errors(expected, NamedTensor.concatenate(actual))[1];
    assertTrue(error <= limit, name + suffix + ": " + error + ", at most " + limit);
  }

  /** What each block gives for each patch that holds the series. */
  private static void checkHidden(Golden golden, TirexModel model, String suffix, double limit)
      throws IOException {
    int width = model.config().width();
    int blocks = model.config().blocks();
    TirexEmbedder embedder = new TirexEmbedder(model, new Workspace(Team.of(2)));
    List<PatchPass.Part> parts =
        series(golden, "a").stream().map(rows -> embedder.part(rows[0])).toList();
    int patches = (int) golden.shape("a.hidden")[1];
    float[] hidden = new float[parts.size() * patches * blocks * width];
    assertTrue(parts.stream().allMatch(part -> part.count() == patches));
    embedder.outputs(
        parts,
        (block, x) -> {
          for (int token = 0; token < parts.size() * patches; token++) {
            int to = (token * blocks + block) * width;
            System.arraycopy(x.data(), x.at(token), hidden, to, width);
          }
        });
    check(golden, "a.hidden", suffix, limit, List.of(hidden));
  }

  private static void checkHead(
      Golden golden, TirexModel model, String name, String set, String suffix, double limit)
      throws IOException {
    Path file = golden.folder().resolve(name + ".pt");
    LinearHead head = LinearHead.read(file);
    assertArrayEquals(golden.floats(name + ".weight"), head.weight());
    assertArrayEquals(golden.floats(name + ".bias"), head.bias());
    List<float[]> outputs =
        model.embed(series(golden, set), head.options(), Team.of(1)).stream()
            .map(head::apply)
            .toList();
    check(golden, name + ".output", suffix, limit, outputs);
    boolean classifies = name.equals("classifier");
    assertEquals(
        classifies ? LinearHead.Kind.CLASSIFICATION : LinearHead.Kind.REGRESSION, head.kind());
    assertEquals(!classifies, head.augment());
    assertEquals(classifies ? List.of("0", "1", "2") : List.of("value"), head.labels());
    if (classifies) {
      int[] classes = golden.ints(name + ".predict" + suffix);
      assertArrayEquals(classes, outputs.stream().mapToInt(LinearHead::best).toArray());
      check(
          golden,
          name + ".output_proba",
          suffix,
          limit,
          outputs.stream().map(LinearHead::probabilities).toList());
    }
  }

  /** A plain embedding is that of its series alone, whatever else is embedded with it. */
  @Test
  void plainEmbeddingsDependOnTheirSeriesAlone() throws IOException {
    try (Golden golden = Golden.open("tirex2", "embed");
        TirexModel model = open(golden, Arithmetic.FLOAT32)) {
      List<float[][]> many = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        many.addAll(series(golden, "a"));
        many.addAll(series(golden, "c"));
      }
      List<float[]> together = model.embed(many, PLAIN, Team.of(2));
      for (int i : new int[] {0, 3, 5, 6, 700, many.size() - 1}) {
        float[] alone =
            model.embed(Collections.singletonList(many.get(i)), PLAIN, Team.of(1)).getFirst();
        assertEquals(model.embeddingWidth(1, 43, false), alone.length);
        assertTrue(Golden.errors(alone, together.get(i))[1] <= 1e-6);
      }
    }
  }

  /** With the statistics of its batch, a series has the embedding that it has in the batch. */
  @Test
  void storedStatisticsStandForTheBatch() throws IOException {
    try (Golden golden = Golden.open("tirex2", "embed");
        TirexModel model = open(golden, Arithmetic.FLOAT32)) {
      for (String set : SETS) {
        List<float[][]> series = series(golden, set);
        EmbeddingOptions stored = EmbeddingOptions.augmented(SeriesStatistics.of(series));
        List<float[][]> last = Collections.singletonList(series.getLast());
        float[] alone = model.embed(last, stored, Team.of(1)).getFirst();
        float[] inBatch = golden.floats(set + ".augmented_f64", series.size() - 1);
        assertTrue(Golden.errors(inBatch, alone)[1] <= 5e-6, set);
        if (series.size() > 1) {
          float[] other = model.embed(last, AUGMENTED, Team.of(1)).getFirst();
          assertFalse(Golden.errors(inBatch, other)[1] <= 1e-2, set);
        }
      }
    }
  }

  @Test
  void tensorsInTensorsOut() throws IOException {
    try (Golden golden = Golden.open("tirex2", "embed");
        TirexModel model = open(golden, Arithmetic.FLOAT32)) {
      RunOptions plain = RunOptions.of(Team.of(2));
      RunOptions augmented = RunOptions.of(Team.of(2), ModelOption.AUGMENT);
      Path classifier = golden.folder().resolve("classifier.pt");
      RunOptions headed = new RunOptions(Team.of(2), Set.of(), null, classifier);
      try (Checkpoint inputs = inputs(golden, "b")) {
        check(golden, "b.embedding", "_f64", 5e-6, values(model.run(inputs, plain), 0));
        check(golden, "b.augmented", "_f64", 5e-6, values(model.run(inputs, augmented), 0));
        List<NamedTensor> outputs = model.run(inputs, headed);
        check(golden, "b.embedding", "_f64", 5e-6, values(outputs, 0));
        check(golden, "classifier.output", "_f64", 5e-6, values(outputs, 1));
        assertEquals(List.of(3L, 96L), outputs.get(0).shape());
        assertEquals("output", outputs.get(1).name());
        assertEquals(List.of(3L, 3L), outputs.get(1).shape());
        RunOptions both = new RunOptions(Team.of(1), Set.of(ModelOption.AUGMENT), null, classifier);
        String refused =
            assertThrows(ModelFormatException.class, () -> model.run(inputs, both)).getMessage();
        assertTrue(refused.contains("data_augmentation"), refused);
      }
      try (Checkpoint inputs = inputs(golden, "a")) {
        String refused =
            assertThrows(ModelFormatException.class, () -> model.run(inputs, headed)).getMessage();
        assertTrue(refused.contains("emb_dim: expected 48"), refused);
        assertTrue(refused.endsWith("found 96"), refused);
      }
    }
  }

  private static List<float[]> values(List<NamedTensor> tensors, int index) {
    return List.of(tensors.get(index).values());
  }

  private Checkpoint inputs(Golden golden, String set) throws IOException {
    List<Long> shape = LongStream.of(golden.shape(set + ".series")).boxed().toList();
    Path file = temporary.resolve(set + ".safetensors");
    var entries = List.of(new SafetensorsWriter.Entry("series", TensorType.F32, shape));
    try (SafetensorsWriter writer = new SafetensorsWriter(file, entries, Map.of())) {
      writer.write(golden.floats(set + ".series"));
      writer.finish();
    }
    return Checkpoint.open(file);
  }

  @Test
  void shapesThatDoNotFitAreRefused() throws IOException {
    try (Golden golden = Golden.open("tirex2", "embed");
        TirexModel model = open(golden, Arithmetic.FLOAT32)) {
      refused(model, "no series", PLAIN);
      refused(model, "series 1 has 2 variates", PLAIN, new float[1][5], new float[2][5]);
      refused(model, "3 values in variate 1", PLAIN, new float[][] {new float[5], new float[3]});
      refused(model, "series 0 has 0 values", PLAIN, new float[1][0]);
      refused(model, "expected at least 2", AUGMENTED, new float[1][1]);
      refused(model, "series 1 has 1 variates of 6", AUGMENTED, new float[1][5], new float[1][6]);
      refused(model, "value 1 is 1.0E31", PLAIN, new float[][] {{0, 1e31f}});
      EmbeddingOptions others =
          EmbeddingOptions.augmented(
              SeriesStatistics.of(Collections.singletonList(new float[1][15])));
      refused(model, "have 32 statistics, the stored ones are 60", others, new float[1][24]);
      List<float[]> lengths =
          model.embed(List.of(new float[1][5], new float[1][500]), PLAIN, Team.of(1));
      assertEquals(48, lengths.get(1).length);
    }
  }

  private static void refused(
      EmbeddingModel model, String found, EmbeddingOptions options, float[][]... series) {
    List<float[][]> all = List.of(series);
    String message =
        assertThrows(IllegalArgumentException.class, () -> model.embed(all, options, Team.of(1)))
            .getMessage();
    assertTrue(message.contains(found), message);
  }
}
