package org.xlstm4j.engine.kernels;

import java.lang.foreign.MemorySegment;

/** The inner loops of the sLSTM: recurrent products and the scalar memory. */
public interface SlstmKernels {
  /** Outputs of a panel of recurrent weights. */
  int PANEL = 64;

  /**
   * Recurrent products of some panels of one head: {@code sums[p * 64 + j] = sum over i of y[i] *
   * W[p][i][j]}.
   *
   * @param weights holds the head's panels, {@code [panel][inputs][64]} floats
   * @param byteOffset where panel 0 starts
   * @param inputs width of the head
   * @param firstPanel first panel to compute
   * @param lastPanel end of the panels, exclusive
   * @param y the head's previous output
   * @param yOffset where it starts
   * @param sums result
   * @param sumsOffset where the result of panel 0 goes
   */
  void recurrentF32(
      MemorySegment weights,
      long byteOffset,
      int inputs,
      int firstPanel,
      int lastPanel,
      float[] y,
      int yOffset,
      float[] sums,
      int sumsOffset);

  /**
   * As {@link #recurrentF32}, of weights in bfloat16: 32 ints for an input. The low half of int
   * {@code k} belongs to output {@code k / 16 * 32 + k % 16}, the high half to the one 16 further
   * on, so that widening needs no shuffle at any vector width.
   */
  void recurrentBf16(
      MemorySegment weights,
      long byteOffset,
      int inputs,
      int firstPanel,
      int lastPanel,
      float[] y,
      int yOffset,
      float[] sums,
      int sumsOffset);

  /**
   * Stabilizes the gates of some channels of an sLSTM. On entry {@code gates} holds raw input gates
   * i and, {@code stride} further on, the logarithms of forget gates log f; on return the exponents
   * {@code i - m'} and {@code log f + m - m'}, with
   *
   * <pre>m' = max(i, log f + m), or i where n is 0: at the start nothing is there to forget</pre>
   *
   * @param gates both gates
   * @param offset where the input gates start
   * @param stride distance from input to forget gates
   * @param normalizer n
   * @param stabilizer m, replaced by m'
   * @param at where n and m start
   * @param length number of channels, a multiple of 16
   */
  void stabilizeGates(
      float[] gates,
      int offset,
      int stride,
      float[] normalizer,
      float[] stabilizer,
      int at,
      int length);

  /**
   * The memory step of some channels of an sLSTM. With gates {@code i f z o}, {@code stride} apart,
   * i and f cut at 1:
   *
   * <pre>
   * c = f c + i z
   * n = f n + i
   * y = o c / n
   * </pre>
   *
   * @param gates the four gates after their activation functions; y takes the place of o
   * @param offset where i starts
   * @param stride distance between two gates
   * @param cell c
   * @param normalizer n
   * @param at where c and n start
   * @param length number of channels, a multiple of 16
   */
  void scalarMemoryStep(
      float[] gates, int offset, int stride, float[] cell, float[] normalizer, int at, int length);
}
