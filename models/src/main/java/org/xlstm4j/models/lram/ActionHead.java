package org.xlstm4j.models.lram;

import java.util.Arrays;
import java.util.List;
import org.xlstm4j.engine.weights.Linear;
import org.xlstm4j.engine.weights.Matrix;
import org.xlstm4j.loader.TensorReader;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.models.blocks.Weights;

/**
 * The output layer: logits over discrete actions and bins. Either one layer for all dimensions of
 * an action, of which only the rows that are needed are computed, or one layer that is applied for
 * each dimension in turn. Immutable and thread-safe.
 */
final class ActionHead {
  private final Matrix weights;
  private final float[] bias;

  ActionHead(LramConfig config, TensorReader tensors) throws ModelFormatException {
    int choices = config.actionChoices();
    int rows =
        config.sharedHead()
            ? (int) Math.min((long) config.actionWidth() * choices, Integer.MAX_VALUE)
            : choices;
    weights = tensors.matrix("action_net.0.weight", rows, config.width());
    bias = tensors.vector("action_net.0.bias", rows);
  }

  Weights weights() {
    return Weights.of(first(weights.rows()));
  }

  /**
   * The part of the head that gives the first logits.
   *
   * @param count how many
   */
  Linear first(int count) {
    return new Linear(List.of(weights.slice(0, count)), Arrays.copyOf(bias, count));
  }
}
