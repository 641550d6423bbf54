package org.xlstm4j.engine.cells;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.engine.kernels.MathKernels;
import org.xlstm4j.engine.kernels.TileKernels;
import org.xlstm4j.engine.kernels.dispatch.Kernels;
import org.xlstm4j.engine.tokens.Columns;

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
 * tile, {@code [group of 8][depth][8]}, or as columns, {@code [panel of 32][depth][32]}; widths and
 * tokens are padded to whole groups and panels. What lies in the padding gets into padding only.
 */
final class MlstmHead {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;
  private static final int ROWS = TileKernels.ROWS;
  private static final int COLUMNS = TileKernels.COLUMNS;

  /**
   * A weight of less than the exponential of this, 2^-100 of the largest, counts as zero: products
   * with it would often be below the least normal float, and such a multiplication takes a
   * processor a hundred times as long.
   */
  private static final double LEAST_EXPONENT = -69;

  /** Most tokens of a chunk, whole panels. */
  private int chunk;

  private double[] forgetSum = new double[0];

  /** What the exponent of a score owes to its query: b[t] - M[t]. */
  private double[] exponents = new double[0];

  private float[] inputGate = new float[0];
  private double[] stabilizers = new double[0];
  private float[] entry = new float[0];
  private float[] denominator = new float[0];
  private float[] weights = new float[0];

  /** {@code [token s][token t]}. */
  private float[] scores = new float[0];

  /** {@code [group of tokens t][token s][8]}. */
  private float[] packedScores = new float[0];

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

  /** A key as the memory takes it, zeros in the padding. */
  private float[] key = new float[0];

  /** Each number of the normalizer 8 times, as 8 queries meet it: {@code [keyWidth][8]}. */
  private float[] normalizers = new float[0];

  /** Of 8 queries, their sums with the normalizer. */
  private final float[] products = new float[ROWS];

  /** {@code [token][valuePadded]}. */
  private float[] sums = new float[0];

  private float stabilizer;

  /** Whether nothing was written to the memory yet. */
  private boolean empty;

  private MlstmCell cell;
  private int head;
  private int keyWidth;
  private int keyPadded;
  private int valueWidth;
  private int valuePadded;

  @SuppressWarnings("NullAway.Init")
  MlstmHead() {}

  /**
   * Takes the head's state out of the session's, or begins with an empty one.
   *
   * @param tokens most a chunk
   */
  void begin(MlstmCell newCell, @Nullable State state, int headIndex, int tokens) {
    cell = newCell;
    head = headIndex;
    keyWidth = cell.keyWidth();
    valueWidth = cell.valueWidth();
    keyPadded = roundUp(keyWidth, ROWS);
    valuePadded = roundUp(valueWidth, COLUMNS);
    chunk = roundUp(tokens, COLUMNS);
    reserve();
    stabilizer = 0;
    empty = state == null;
    if (state == null) {
      Arrays.fill(memory, 0, keyPadded * valuePadded, 0);
      Arrays.fill(normalizer, 0, keyPadded, 0);
    } else {
      load(state);
    }
  }

  private void reserve() {
    if (forgetSum.length < chunk) {
      forgetSum = new double[chunk];
      exponents = new double[chunk];
      inputGate = new float[chunk];
      stabilizers = new double[chunk];
      entry = new float[chunk];
      denominator = new float[chunk];
      weights = new float[chunk];
      scores = new float[chunk * chunk];
      packedScores = new float[chunk * chunk];
    }
    memory = sized(memory, keyPadded * valuePadded);
    normalizer = sized(normalizer, keyPadded);
    queries = sized(queries, keyWidth * chunk);
    queryPanels = sized(queryPanels, keyWidth * chunk);
    keys = sized(keys, keyWidth * chunk);
    weightedKeys = sized(weightedKeys, keyPadded * chunk);
    values = sized(values, chunk * valuePadded);
    key = sized(key, keyPadded);
    normalizers = sized(normalizers, keyWidth * ROWS);
    sums = sized(sums, chunk * valuePadded);
  }

