package org.xlstm4j.engine.kernels;

import java.lang.foreign.MemorySegment;

/** The inner loop of the mLSTM's recurrent form. */
public interface MlstmKernels {
  /** Most tokens a call of {@link #matrixMemoryStep} takes. */
  int MAX_TOKENS = 4;

  /**
   * Steps of some columns of one head's matrix memory: update and read-out of a few successive
   * tokens in one pass over C. For each token in turn,
   *
   * <pre>
   * C[a][b] = decay * C[a][b] + key[a] * value[b]
   * h[b]    = scale * sum over a of query[a] * C[a][b]
   * </pre>
   *
   * <p>The results do not depend on how tokens are grouped into calls.
   *
   * @param tokens what the tokens bring, and where h goes
   * @param head index of the head
   * @param memory holds the head's C, {@code [keyWidth][valueWidth]} floats
   * @param byteOffset where C starts
   * @param first first column
   * @param last end of the columns, exclusive
   */
  void matrixMemoryStep(
      MlstmTokens tokens, int head, MemorySegment memory, long byteOffset, int first, int last);
}
