package org.xlstm4j.models.blocks;

import java.util.ArrayList;
import java.util.List;
import org.xlstm4j.engine.threads.Workspace;
import org.xlstm4j.engine.tokens.Columns;
import org.xlstm4j.engine.tokens.TokenWork;
import org.xlstm4j.engine.weights.Linear;
import org.xlstm4j.engine.weights.Matrix;
import org.xlstm4j.loader.TensorReader;
import org.xlstm4j.loader.tensors.MatrixForm;

/**
 * Some gates of an sLSTM layer, each head's from that head's part of the input: for every head one
 * {@link Linear} with the gates side by side. Immutable and thread-safe.
 */
final class HeadGates {
  private final List<Linear> heads = new ArrayList<>();

  /**
   * Reads gates.
   *
   * @param tensors where they are
   * @param headCount number of heads
   * @param headWidth width of a head
   * @param names of the gates, in the order of their results; each {@code [heads, headWidth,
   *     headWidth]}: head, output, input
   */
  HeadGates(TensorReader tensors, int headCount, int headWidth, String... names) {
    this(headCount, separate(tensors, headCount, headWidth, names));
  }

  /** Gates of which each is a list of matrices, one a head. */
  private HeadGates(int headCount, List<List<Matrix>> gates) {
    for (int index = 0; index < headCount; index++) {
      int head = index;
      heads.add(new Linear(gates.stream().map(gate -> gate.get(head)).toArray(Matrix[]::new)));
    }
  }

  private static List<List<Matrix>> separate(
      TensorReader tensors, int headCount, int headWidth, String... names) {
    List<List<Matrix>> gates = new ArrayList<>();
    int[] shape = {headCount, headWidth, headWidth};
    MatrixForm form = new MatrixForm(headCount, headWidth, headWidth);
    for (String name : names) {
      gates.add(tensors.matrices(name + ".weight", shape, form));
    }
    return gates;
  }

  /**
   * Reads all gates in the order of the cell, i f z o: a tensor each, or one tensor, {@code [4,
   * heads, headWidth, headWidth]}.
   */
  static HeadGates all(TensorReader tensors, int headCount, int headWidth) {
    String together = "gate_proj.weight";
    if (!tensors.has(together)) {
      return new HeadGates(tensors, headCount, headWidth, "fgate", "igate", "zgate", "ogate");
    }
    int[] shape = {4, headCount, headWidth, headWidth};
    MatrixForm form = new MatrixForm(4 * headCount, headWidth, headWidth);
    List<Matrix> matrices = tensors.matrices(together, shape, form);
    List<List<Matrix>> gates = new ArrayList<>();
    for (int gate = 0; gate < 4; gate++) {
      gates.add(matrices.subList(gate * headCount, (gate + 1) * headCount));
    }
    return new HeadGates(headCount, gates);
  }

  /**
   * Views of each head's columns, to be made once and used at every step.
   *
   * @param columns of all heads
   * @param heads number of heads
   * @param stride distance from one head's columns to the next head's
   */
  static Columns[] split(Columns columns, int heads, int stride) {
    Columns[] views = new Columns[heads];
    for (int head = 0; head < heads; head++) {
      views[head] = columns.from(head * stride);
    }
    return views;
  }

  /**
   * Computes the gates.
   *
   * @param before makes the input of all heads
   * @param x input, {@code headWidth} values a token and head
   * @param tokens how many
   * @param y results, the gates side by side, a head each
   */
  void apply(Workspace workspace, TokenWork before, Columns[] x, int tokens, Columns[] y) {
    heads.getFirst().apply(workspace, before, x[0], tokens, y[0]);
    for (int head = 1; head < heads.size(); head++) {
      heads.get(head).apply(workspace, x[head], tokens, y[head]);
    }
  }

  Weights weights() {
    return Weights.of(heads.toArray(Linear[]::new));
  }
}