  private void load(State state) {
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

  /**
   * Runs {@code length} tokens, at most a chunk, from token {@code first} on.
   *
   * @param last whether the state behind them will not be needed
   */
  void chunk(MlstmCell.Inputs inputs, int first, int length, boolean last, Columns h) {
    gather(inputs, first, length);
    gates(inputs, first, length);
    attend(length);
    read(first, length, h);
    if (!last) {
      write(inputs.key(), first, length);
      empty = false;
    }
  }

  private void gather(MlstmCell.Inputs inputs, int first, int length) {
    pack(inputs.query(), cell.queryScale(), first, length, COLUMNS, queryPanels);
    pack(inputs.key(), cell.keyScale(), first, length, ROWS, keys);
    if (!empty) {
      pack(inputs.query(), cell.queryScale(), first, length, ROWS, queries);
    }
    for (int t = 0; t < length; t++) {
      int valueFrom = inputs.value().at(first + t) + head * valueWidth;
      for (int b = 0; b < valueWidth; b += COLUMNS) {
        int to = b * chunk + t * COLUMNS;
        System.arraycopy(inputs.value().data(), valueFrom + b, values, to, panelLength(b));
      }
    }
  }

  /**
   * The head's columns of some tokens, scaled and packed {@code [group of tokens][keyWidth][tokens
   * a group]}.
   */
  private void pack(Columns from, float scale, int first, int length, int group, float[] packed) {
    float[] data = from.data();
    for (int t = 0; t < length; t += ROWS) {
      int at = from.at(first + t) + head * keyWidth;
      int to = t / group * group * keyWidth + t % group;
      if (t + ROWS <= length) {
        Kernels.tiles().pack(data, at, from.stride(), keyWidth, packed, to, group);
      } else {
        for (int rest = 0; rest < length - t; rest++) {
          for (int a = 0; a < keyWidth; a++) {
            packed[to + a * group + rest] = data[at + rest * from.stride() + a];
          }
        }
      }
    }
    if (scale != 1) {
      Kernels.math().scale(scale, packed, 0, roundUp(length, group) * keyWidth);
    }
  }

  /**
   * The exponent of a weight. None is above 0 but by rounding, which gates beyond reason make
   * large. A weight that is too small counts as zero.
   */
  private static double exponent(double difference) {
    return difference < LEAST_EXPONENT ? Double.NEGATIVE_INFINITY : Math.min(difference, 0);
  }

  /**
   * Running sums of the forget gates, M and e. The sums and M are doubles since their differences
   * cancel.
   */
  private void gates(MlstmCell.Inputs inputs, int first, int length) {
    for (int t = 0; t < length; t++) {
      weights[t] = inputs.forgetGate().data()[inputs.forgetGate().at(first + t) + head];
      inputGate[t] = inputs.inputGate().data()[inputs.inputGate().at(first + t) + head];
    }
    Kernels.math().logSigmoid(weights, 0, length, entry, 0);
    double sum = 0;
    double best = Double.NEGATIVE_INFINITY;
    for (int t = 0; t < length; t++) {
      sum += entry[t];
      forgetSum[t] = sum;
      best = Math.max(best, inputGate[t] - sum);
      double largest = Math.max(sum + stabilizer, sum + best);
      stabilizers[t] = largest;
      exponents[t] = sum - largest;
      entry[t] = (float) Math.exp(exponent(sum + stabilizer - largest));
    }
  }

  /**
   * The scores A: zeros where the key comes after the query. A row is computed in whole vectors,
   * from a multiple of a panel on, with an exponent of minus infinity where there is no score.
   */
  private void attend(int length) {
    TileKernels tiles = Kernels.tiles();
    MathKernels math = Kernels.math();
    int end = roundUp(length, COLUMNS);
    for (int s = 0; s < length; s += ROWS) {
      for (int row = s; row < s + ROWS; row++) {
        Arrays.fill(scores, row * chunk + s / COLUMNS * COLUMNS, row * chunk + end, 0);
      }
    }
    int keyGroup = ROWS * keyWidth;
    for (int t = 0; t < length; t += COLUMNS) {
      int groups = Math.min(t + COLUMNS, roundUp(length, ROWS)) / ROWS;
      tiles.addTiles(
          keys, 0, keyGroup, groups, queryPanels, t * keyWidth, keyWidth, scores, t, chunk);
    }
    Arrays.fill(denominator, 0, end, 0);
    for (int s = 0; s < length; s++) {
      int start = s / COLUMNS * COLUMNS;
      int row = s * chunk;
      Arrays.fill(weights, start, s, Float.NEGATIVE_INFINITY);
      double gate = inputGate[s] - forgetSum[s];
      for (int t = s; t < length; t++) {
        weights[t] = (float) exponent(exponents[t] + gate);
      }
      Arrays.fill(weights, length, end, Float.NEGATIVE_INFINITY);
      math.exp(weights, start, end - start, weights, start);
      math.multiply(weights, start, end - start, scores, row + start);
      math.add(scores, row + start, end - start, denominator, start);
      for (int t = s / ROWS * ROWS; t < length; t += ROWS) {
        System.arraycopy(scores, row + t, packedScores, t * chunk + s * ROWS, ROWS);
      }
    }
  }

  /** Numerators and denominators: what the memory had before the chunk, and the chunk's scores. */
  private void read(int first, int length, Columns h) {
    TileKernels tiles = Kernels.tiles();
    MathKernels math = Kernels.math();
    Arrays.fill(sums, 0, roundUp(length, ROWS) * valuePadded, 0);
    if (!empty) {
      readMemory(length);
    }
    for (int b = 0; b < valuePadded; b += COLUMNS) {
      for (int t = 0; t < length; t += ROWS) {
        int to = t * valuePadded + b;
        int seen = Math.min(t + ROWS, length);
        tiles.addTile(packedScores, t * chunk, values, b * chunk, seen, sums, to, valuePadded);
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

  /** The share of the memory and the normalizer from before the chunk. */
  private void readMemory(int length) {
    TileKernels tiles = Kernels.tiles();
    MathKernels math = Kernels.math();
    int queryGroup = ROWS * keyWidth;
    int groups = roundUp(length, ROWS) / ROWS;
    for (int b = 0; b < valuePadded; b += COLUMNS) {
      int panel = b * keyPadded;
      tiles.addTiles(queries, 0, queryGroup, groups, memory, panel, keyWidth, sums, b, valuePadded);
    }
    for (int a = 0; a < keyWidth; a++) {
      Arrays.fill(normalizers, a * ROWS, (a + 1) * ROWS, normalizer[a]);
    }
    for (int t = 0; t < length; t += ROWS) {
      Arrays.fill(products, 0);
      math.multiplyAdd(normalizers, 0, queries, t * keyWidth, keyWidth, ROWS, products, 0);
      for (int rest = 0; rest < Math.min(ROWS, length - t); rest++) {
        float entered = entry[t + rest];
        math.scale(entered, sums, (t + rest) * valuePadded, valuePadded);
        denominator[t + rest] += entered * products[rest];
      }
    }
  }

  /** The state after the chunk. */
  private void write(Columns from, int first, int length) {
    double total = forgetSum[length - 1];
    double largest = stabilizers[length - 1];
    float next = (float) largest;
    // what m loses as a 32-bit float is kept in C and n, unless m is so large that it says nothing
    double lost = Math.abs(largest - next) < 0.5 ? largest - next : 0;
    float decay = (float) Math.exp(exponent(total + stabilizer - largest) + lost);
    MathKernels math = Kernels.math();
    math.scale(decay, normalizer, 0, keyWidth);
    Arrays.fill(key, keyWidth, keyPadded, 0);
    for (int s = 0; s < length; s++) {
      double difference = total - forgetSum[s] + inputGate[s] - largest;
      float weight = (float) Math.exp(exponent(difference) + lost);
      System.arraycopy(from.data(), from.at(first + s) + head * keyWidth, key, 0, keyWidth);
      math.scale(weight * cell.keyScale(), key, 0, keyWidth);
      math.add(key, 0, keyWidth, normalizer, 0);
      for (int a = 0; a < keyPadded; a += ROWS) {
        System.arraycopy(key, a, weightedKeys, a * chunk + s * ROWS, ROWS);
      }
    }
    math.scale(decay, memory, 0, keyPadded * valuePadded);
    TileKernels tiles = Kernels.tiles();
    int keyGroup = ROWS * chunk;
    int groups = keyPadded / ROWS;
    for (int b = 0; b < valuePadded; b += COLUMNS) {
      int panel = b * keyPadded;
      tiles.addTiles(
          weightedKeys, 0, keyGroup, groups, values, b * chunk, length, memory, panel, COLUMNS);
    }
    stabilizer = next;
  }

  private static int roundUp(int value, int multiple) {
    return (value + multiple - 1) / multiple * multiple;
  }

  private static float[] sized(float[] buffer, int length) {
    return buffer.length >= length ? buffer : new float[length];
  }
}
