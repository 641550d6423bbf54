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
 * <p>All matrices are packed depth first, as {@link TileKernels} wants them, either as rows of a
 * tile, {@code [group of 8][depth][8]}, or as columns, {@code [panel of 32][depth][32]}; widths are
 * padded to whole groups and panels with zeros.
 */
final class MlstmHead {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;
  private static final int ROWS = TileKernels.ROWS;
  private static final int COLUMNS = TileKernels.COLUMNS;
  private static final int CHUNK = MlstmCell.CHUNK;

  private final double[] forgetSum = new double[CHUNK];
  private final float[] inputGate = new float[CHUNK];
  private final double[] stabilizers = new double[CHUNK];
  private final float[] entry = new float[CHUNK];
  private final float[] denominator = new float[CHUNK];
  private final float[] scores = new float[CHUNK * CHUNK];
  private final float[] packedScores = new float[CHUNK * CHUNK];
  private final float[] weights = new float[CHUNK];

  /** C: {@code [panel of values][keyPadded][32]}. */
  private float[] memory = new float[0];

  private float[] normalizer = new float[0];

  /** {@code [group of tokens][keyWidth][8]}. */
  private float[] queries = new float[0];

  /** {@code [panel of tokens][keyWidth][32]}. */
  private float[] queryPanels = new float[0];

  /** {@code [group of tokens][keyWidth][8]}. */
  private float[] keys = new float[0];

  /** {@code [group of keys][token][8]}. */
  private float[] weightedKeys = new float[0];

  /** {@code [panel of values][token][32]}. */
  private float[] values = new float[0];

