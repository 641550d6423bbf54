package org.xlstm4j.models.xlstm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.config.Config;
import org.xlstm4j.models.ModelOption;
import org.xlstm4j.models.NamedTensor;
import org.xlstm4j.models.RunOptions;
import org.xlstm4j.models.sequence.SequenceModel;
import org.xlstm4j.models.sequence.SequenceSession;
import org.xlstm4j.models.testing.Golden;
import org.xlstm4j.models.testing.GoldenState;

/** Stacks of blocks against the original, states included. */
class BlockStackGoldenTest {
  @TempDir private Path folder;

  private static Stream<String> cases() throws IOException {
    Config manifest = Config.read(Golden.root().resolve("xlstm").resolve("manifest.json"));
    List<String> names = new ArrayList<>();
    for (Config entry : manifest.children("cases")) {
      names.add(entry.textOr("case", ""));
    }
    return names.stream().filter(name -> name.startsWith("stack_"));
  }

  @Test
  void casesOfManyKindsAreThere() throws IOException {
    assertTrue(cases().count() >= 12);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void sequenceAndStepsEqualTheOriginal(String name) throws IOException {
    try (Golden golden = Golden.open("xlstm", name);
        SequenceModel model = SequenceModel.open(golden.folder())) {
      double observed = golden.observed("step_vs_parallel", "parallel_vs_f64", "step_vs_f64");
      int batches = (int) golden.shape("x")[0];
      int width = model.width();
      assertEquals(golden.shape("x")[2], width);
      for (int batch = 0; batch < batches; batch++) {
        float[] x = golden.floats("x", batch);
        float[] expected = golden.floats("y_f64", batch);

        SequenceSession whole = model.newSession(Team.of(2));
        Golden.assertClose(expected, whole.forward(x), observed, name + " as a whole");
        GoldenState.assertClose(golden, whole.state(), batch, batches, observed);
        assertEquals(x.length / width, whole.position());

        SequenceSession stepped = model.newSession(Team.of(1));
        float[] y = new float[x.length];
        for (int at = 0; at < x.length; at += width) {
          float[] one = stepped.step(Arrays.copyOfRange(x, at, at + width));
          System.arraycopy(one, 0, y, at, width);
        }
        Golden.assertClose(expected, y, observed, name + " in steps");
        GoldenState.assertClose(golden, stepped.state(), batch, batches, observed);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void tensorsInTensorsOut(String name) throws IOException {
    try (Golden golden = Golden.open("xlstm", name);
        SequenceModel model = SequenceModel.open(golden.folder());
        Checkpoint inputs = Checkpoint.open(golden.folder().resolve("expected.safetensors"))) {
      double observed = golden.observed("step_vs_parallel", "parallel_vs_f64", "step_vs_f64");
      for (boolean steps : new boolean[] {false, true}) {
        List<NamedTensor> outputs =
            model.run(
                inputs,
                steps ? RunOptions.of(Team.of(1), ModelOption.STEPS) : RunOptions.of(Team.of(1)));
        assertTrue(outputs.size() > 1);
        for (NamedTensor output : outputs) {
          long[] shape = output.shape().stream().mapToLong(Long::longValue).toArray();
          assertArrayEquals(golden.shape(output.name()), shape, output.name());
          double error = Golden.errors(golden.floats(output.name()), output.values())[1];
          assertTrue(error <= 20 * observed + 4e-6, output.name() + ": error " + error);
        }
      }
    }
  }

  @Test
  void forksAndSavedSessionsGoOnBitForBit() throws IOException {
    try (Golden golden = Golden.open("xlstm", "stack_mixed");
        SequenceModel model = SequenceModel.open(golden.folder())) {
      float[] x = golden.floats("x", 0);
      int half = x.length / 2 / model.width() * model.width();
      SequenceSession session = model.newSession(Team.of(1));
      session.forward(Arrays.copyOf(x, half));
      SequenceSession fork = model.newSession(Team.of(1));
      fork.copyFrom(session);
      Path file = folder.resolve("session");
      session.save(file);
      SequenceSession loaded = model.newSession(Team.of(1));
      loaded.load(file);
      assertEquals(session.position(), loaded.position());

      float[] rest = Arrays.copyOfRange(x, half, x.length);
      float[] expected = session.forward(rest);
      assertArrayEquals(expected, fork.forward(rest));
      assertArrayEquals(expected, loaded.forward(rest));
    }
  }

  @Test
  void refusesVectorsThatWouldDamageTheState() throws IOException {
    try (Golden golden = Golden.open("xlstm", "stack_mixed");
        SequenceModel model = SequenceModel.open(golden.folder())) {
      SequenceSession session = model.newSession(Team.of(1));
      float[] x = new float[model.width()];
      x[3] = Float.NaN;
      assertThrows(IllegalArgumentException.class, () -> session.step(x));
      assertThrows(IllegalArgumentException.class, () -> session.step(new float[3]));
      assertThrows(IllegalArgumentException.class, () -> session.forward(new float[3]));
      assertEquals(0, session.position());
    }
  }
}
