package org.xlstm4j.engine.kernels;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/** The specification of {@link PanelKernels}, and its stand-in while the JVM is cold. */
public final class ScalarPanelKernels implements PanelKernels {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** Reads of a memory segment are slow in a cold JVM: a block is copied out first. */
  private final ThreadLocal<Scratch> scratch = ThreadLocal.withInitial(Scratch::new);

  private static final class Scratch {
    final short[] words = new short[ROWS];
    final short[] pairs = new short[ROWS * COLUMNS / 2];
    final short[] nibbles = new short[ROWS * COLUMNS / 4];
    final int[] sums = new int[ROWS];
    final int[] activations = new int[COLUMNS];
    final float[] totals = new float[RowKernels.MAX_TOKENS * ROWS];
  }

  @Override
  public void quantize(
      float[] x,
      int offset,
      int columns,
      int[] values,
      int valuesOffset,
      float[] scales,
      int[] sums,
      int blockOffset) {
    int blocks = PanelKernels.blocks(columns);
    for (int block = 0; block < blocks; block++) {
      int first = block * COLUMNS;
      int count = Math.min(COLUMNS, columns - first);
      int at = blockOffset + block;
      quantizeBlock(x, offset + first, count, values, valuesOffset + first, scales, sums, at);
    }
  }

  /** One block, of which {@code count} columns are there. */
  static void quantizeBlock(
      float[] x, int from, int count, int[] values, int to, float[] scales, int[] sums, int block) {
    float largest = 0;
    for (int i = 0; i < count; i++) {
      largest = Math.max(largest, Math.abs(x[from + i]));
    }
    boolean zeros = largest < SMALLEST_ACTIVATION;
    float inverse = zeros ? 0 : MAX_ACTIVATION / largest;
    int sum = 0;
    for (int i = 0; i < count; i++) {
      int value = (int) Math.rint(x[from + i] * inverse);
      value = Math.clamp(value, -MAX_ACTIVATION, MAX_ACTIVATION);
      sum += value;
      values[to + i] = PanelKernels.twice(value);
    }
    Arrays.fill(values, to + count, to + COLUMNS, 0);
    scales[block] = zeros ? 0 : largest / MAX_ACTIVATION;
    sums[block] = sum;
  }

  @Override
  public void q8(
      MemorySegment weights,
      long byteOffset,
      int blocks,
      int rows,
      int[] factors,
      float[] scales,
      int tokens,
      float[] y,
      int yOffset,
      int yStride) {
    Scratch local = scratch.get();
    for (int row = 0; row < rows; row += ROWS) {
      Arrays.fill(local.totals, 0, tokens * ROWS, 0);
      for (int block = 0; block < blocks; block++) {
        long at = byteOffset + ((long) (row / ROWS) * blocks + block) * Q8_BLOCK;
        MemorySegment.copy(weights, SHORT, at, local.words, 0, ROWS);
        MemorySegment.copy(weights, SHORT, at + SCALE_BYTES, local.pairs, 0, ROWS * COLUMNS / 2);
        for (int token = 0; token < tokens; token++) {
          int tokenBlock = token * blocks + block;
          Arrays.fill(local.sums, 0);
          for (int pair = 0; pair < COLUMNS / 2; pair++) {
            int factor = tokenBlock * Q8_FACTORS + 3 * pair;
            int first = factors[factor] >> 16;
            int second = (short) (factors[factor + 1] + 256 * first);
            for (int lane = 0; lane < ROWS; lane++) {
              short word = local.pairs[pair * ROWS + lane];
              local.sums[lane] +=
                  PanelKernels.q8First(word) * first + PanelKernels.q8Second(word) * second;
            }
          }
          float scale = scales[tokenBlock];
          for (int lane = 0; lane < ROWS; lane++) {
            local.totals[token * ROWS + lane] +=
                local.sums[lane] * (PanelKernels.q8Scale(local.words[lane]) * scale);
          }
        }
      }
      store(local.totals, tokens, Math.min(ROWS, rows - row), y, yOffset + row, yStride);
    }
  }

  @Override
  public void q4Factors(int[] values, int length, int[] factors) {
    for (int first = 0; first < length; first += 4) {
      int before = 0;
      for (int i = first; i < first + 4; i++) {
        int value = values[i] >> 16;
        int factor = value - 16 * before;
        factors[i] = PanelKernels.twice(factor);
        before = value;
      }
    }
  }

