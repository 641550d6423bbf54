package org.xlstm4j.engine.cells;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.xlstm4j.engine.Columns;
import org.xlstm4j.engine.State;
import org.xlstm4j.engine.kernels.Kernels;
import org.xlstm4j.engine.kernels.MathKernels;
import org.xlstm4j.engine.kernels.ScalarMathKernels;
import org.xlstm4j.engine.kernels.TileKernels;

/**
 * One head of an {@link MlstmCell} over a chunk of tokens by dense products. With b the running sum
 * of log forget gates within the chunk, and C, n, m as they were before it:
 *
 * <pre>
 * M[t]    = max(b[t] + m, max over s of t or less of (b[t] - b[s] + i[s]))
 * A[t][s] = (q[t] k[s]) exp(b[t] - b[s] + i[s] - M[t])      for s of t or less
 * e[t]    = exp(b[t] + m - M[t])
 * h[t]    = (e[t] q[t]^T C + sum of A[t][s] v[s])
 *           / (max(|e[t] q[t]^T n + sum of A[t][s]|, exp(-M[t])) + epsilon)
 * </pre>
 *
 * <p>All matrices are laid out depth first, as {@link TileKernels} wants them: queries and keys
 * transposed, scores with a row a key. Widths are padded to whole tiles with zeros.
 */
final class MlstmHead {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;
  private static final int ROWS = TileKernels.ROWS;
  private static final int COLUMNS = TileKernels.COLUMNS;
  private static final int CHUNK = MlstmCell.CHUNK;

  private final double[] forgetSum = new double[CHUNK];
  private final float[] inputGate = new float[CHUNK];
  private final float[] stabilizers = new float[CHUNK];
  private final float[] entry = new float[CHUNK];
  private final float[] denominator = new float[CHUNK];
  private final float[] scores = new float[CHUNK * CHUNK];
  private final float[] weights = new float[CHUNK];
  private float[] memory = new float[0];
  private float[] normalizer = new float[0];
  private float[] queries = new float[0];
  private float[] keys = new float[0];
  private float[] weightedKeys = new float[0];
  private float[] values = new float[0];
  private float[] sums = new float[0];
  private float stabilizer;

  private MlstmCell cell;
  private int head;
  private int keyWidth;
  private int keyPadded;
  private int valueWidth;
  private int valuePadded;

  @SuppressWarnings("NullAway.Init")
  MlstmHead() {}

  /** Takes the head's state out of the session's. */
  void begin(MlstmCell newCell, State state, int headIndex) {
    cell = newCell;
    head = headIndex;
    keyWidth = cell.keyWidth();
    valueWidth = cell.valueWidth();
    keyPadded = roundUp(keyWidth, ROWS);
    valuePadded = roundUp(valueWidth, COLUMNS);
    memory = zeros(memory, keyPadded * valuePadded);
    normalizer = zeros(normalizer, keyPadded);
    queries = zeros(queries, keyPadded * CHUNK);
    keys = zeros(keys, keyPadded * CHUNK);
    weightedKeys = zeros(weightedKeys, CHUNK * keyPadded);
    values = zeros(values, CHUNK * valuePadded);
    sums = zeros(sums, CHUNK * valuePadded);
    MemorySegment segment = state.segment();
    for (int row = 0; row < keyWidth; row++) {
      long at = cell.memoryOffset(head) + (long) row * valueWidth * Float.BYTES;
      MemorySegment.copy(segment, FLOAT, at, memory, row * valuePadded, valueWidth);
    }
    MemorySegment.copy(segment, FLOAT, cell.normalizerOffset(head), normalizer, 0, keyWidth);
    stabilizer = segment.get(FLOAT, cell.stabilizerOffset(head));
  }

  /** Puts the head's state back into the session's. */
  void end(State state) {
    MemorySegment segment = state.segment();
    for (int row = 0; row < keyWidth; row++) {
      long at = cell.memoryOffset(head) + (long) row * valueWidth * Float.BYTES;
      MemorySegment.copy(memory, row * valuePadded, segment, FLOAT, at, valueWidth);
    }
    MemorySegment.copy(normalizer, 0, segment, FLOAT, cell.normalizerOffset(head), keyWidth);
    segment.set(FLOAT, cell.stabilizerOffset(head), stabilizer);
  }

  /** Runs {@code length} tokens, at most a chunk, from token {@code first} on. */
  void chunk(MlstmCell.Inputs inputs, int first, int length, Columns h) {
    gather(inputs, first, length);
    gates(inputs, first, length);
    attend(length);
    read(first, length, h);
    write(length);
  }

  private void gather(MlstmCell.Inputs inputs, int first, int length) {
    if (length < CHUNK) {
      Arrays.fill(queries, 0, keyWidth * CHUNK, 0);
      Arrays.fill(keys, 0, keyWidth * CHUNK, 0);
    }
    for (int t = 0; t < length; t++) {
      int queryFrom = inputs.query().at(first + t) + head * keyWidth;
      int keyFrom = inputs.key().at(first + t) + head * keyWidth;
      float[] query = inputs.query().data();
      float[] key = inputs.key().data();
      for (int a = 0; a < keyWidth; a++) {
        queries[a * CHUNK + t] = query[queryFrom + a] * cell.queryScale();
        keys[a * CHUNK + t] = key[keyFrom + a] * cell.keyScale();
      }
      int valueFrom = inputs.value().at(first + t) + head * valueWidth;
      System.arraycopy(inputs.value().data(), valueFrom, values, t * valuePadded, valueWidth);
    }
  }

