package org.xlstm4j.models.blocks;

import java.util.ArrayList;
import java.util.List;
import org.xlstm4j.engine.Columns;
import org.xlstm4j.engine.Linear;
import org.xlstm4j.engine.Matrix;
import org.xlstm4j.engine.Workspace;
import org.xlstm4j.loader.TensorReader;

/**
 * Some gates of an sLSTM layer, each head's from that head's part of the input: for every head one
 * {@link Linear} with the gates side by side. Immutable and thread-safe.
 */
final class HeadGates {
  private final int headWidth;
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
    this.headWidth = headWidth;
    List<Matrix> gates = new ArrayList<>();
    for (String name : names) {
      int[] shape = {headCount, headWidth, headWidth};
      gates.add(tensors.matrix(name + ".weight", shape, headCount * headWidth, headWidth));
    }
    for (int head = 0; head < headCount; head++) {
      int first = head * headWidth;
      heads.add(
          new Linear(
              gates.stream().map(gate -> gate.slice(first, headWidth)).toArray(Matrix[]::new)));
    }
  }

  /**
   * Computes the gates.
   *
   * @param x input, {@code heads * headWidth} values a token
   * @param y result; a head's gates start {@code headStride} behind those of the head before
   */
  void apply(Workspace workspace, Columns x, int tokens, Columns y, int headStride) {
    for (int head = 0; head < heads.size(); head++) {
      heads.get(head).apply(workspace, x.from(head * headWidth), tokens, y.from(head * headStride));
    }
  }

  long byteSize() {
    return heads.stream().mapToLong(Linear::byteSize).sum();
  }
}
