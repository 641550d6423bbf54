package org.xlstm4j.models.language;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xlstm4j.engine.StateLayout;
import org.xlstm4j.engine.Team;
import org.xlstm4j.models.testing.Golden;

/** The paper's language models against the original code, token by token and in chunks. */
class PaperXlstmGoldenTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "lm_bias",
        "lm_head24",
        "lm_m_only",
        "lm_mixed_1to1",
        "lm_noconv_swish_nopost",
        "lm_noffn_bs8_conv3",
        "lm_s_only",
        "lm_slstm_at_1",
        "lm_tied"
      })
  void logitsAndStates(String name) throws IOException {
    try (Golden golden = Golden.open("xlstm", name);
        LanguageModel model = LanguageModel.open(golden.folder())) {
      double observed = golden.observed("step_vs_parallel", "parallel_vs_f64", "step_vs_f64");
      long[] shape = golden.shape("input_ids");
      int batches = (int) shape[0];
      int length = (int) shape[1];
      int vocabulary = model.vocabularySize();
      for (int batch = 0; batch < batches; batch++) {
        int[] ids =
            Arrays.copyOfRange(golden.ints("input_ids"), batch * length, (batch + 1) * length);
        float[] expected = golden.floats("logits_f64", batch);
        float[] logits = new float[length * vocabulary];
        LanguageSession chunked = model.newSession(Team.of(2));
        for (int first = 0; first < length; first += 37) {
          int count = Math.min(37, length - first);
          float[] part = new float[count * vocabulary];
          chunked.score(ids, first, count, part);
          System.arraycopy(part, 0, logits, first * vocabulary, part.length);
        }
        Golden.assertClose(expected, logits, observed, name + " in chunks");
        checkState(golden, chunked, batch, batches, observed);

        LanguageSession stepped = model.newSession(Team.of(1));
        for (int i = 0; i < length; i++) {
          System.arraycopy(stepped.step(ids[i]), 0, logits, i * vocabulary, vocabulary);
        }
        Golden.assertClose(expected, logits, observed, name + " in steps");
        checkState(golden, stepped, batch, batches, observed);
      }
    }
  }

  private static void checkState(
      Golden golden, LanguageSession session, int batch, int batches, double observed)
      throws IOException {
    assertTrue(!session.state().layout().slots().isEmpty());
    for (StateLayout.Slot slot : session.state().layout().slots()) {
      float[] expected =
          slot.name().endsWith("slstm")
              ? ofInnerBatch(golden.floats("state." + slot.name()), batch, batches)
              : golden.floats("state." + slot.name(), batch);
      double error = Golden.errors(expected, session.state().read(slot))[1];
      double limit = 10 * observed + 2e-6;
      assertTrue(error <= limit, slot.name() + ": error " + error + ", at most " + limit);
    }
  }

  /** One batch entry of {@code [4, batches, width]}. */
  private static float[] ofInnerBatch(float[] all, int batch, int batches) {
    int width = all.length / 4 / batches;
    float[] one = new float[4 * width];
    for (int part = 0; part < 4; part++) {
      System.arraycopy(all, (part * batches + batch) * width, one, part * width, width);
    }
    return one;
  }
}
