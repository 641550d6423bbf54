package org.xlstm4j.engine.kernels;

import java.lang.foreign.MemorySegment;

/** The inner loop of the mLSTM's recurrent form. */
public interface MlstmKernels {
  /** Most tokens a call of {@link #matrixMemoryStep} takes. */
  int MAX_TOKENS = 4;

  /**
   * Steps of some value columns of one head's matrix memory: update and read-out of a few
   * successive tokens in one pass over C. For each token in turn,
   *
   * <pre>
   * C[a][b] = decay * C[a][b] + key[a] * value[b]
   * h[b]    = scale * sum over a of query[a] * C[a][b]
   * </pre>
   *
   * <p>The results do not depend on how tokens are grouped into calls.
   *
   * @param memory holds C, {@code [keyWidth][valueWidth]} floats
   * @param byteOffset where C starts
   * @param keyWidth rows of C
   * @param valueWidth columns of C
   * @param first first column of the band
   * @param last end of the band, exclusive
   * @param tokens 1 to {@link #MAX_TOKENS}
   * @param decay the stabilized forget gates, 0 to 1, token after token
   * @param scale what the sums are multiplied by: 1 over the normalizers, token after token
   * @param gateOffset index of token 0 in {@code decay} and {@code scale}
   * @param key keys already multiplied by the stabilized input gate
   * @param query queries already scaled, placed as the keys are
   * @param keyOffset where token 0's keys and queries of the head start
   * @param keyStride distance between two tokens' keys
   * @param value values
   * @param valueOffset where token 0's values of the head start
   * @param valueStride distance between two tokens' values
   * @param h result
   * @param hOffset where token 0's results of the head start
   * @param hStride distance between two tokens' results
   */
  void matrixMemoryStep(
      MemorySegment memory,
      long byteOffset,
      int keyWidth,
      int valueWidth,
      int first,
      int last,
      int tokens,
      float[] decay,
      float[] scale,
      int gateOffset,
      float[] key,
      float[] query,
      int keyOffset,
      int keyStride,
      float[] value,
      int valueOffset,
      int valueStride,
      float[] h,
      int hOffset,
      int hStride);
}