  /** {@code [token][valuePadded]}. */
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
    queries = zeros(queries, keyWidth * CHUNK);
    queryPanels = zeros(queryPanels, keyWidth * CHUNK);
    keys = zeros(keys, keyWidth * CHUNK);
    weightedKeys = zeros(weightedKeys, keyPadded * CHUNK);
    values = zeros(values, CHUNK * valuePadded);
    sums = zeros(sums, CHUNK * valuePadded);
    MemorySegment segment = state.segment();
    for (int row = 0; row < keyWidth; row++) {
      for (int b = 0; b < valueWidth; b += COLUMNS) {
        long at = memoryAt(row, b);
        MemorySegment.copy(segment, FLOAT, at, memory, panelAt(row, b), panelLength(b));
      }
    }
    MemorySegment.copy(segment, FLOAT, cell.normalizerOffset(head), normalizer, 0, keyWidth);
    stabilizer = segment.get(FLOAT, cell.stabilizerOffset(head));
  }

  /** Puts the head's state back into the session's. */
  void end(State state) {
    MemorySegment segment = state.segment();
    for (int row = 0; row < keyWidth; row++) {
      for (int b = 0; b < valueWidth; b += COLUMNS) {
        long at = memoryAt(row, b);
        MemorySegment.copy(memory, panelAt(row, b), segment, FLOAT, at, panelLength(b));
      }
    }
    MemorySegment.copy(normalizer, 0, segment, FLOAT, cell.normalizerOffset(head), keyWidth);
    segment.set(FLOAT, cell.stabilizerOffset(head), stabilizer);
  }

  private long memoryAt(int row, int column) {
    return cell.memoryOffset(head) + ((long) row * valueWidth + column) * Float.BYTES;
  }

  private int panelAt(int row, int column) {
    return column * keyPadded + row * COLUMNS;
  }

  private int panelLength(int column) {
    return Math.min(COLUMNS, valueWidth - column);
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
      Arrays.fill(queryPanels, 0, keyWidth * CHUNK, 0);
      Arrays.fill(keys, 0, keyWidth * CHUNK, 0);
    }
    float[] query = inputs.query().data();
    float[] key = inputs.key().data();
    float queryScale = cell.queryScale();
    float keyScale = cell.keyScale();
    for (int t = 0; t < length; t++) {
      int queryFrom = inputs.query().at(first + t) + head * keyWidth;
      int keyFrom = inputs.key().at(first + t) + head * keyWidth;
      int group = t / ROWS * ROWS * keyWidth + t % ROWS;
      int panel = t / COLUMNS * COLUMNS * keyWidth + t % COLUMNS;
      for (int a = 0; a < keyWidth; a++) {
        float scaled = query[queryFrom + a] * queryScale;
        queries[group + a * ROWS] = scaled;
        queryPanels[panel + a * COLUMNS] = scaled;
        keys[group + a * ROWS] = key[keyFrom + a] * keyScale;
      }
      int valueFrom = inputs.value().at(first + t) + head * valueWidth;
      for (int b = 0; b < valueWidth; b += COLUMNS) {
        int to = b * CHUNK + t * COLUMNS;
        System.arraycopy(inputs.value().data(), valueFrom + b, values, to, panelLength(b));
      }
    }
  }

  /**
   * Running sums of the forget gates, M and e. The sums and M are doubles since their differences
   * cancel. No exponent here or below is above 0 but by rounding, which gates beyond reason make
   * large: hence the minima.
   */
  private void gates(MlstmCell.Inputs inputs, int first, int length) {
    double sum = 0;
    double best = Double.NEGATIVE_INFINITY;
    for (int t = 0; t < length; t++) {
      float forgetGate = inputs.forgetGate().data()[inputs.forgetGate().at(first + t) + head];
      inputGate[t] = inputs.inputGate().data()[inputs.inputGate().at(first + t) + head];
      sum += ScalarMathKernels.logSigmoid(forgetGate);
      forgetSum[t] = sum;
      best = Math.max(best, inputGate[t] - sum);
      double largest = Math.max(sum + stabilizer, sum + best);
      stabilizers[t] = largest;
      entry[t] = (float) Math.exp(Math.min(sum + stabilizer - largest, 0));
    }
  }

  /** The scores A: zeros where the key comes after the query. */
  private void attend(int length) {
    TileKernels tiles = Kernels.tiles();
    MathKernels math = Kernels.math();
    Arrays.fill(scores, 0, roundUp(length, ROWS) * CHUNK, 0);
    for (int s = 0; s < length; s += ROWS) {
      for (int t = s / COLUMNS * COLUMNS; t < length; t += COLUMNS) {
        int to = s * CHUNK + t;
        tiles.tile(keys, s * keyWidth, queryPanels, t * keyWidth, keyWidth, scores, to, CHUNK);
      }
    }
    Arrays.fill(denominator, 0, length, 0);
    for (int s = 0; s < length; s++) {
      int row = s * CHUNK;
      Arrays.fill(scores, row + s / COLUMNS * COLUMNS, row + s, 0);
      for (int t = s; t < length; t++) {
        double exponent = forgetSum[t] - forgetSum[s] + inputGate[s] - stabilizers[t];
        weights[t] = (float) Math.min(exponent, 0);
      }
      math.exp(weights, s, length - s, weights, s);
      math.multiply(weights, s, length - s, scores, row + s);
      math.add(scores, row + s, length - s, denominator, s);
      for (int t = s / ROWS * ROWS; t < length; t += ROWS) {
        System.arraycopy(scores, row + t, packedScores, t * CHUNK + s * ROWS, ROWS);
      }
    }
  }

  /** Numerators and denominators: what the memory had before the chunk, and the chunk's scores. */
  private void read(int first, int length, Columns h) {
    TileKernels tiles = Kernels.tiles();
    MathKernels math = Kernels.math();
    for (int t = 0; t < length; t++) {
      int group = t / ROWS * ROWS * keyWidth + t % ROWS;
      float entered = entry[t];
      float sum = 0;
      for (int a = 0; a < keyWidth; a++) {
        float query = entered * queries[group + a * ROWS];
        queries[group + a * ROWS] = query;
        sum += query * normalizer[a];
      }
      denominator[t] += sum;
    }
    Arrays.fill(sums, 0, roundUp(length, ROWS) * valuePadded, 0);
    for (int b = 0; b < valuePadded; b += COLUMNS) {
      for (int t = 0; t < length; t += ROWS) {
        int to = t * valuePadded + b;
        int seen = Math.min(t + ROWS, length);
        tiles.tile(queries, t * keyWidth, memory, b * keyPadded, keyWidth, sums, to, valuePadded);
        tiles.tile(packedScores, t * CHUNK, values, b * CHUNK, seen, sums, to, valuePadded);
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
    double largest = stabilizers[length - 1];
    float next = (float) largest;
    // what m loses as a 32-bit float is kept in C and n, unless m is so large that it says nothing
    double lost = Math.abs(largest - next) < 0.5 ? largest - next : 0;
    float decay = (float) Math.exp(Math.min(total + stabilizer - largest, 0) + lost);
    MathKernels math = Kernels.math();
    math.scale(decay, normalizer, 0, keyWidth);
    for (int s = 0; s < length; s++) {
      double exponent = total - forgetSum[s] + inputGate[s] - largest;
      float weight = (float) Math.exp(Math.min(exponent, 0) + lost);
      int from = s / ROWS * ROWS * keyWidth + s % ROWS;
      for (int a = 0; a < keyWidth; a++) {
        float key = weight * keys[from + a * ROWS];
        weightedKeys[a / ROWS * ROWS * CHUNK + s * ROWS + a % ROWS] = key;
        normalizer[a] += key;
      }
    }
    math.scale(decay, memory, 0, keyPadded * valuePadded);
    for (int b = 0; b < valuePadded; b += COLUMNS) {
      for (int a = 0; a < keyPadded; a += ROWS) {
        int to = panelAt(a, b);
        Kernels.tiles()
            .tile(weightedKeys, a * CHUNK, values, b * CHUNK, length, memory, to, COLUMNS);
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