  @Override
  public void q4(
      MemorySegment weights,
      long byteOffset,
      int blocks,
      int rows,
      int[] factors,
      float[] scales,
      int[] sums,
      int tokens,
      float[] y,
      int yOffset,
      int yStride) {
    Scratch local = scratch.get();
    for (int row = 0; row < rows; row += ROWS) {
      Arrays.fill(local.totals, 0, tokens * ROWS, 0);
      for (int block = 0; block < blocks; block++) {
        long at = byteOffset + ((long) (row / ROWS) * blocks + block) * Q4_BLOCK;
        MemorySegment.copy(weights, SHORT, at, local.words, 0, ROWS);
        MemorySegment.copy(weights, SHORT, at + SCALE_BYTES, local.nibbles, 0, ROWS * COLUMNS / 4);
        for (int token = 0; token < tokens; token++) {
          int tokenBlock = token * blocks + block;
          Arrays.fill(local.sums, 0);
          activations(factors, tokenBlock * COLUMNS, local.activations);
          for (int column = 0; column < COLUMNS; column++) {
            int value = local.activations[column];
            int group = (column >> 2) * ROWS;
            int shift = (column & 3) << 2;
            for (int lane = 0; lane < ROWS; lane++) {
              local.sums[lane] += ((local.nibbles[group + lane] >> shift) & 15) * value;
            }
          }
          float scale = 0.25f * scales[tokenBlock];
          for (int lane = 0; lane < ROWS; lane++) {
            short word = local.words[lane];
            int product = 4 * local.sums[lane] - (word & ZERO_MASK) * sums[tokenBlock];
            local.totals[token * ROWS + lane] += product * (PanelKernels.q4Scale(word) * scale);
          }
        }
      }
      store(local.totals, tokens, Math.min(ROWS, rows - row), y, yOffset + row, yStride);
    }
  }

  /** The activations of a block from their factors. */
  private static void activations(int[] factors, int from, int[] activations) {
    for (int column = 0; column < COLUMNS; column += 4) {
      int before = 0;
      for (int i = column; i < column + 4; i++) {
        before = (factors[from + i] >> 16) + 16 * before;
        activations[i] = before;
      }
    }
  }

  private static void store(
      float[] totals, int tokens, int rows, float[] y, int yOffset, int yStride) {
    for (int token = 0; token < tokens; token++) {
      for (int row = 0; row < rows; row++) {
        y[yOffset + token * yStride + row] = totals[token * ROWS + PanelKernels.lane(row)];
      }
    }
  }

  @Override
  public void unpackQ8(
      MemorySegment weights, long byteOffset, int half, int blocks, float[] panel) {
    Scratch local = scratch.get();
    for (int block = 0; block < blocks; block++) {
      long at = byteOffset + (long) block * Q8_BLOCK;
      MemorySegment.copy(weights, SHORT, at, local.words, 0, ROWS);
      MemorySegment.copy(weights, SHORT, at + SCALE_BYTES, local.pairs, 0, ROWS * COLUMNS / 2);
      for (int row = 0; row < ROWS / 2; row++) {
        int lane = PanelKernels.lane(half * (ROWS / 2) + row);
        float scale = PanelKernels.q8Scale(local.words[lane]);
        for (int pair = 0; pair < COLUMNS / 2; pair++) {
          short word = local.pairs[pair * ROWS + lane];
          int to = (block * COLUMNS + 2 * pair) * (ROWS / 2) + row;
          panel[to] = scale * PanelKernels.q8First(word);
          panel[to + ROWS / 2] = scale * PanelKernels.q8Second(word);
        }
      }
    }
  }

  @Override
  public void unpackQ4(
      MemorySegment weights, long byteOffset, int half, int blocks, float[] panel) {
    Scratch local = scratch.get();
    for (int block = 0; block < blocks; block++) {
      long at = byteOffset + (long) block * Q4_BLOCK;
      MemorySegment.copy(weights, SHORT, at, local.words, 0, ROWS);
      MemorySegment.copy(weights, SHORT, at + SCALE_BYTES, local.nibbles, 0, ROWS * COLUMNS / 4);
      for (int row = 0; row < ROWS / 2; row++) {
        int lane = PanelKernels.lane(half * (ROWS / 2) + row);
        float scale = PanelKernels.q4Scale(local.words[lane]);
        float zero = PanelKernels.q4Zero(local.words[lane]);
        for (int column = 0; column < COLUMNS; column++) {
          int nibble = (local.nibbles[(column >> 2) * ROWS + lane] >> ((column & 3) << 2)) & 15;
          panel[(block * COLUMNS + column) * (ROWS / 2) + row] = scale * (nibble - zero);
        }
      }
    }
  }
}
