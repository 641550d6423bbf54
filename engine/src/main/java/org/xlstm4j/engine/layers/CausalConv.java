package org.xlstm4j.engine.layers;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.xlstm4j.engine.Columns;
import org.xlstm4j.engine.State;
import org.xlstm4j.engine.StateLayout;
import org.xlstm4j.engine.Workspace;
import org.xlstm4j.engine.kernels.Kernels;

/**
 * Depthwise causal convolution over tokens, each channel on its own: {@code y[t] = bias + sum over
 * j of w[j] x[t - taps + 1 + j]}, with zeros before the first token. The last {@code taps} inputs
 * are its state, oldest first, the current one last.
 *
 * <p>Immutable and thread-safe; what changes is in the {@link State}.
 */
public final class CausalConv {
  private final int taps;
  private final int width;
  private final float[] weights;
  private final float[] bias;
  private final StateLayout.Slot history;

  /**
   * A convolution.
   *
   * @param width number of channels
   * @param taps how many tokens each output sees
   * @param weights {@code [width][taps]}, tap {@code taps - 1} meets the current token; none at all
   *     if they are missing and the convolution will not be used
   * @param bias one summand a channel; none at all if they are missing
   * @param layout receives the state, {@code [taps][width]}
   * @param name of the state, such as {@code "0.conv"}
   */
  public CausalConv(
      int width, int taps, float[] weights, float[] bias, StateLayout layout, String name) {
    this.width = width;
    this.taps = taps;
    this.bias = Lengths.checked("biases", bias, width).clone();
    this.weights = Lengths.checked("weights", weights, width * taps).clone();
    for (int i = 0; i < weights.length; i++) {
      this.weights[i % taps * width + i / taps] = weights[i];
    }
    history = layout.add(name, taps, width);
  }

  /** What the tokens of a call see, {@code [taps + tokens][width]}, on the heap. */
  private static final class Window {
    private float[] rows = new float[0];

    float[] of(int length) {
      if (rows.length < length) {
        rows = new float[length];
      }
      return rows;
    }
  }

  /**
   * Runs some tokens through the convolution.
   *
   * @param workspace the session's
   * @param state the session's, updated
   * @param x input, one value a channel and token
   * @param tokens how many, at least 1
   * @param y result; must not overlap {@code x}
   */
  public void forward(Workspace workspace, State state, Columns x, int tokens, Columns y) {
    float[] window =
        workspace.scratch(Window.class, unused -> new Window()).of((taps + tokens) * width);
    MemorySegment memory = state.segment();
    int length = taps * width;
    MemorySegment.copy(memory, ValueLayout.JAVA_FLOAT, history.byteOffset(), window, 0, length);
    for (int token = 0; token < tokens; token++) {
      int at = (taps + token) * width;
      System.arraycopy(x.data(), x.at(token), window, at, width);
      System.arraycopy(bias, 0, y.data(), y.at(token), width);
      int oldest = (1 + token) * width;
      Kernels.math().multiplyAdd(weights, 0, window, oldest, taps, width, y.data(), y.at(token));
    }
    MemorySegment.copy(
        window, tokens * width, memory, ValueLayout.JAVA_FLOAT, history.byteOffset(), length);
  }

  /**
   * The weights that a token is multiplied with; biases do not count.
   *
   * @return how many
   */
  public long weights() {
    return weights.length;
  }

  /**
   * The memory a step reads besides the state.
   *
   * @return bytes
   */
  public long byteSize() {
    return (long) Float.BYTES * (weights.length + bias.length);
  }
}
