package org.xlstm4j.models.language;

import java.util.HashMap;
import java.util.Map;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.engine.tokens.Columns;
import org.xlstm4j.engine.weights.LinearObserver;
import org.xlstm4j.engine.weights.Matrix;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.tensors.MatrixView;

/**
 * What a language model's matrices are multiplied with on a typical text: the sum of the squares of
 * each input. An error in a weight changes a result by its product with the input, so that is how
 * much the errors of a column count when the weights are quantized.
 */
public final class Calibration {
  private static final int WINDOW = 512;

  private Calibration() {}

  /**
   * Runs a model on a text, in windows from a fresh state each.
   *
   * @param model the model with the weights to be quantized
   * @param text tokens, at least one
   * @param team the threads to compute with
   * @param progress is told the number of tokens done and of all
   * @return by tensors' names a number for each column of each of the tensor's matrices
   */
  public static Map<String, float[]> of(
      LanguageModel model, int[] text, Team team, Perplexity.Progress progress) {
    Sums sums = new Sums(model.checkpoint());
    LanguageSession session = model.newSession(team, sums);
    float[] logits = new float[Math.multiplyExact(WINDOW, model.vocabularySize())];
    for (int first = 0; first < text.length; first += WINDOW) {
      int count = Math.min(WINDOW, text.length - first);
      session.reset();
      session.score(text, first, count, logits);
      progress.update(first + count, text.length);
    }
    return sums.importance();
  }

  private static final class Sums implements LinearObserver {
    private final Checkpoint checkpoint;
    private final Map<String, double[]> squares = new HashMap<>();

    Sums(Checkpoint checkpoint) {
      this.checkpoint = checkpoint;
    }

    @Override
    public void observe(Matrix matrix, Columns x, int count) {
      MatrixView view = checkpoint.viewOf(matrix);
      if (view == null) {
        return;
      }
      int columns = matrix.columns();
      double[] sums =
          squares.computeIfAbsent(view.tensor(), name -> new double[view.form().count() * columns]);
      int to = view.index() * columns;
      for (int token = 0; token < count; token++) {
        int from = x.at(token);
        for (int column = 0; column < columns; column++) {
          double value = x.data()[from + column];
          sums[to + column] += value * value;
        }
      }
    }

    Map<String, float[]> importance() {
      Map<String, float[]> importance = new HashMap<>();
      squares.forEach(
          (name, sums) -> {
            float[] rounded = new float[sums.length];
            for (int i = 0; i < rounded.length; i++) {
              rounded[i] = (float) sums[i];
            }
            importance.put(name, rounded);
          });
      return importance;
    }
  }
}
