package org.xlstm4j.engine.layers;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.xlstm4j.engine.cells.Sequences;
import org.xlstm4j.engine.cells.State;
import org.xlstm4j.engine.cells.StateLayout;
import org.xlstm4j.engine.kernels.dispatch.Kernels;
import org.xlstm4j.engine.threads.Workspace;
import org.xlstm4j.engine.tokens.Columns;

/**
 * Depthwise causal convolution over tokens, each channel on its own: {@code y[t] = bias + sum over
 * j of w[j] x[t - taps + 1 + j]}, with zeros before the first token. The last {@code taps} inputs
 * are its state, oldest first, the current one last.
 *
 * <p>Immutable and thread-safe; what changes is in the {@link State}.
 */
public final class DepthwiseCausalConvolution {
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
  public DepthwiseCausalConvolution(
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

  /** What the tokens of a call see: those of a sequence before them, then they themselves. */
  private static final class Window {
    /** {@code [taps + tokens][width]} of each sequence. */
    private float[] rows = new float[0];

    /** Where the oldest that a token sees stands among the rows. */
    private int[] oldest = new int[0];

    void reserve(int length, int tokens) {
      if (rows.length < length) {
        rows = new float[length];
      }
      if (oldest.length < tokens) {
        oldest = new int[tokens];
      }
    }
  }

  /**
   * Takes some tokens in. Their outputs can be computed afterwards, until the next call.
   *
   * @param workspace the session's
   * @param state the session's, updated
   * @param x input, one value a channel and token
   * @param tokens how many, at least 1
   */
  public void begin(Workspace workspace, State state, Columns x, int tokens) {
    Window window = window(workspace);
    window.reserve((taps + tokens) * width, tokens);
    begin(window, state, x, 0, tokens, 0);
  }

  /**
   * Takes tokens of several sequences in, as {@link #begin(Workspace, State, Columns, int)} does.
   *
   * @param workspace the caller's
   * @param sequences with their states, which are updated
   * @param x input, one value a channel and token
   */
  public void begin(Workspace workspace, Sequences sequences, Columns x) {
    Window window = window(workspace);
    int tokens = sequences.tokens();
    window.reserve((sequences.count() * taps + tokens) * width, tokens);
    int first = 0;
    for (int sequence = 0; sequence < sequences.count(); sequence++) {
      int count = sequences.lengths().get(sequence);
      begin(window, sequences.states().get(sequence), x, first, count, sequence * taps + first);
      first += count;
    }
  }

  /** Takes the tokens of one sequence in, whose rows of the window begin with {@code row}. */
  private void begin(Window window, State state, Columns x, int first, int count, int row) {
    float[] rows = window.rows;
    MemorySegment memory = state.segment();
    long at = history.byteOffset();
    int length = taps * width;
    MemorySegment.copy(memory, ValueLayout.JAVA_FLOAT, at, rows, row * width, length);
    for (int token = 0; token < count; token++) {
      System.arraycopy(x.data(), x.at(first + token), rows, (row + taps + token) * width, width);
      window.oldest[first + token] = row + token + 1;
    }
    MemorySegment.copy(rows, (row + count) * width, memory, ValueLayout.JAVA_FLOAT, at, length);
  }

  /**
   * Computes the outputs of some of the tokens taken in. Different threads may compute different
   * tokens.
   *
   * @param workspace the session's
   * @param first index of the first token
   * @param count how many
   * @param y result
   */
  public void apply(Workspace workspace, int first, int count, Columns y) {
    Window window = window(workspace);
    for (int token = first; token < first + count; token++) {
      System.arraycopy(bias, 0, y.data(), y.at(token), width);
      int oldest = window.oldest[token] * width;
      Kernels.math()
          .multiplyAdd(weights, 0, window.rows, oldest, taps, width, y.data(), y.at(token));
    }
  }

  private static Window window(Workspace workspace) {
    return workspace.scratch(Window.class, unused -> new Window());
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
