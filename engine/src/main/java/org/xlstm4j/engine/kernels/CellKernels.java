package org.xlstm4j.engine.kernels;

import java.lang.foreign.MemorySegment;

/** The inner loops of the recurrent cells. */
public interface CellKernels {
  /**
   * One step of some value columns of one head's matrix memory, update and read-out in one pass:
   *
   * <pre>
   * C[a][b] = decay * C[a][b] + key[a] * value[b]
   * h[b]    = scale * sum over a of query[a] * C[a][b]
   * </pre>
   *
   * @param memory holds C, {@code [keyWidth][valueWidth]} floats
   * @param byteOffset where C starts
   * @param keyWidth rows of C
   * @param valueWidth columns of C
   * @param first first column of the band
   * @param last end of the band, exclusive
   * @param decay the stabilized forget gate, 0 to 1
   * @param key keys already multiplied by the stabilized input gate
   * @param keyOffset where the head's keys start
   * @param query queries already scaled
   * @param queryOffset where the head's queries start
   * @param value values
   * @param valueOffset where the head's values start
   * @param scale what the sum is multiplied by: 1 over the normalizer
   * @param h result
   * @param hOffset where the head's results start
   */
  void matrixMemoryStep(
      MemorySegment memory,
      long byteOffset,
      int keyWidth,
      int valueWidth,
      int first,
      int last,
      float decay,
      float[] key,
      int keyOffset,
      float[] query,
      int queryOffset,
      float[] value,
      int valueOffset,
      float scale,
      float[] h,
      int hOffset);
}
