package org.xlstm4j.models.xlstm;

import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.models.language.LanguageModel;
import org.xlstm4j.models.language.LanguageSession;
import org.xlstm4j.models.testing.Golden;
import org.xlstm4j.models.testing.GoldenState;

/** The paper's language models against the original code, token by token and in chunks. */
class PaperLanguageGoldenTest {
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
        GoldenState.assertClose(golden, chunked.state(), batch, batches, observed);

        LanguageSession stepped = model.newSession(Team.of(1));
        for (int i = 0; i < length; i++) {
          System.arraycopy(stepped.step(ids[i]), 0, logits, i * vocabulary, vocabulary);
        }
        Golden.assertClose(expected, logits, observed, name + " in steps");
        GoldenState.assertClose(golden, stepped.state(), batch, batches, observed);
      }
    }
  }
}