  /** Running sums of the forget gates, in double since their differences cancel; M and e. */
  private void gates(MlstmCell.Inputs inputs, int first, int length) {
    double sum = 0;
    double best = Double.NEGATIVE_INFINITY;
    for (int t = 0; t < length; t++) {
      float forgetGate = inputs.forgetGate().data()[inputs.forgetGate().at(first + t) + head];
      inputGate[t] = inputs.inputGate().data()[inputs.inputGate().at(first + t) + head];
      sum += ScalarMathKernels.logSigmoid(forgetGate);
      forgetSum[t] = sum;
      best = Math.max(best, inputGate[t] - sum);
      float largest = (float) Math.max(sum + stabilizer, sum + best);
      stabilizers[t] = largest;
      entry[t] = (float) Math.exp(sum + stabilizer - largest);
    }
  }

  /** The scores A, a row a key: zeros where the key comes after the query. */
  private void attend(int length) {
    TileKernels tiles = Kernels.tiles();
    MathKernels math = Kernels.math();
    for (int s = 0; s < length; s += ROWS) {
      for (int t = s / COLUMNS * COLUMNS; t < length; t += COLUMNS) {
        tiles.tile(
            keys, s, CHUNK, queries, t, CHUNK, keyWidth, scores, s * CHUNK + t, CHUNK, false);
      }
    }
    Arrays.fill(denominator, 0, length, 0);
    for (int s = 0; s < length; s++) {
      int row = s * CHUNK;
      Arrays.fill(scores, row + s / COLUMNS * COLUMNS, row + s, 0);
      for (int t = s; t < length; t++) {
        weights[t] = (float) (forgetSum[t] - forgetSum[s] + inputGate[s] - stabilizers[t]);
      }
      math.exp(weights, s, length - s, weights, s);
      math.multiply(weights, s, length - s, scores, row + s);
      math.add(scores, row + s, length - s, denominator, s);
    }
    for (int s = length; s < roundUp(length, ROWS); s++) {
      Arrays.fill(scores, s * CHUNK, (s + 1) * CHUNK, 0);
    }
  }

  /** Numerators and denominators: what the memory had before the chunk, and the chunk's scores. */
  private void read(int first, int length, Columns h) {
    TileKernels tiles = Kernels.tiles();
    MathKernels math = Kernels.math();
    for (int a = 0; a < keyWidth; a++) {
      math.multiply(entry, 0, length, queries, a * CHUNK);
      math.multiplyAdd(normalizer[a], queries, a * CHUNK, length, denominator, 0);
    }
    for (int t = 0; t < length; t += ROWS) {
      int keysSeen = Math.min(t + ROWS, length);
      for (int b = 0; b < valuePadded; b += COLUMNS) {
        int to = t * valuePadded + b;
        tiles.tile(
            queries, t, CHUNK, memory, b, valuePadded, keyWidth, sums, to, valuePadded, false);
        tiles.tile(scores, t, CHUNK, values, b, valuePadded, keysSeen, sums, to, valuePadded, true);
      }
    }
    for (int t = 0; t < length; t++) {
      float bound = (float) Math.exp(-stabilizers[t]);
      float scale = 1 / (Math.max(Math.abs(denominator[t]), bound) + cell.epsilon());
      int to = h.at(first + t) + head * valueWidth;
      System.arraycopy(sums, t * valuePadded, h.data(), to, valueWidth);
      math.scale(scale, h.data(), to, valueWidth);
    }
  }

  /** The state after the chunk. */
  private void write(int length) {
    double total = forgetSum[length - 1];
    float next = stabilizers[length - 1];
    float decay = (float) Math.exp(total + stabilizer - next);
    for (int s = 0; s < length; s++) {
      float weight = (float) Math.exp(total - forgetSum[s] + inputGate[s] - next);
      for (int a = 0; a < keyWidth; a++) {
        weightedKeys[s * keyPadded + a] = weight * keys[a * CHUNK + s];
      }
    }
    MathKernels math = Kernels.math();
    math.scale(decay, normalizer, 0, keyWidth);
    for (int s = 0; s < length; s++) {
      math.add(weightedKeys, s * keyPadded, keyWidth, normalizer, 0);
    }
    math.scale(decay, memory, 0, keyPadded * valuePadded);
    for (int a = 0; a < keyPadded; a += ROWS) {
      for (int b = 0; b < valuePadded; b += COLUMNS) {
        Kernels.tiles()
            .tile(
                weightedKeys,
                a,
                keyPadded,
                values,
                b,
                valuePadded,
                length,
                memory,
                a * valuePadded + b,
                valuePadded,
                true);
      }
    }
    stabilizer = next;
  }

  private static int roundUp(int value, int multiple) {
    return (value + multiple - 1) / multiple * multiple;
  }

  private static float[] zeros(float[] buffer, int length) {
    if (buffer.length < length) {
      return new float[length];
    }
    Arrays.fill(buffer, 0, length, 0);
    return buffer;
  }
}
