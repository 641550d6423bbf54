package org.xlstm4j.models.large;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xlstm4j.engine.cells.StateLayout;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.models.language.LanguageModel;
import org.xlstm4j.models.language.LanguageSession;
import org.xlstm4j.models.language.Sampler;
import org.xlstm4j.models.testing.Golden;

/** Official and Hugging Face checkpoints against the original code's outputs. */
class XlstmLargeGoldenTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "hf_fused",
        "hf_single",
        "hf_single_bf16",
        "large_bias_noout",
        "large_fused",
        "large_fused_bias_bf16",
        "large_single"
      })
  void logitsStatesAndGreedyTokens(String name) throws IOException {
    try (Golden golden = Golden.open("xlstm", name);
        LanguageModel model = LanguageModel.open(golden.folder())) {
      double chunkError =
          golden.observed(
              "full_vs_official_f64", "full_vs_f64", "step_vs_official_f64", "step_vs_f64");
      long[] shape = golden.shape("input_ids");
      int length = (int) shape[1];
      for (int batch = 0; batch < shape[0]; batch++) {
        int[] ids =
            Arrays.copyOfRange(golden.ints("input_ids"), batch * length, (batch + 1) * length);
        float[] expected = golden.floats("logits_f64", batch);
        LanguageSession chunked = model.newSession(Team.of(2));
        float[] logits = new float[length * model.vocabularySize()];
        chunked.score(ids, 0, length, logits);
        Golden.assertClose(expected, logits, chunkError, name + " chunks");
        checkState(golden, chunked, batch, chunkError);

        LanguageSession stepped = model.newSession(Team.of(1));
        for (int i = 0; i < length; i++) {
          System.arraycopy(
              stepped.step(ids[i]), 0, logits, i * model.vocabularySize(), model.vocabularySize());
        }
        Golden.assertClose(expected, logits, chunkError, name + " steps");
        checkState(golden, stepped, batch, chunkError);
      }
      checkGreedy(golden, model, length);
    }
  }

  private static void checkState(Golden golden, LanguageSession session, int batch, double observed)
      throws IOException {
    for (StateLayout.Slot slot : session.state().layout().slots()) {
      float[] expected = golden.floats("state." + slot.name(), batch);
      double error = Golden.errors(expected, session.state().read(slot))[1];
      double limit = 10 * observed + 2e-6;
      assertTrue(error <= limit, slot.name() + ": error " + error + ", at most " + limit);
    }
  }

  private static void checkGreedy(Golden golden, LanguageModel model, int length)
      throws ModelFormatException {
    int prefill = golden.entry().integerOr("prefill", 0, 1, length);
    if (prefill == 0) {
      prefill = configuredPrefill(golden);
    }
    int[] expected = golden.ints("generated");
    int count = (int) golden.shape("generated")[1];
    for (int batch = 0; batch < golden.shape("generated")[0]; batch++) {
      int from = batch * length;
      int[] prompt = Arrays.copyOfRange(golden.ints("input_ids"), from, from + prefill);
      LanguageSession session = model.newSession(Team.of(1));
      Sampler sampler = new Sampler(Sampler.Settings.greedy());
      float[] logits = session.feed(prompt);
      for (int i = 0; i < count; i++) {
        int token = sampler.next(logits, model.vocabularySize());
        assertEquals(expected[batch * count + i], token, "token " + i);
        logits = session.step(token);
      }
    }
  }

  private static int configuredPrefill(Golden golden) throws ModelFormatException {
    try {
      return org.xlstm4j.loader.config.Config.ofFolder(golden.folder())
          .integer("prefill", 1, 1 << 20);
    } catch (ModelFormatException e) {
      throw e;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
