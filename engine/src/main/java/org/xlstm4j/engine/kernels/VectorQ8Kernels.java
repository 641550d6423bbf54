package org.xlstm4j.engine.kernels;

import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link Q8Kernels} with the Vector API.
 *
 * <p>A pass over a panel keeps two vectors of 16-bit lanes in flight, which share each broadcast
 * activation: with 512 bits they are the whole panel and memory is read in order; with 256 or 128
 * bits a panel takes two or four passes, the later ones from the cache.
 *
 * <p>The loop over blocks calls no method that takes or returns a vector: C2 compiles such a method
 * on its own first and then calls it, with its vectors in boxes, at half the loop's speed or less.
 * The loop within a block runs over the factors and advances the place in memory beside them: C2
 * would split a loop whose place follows from its counter into three to save bounds checks, which
 * costs more than the checks in so short a loop. It ends where the counter equals its end, because
 * C2 begins a loop that ends behind it with a division, once a block. What a loop carries along is
 * the argument of an addition, not its receiver: C2 knows the class of what was just computed, but
 * has to guess that of what comes from the turn before, and where it has no profile yet it boxes.
 *
 * <p>A pair of products is widened to 32 bits by sums alone. A 32-bit lane is {@code l + 65536 h},
 * two biased pairs from 0 to 65535. The sums of all lanes and of their high halves give the sum of
 * the low halves as a difference modulo 2^32.
 *
 * <p>No integer sum overflows, whatever the file holds, because activations are within ±127: two
 * products in 16 bits are at most 2 * 128 * 127 = 32512 &lt; 2^15, a block in 32 bits 32 * 128 *
 * 127 &lt; 2^24, so that it is exact as a float too.
 */
public final class VectorQ8Kernels implements Q8Kernels {
  private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Integer> I = IntVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Short> S = ShortVector.SPECIES_PREFERRED;
  private static final int VECTOR_BYTES = S.vectorByteSize();
  private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

  /** Bytes of a group of columns of a panel, and of its scale words. */
  private static final int LINE = SCALE_BYTES;

  private static final int HIGH_HALF = 0xffff0000;

  /** The biases of a block's pairs of 8-bit columns. */
  private static final int PAIRS_BIAS = COLUMNS / 2 * PAIR_BIAS;

  @Override
  public void multiply(
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
    long panel = byteOffset;
    for (int row = 0; row < rows; row += ROWS) {
      int count = Math.min(ROWS, rows - row);
      for (int start = 0; start < LINE; start += 2 * VECTOR_BYTES) {
        for (int token = 0; token < tokens; token++) {
          int to = yOffset + token * yStride + row;
          pass(weights, panel, start, blocks, factors, scales, token * blocks, y, to, count);
        }
      }
      panel += (long) blocks * Q8_BLOCK;
    }
  }

  private static void pass(
      MemorySegment weights,
      long panel,
      int start,
      int blocks,
      int[] factors,
      float[] scales,
      int firstBlock,
      float[] y,
      int yOffset,
      int count) {
    FloatVector total0 = FloatVector.zero(F);
    FloatVector total1 = total0;
    FloatVector total2 = total0;
    FloatVector total3 = total0;
    int firstFactor = firstBlock * Q8_FACTORS;
    long words = panel + start;
    for (int block = 0; block < blocks; block++, words += Q8_BLOCK, firstFactor += Q8_FACTORS) {
      IntVector both0 = IntVector.broadcast(I, -PAIRS_BIAS);
      IntVector high0 = both0;
      IntVector both1 = both0;
      IntVector high1 = both0;
      long at = words + LINE;
      for (int i = firstFactor; i != firstFactor + Q8_FACTORS; i += 3, at += LINE) {
        ShortVector w0 = ShortVector.fromMemorySegment(S, weights, at, ORDER);
        ShortVector w1 = ShortVector.fromMemorySegment(S, weights, at + VECTOR_BYTES, ORDER);
        ShortVector ofWord = IntVector.broadcast(I, factors[i]).reinterpretAsShorts();
        ShortVector ofSecond = IntVector.broadcast(I, factors[i + 1]).reinterpretAsShorts();
        ShortVector biased = IntVector.broadcast(I, factors[i + 2]).reinterpretAsShorts();
        IntVector pair0 =
            w0.mul(ofWord).add(biased).add(w0.lanewise(ASHR, 8).mul(ofSecond)).reinterpretAsInts();
        IntVector pair1 =
            w1.mul(ofWord).add(biased).add(w1.lanewise(ASHR, 8).mul(ofSecond)).reinterpretAsInts();
        both0 = pair0.add(both0);
        both1 = pair1.add(both1);
        high0 = pair0.lanewise(LSHR, 16).add(high0);
        high1 = pair1.lanewise(LSHR, 16).add(high1);
      }
      IntVector low0 = both0.sub(high0.lanewise(LSHL, 16));
      IntVector low1 = both1.sub(high1.lanewise(LSHL, 16));
      IntVector scale0 = IntVector.fromMemorySegment(I, weights, words, ORDER);
      IntVector scale1 = IntVector.fromMemorySegment(I, weights, words + VECTOR_BYTES, ORDER);
      float scale = scales[firstBlock + block];
      total0 =
          ((FloatVector) low0.convertShape(I2F, F, 0))
              .fma(
                  scale0
                      .lanewise(LSHL, 16)
                      .lanewise(LSHR, 4)
                      .add(SCALE_BASE)
                      .reinterpretAsFloats()
                      .mul(scale),
                  total0);
      total1 =
          ((FloatVector) high0.convertShape(I2F, F, 0))
              .fma(
                  scale0
                      .and(HIGH_HALF)
                      .lanewise(LSHR, 4)
                      .add(SCALE_BASE)
                      .reinterpretAsFloats()
                      .mul(scale),
                  total1);
      total2 =
          ((FloatVector) low1.convertShape(I2F, F, 0))
              .fma(
                  scale1
                      .lanewise(LSHL, 16)
                      .lanewise(LSHR, 4)
                      .add(SCALE_BASE)
                      .reinterpretAsFloats()
                      .mul(scale),
                  total2);
      total3 =
          ((FloatVector) high1.convertShape(I2F, F, 0))
              .fma(
                  scale1
                      .and(HIGH_HALF)
                      .lanewise(LSHR, 4)
                      .add(SCALE_BASE)
                      .reinterpretAsFloats()
                      .mul(scale),
                  total3);
    }
    int row0 = PanelRows.first(start);
    int row1 = PanelRows.first(start + VECTOR_BYTES);
    if (count == ROWS) {
      total0.intoArray(y, yOffset + row0);
      total1.intoArray(y, yOffset + row0 + 16);
      total2.intoArray(y, yOffset + row1);
      total3.intoArray(y, yOffset + row1 + 16);
    } else {
      PanelRows.store(total0, row0, y, yOffset, count);
      PanelRows.store(total1, row0 + 16, y, yOffset, count);
      PanelRows.store(total2, row1, y, yOffset, count);
      PanelRows.store(total3, row1 + 16, y, yOffset, count);
    }
  }
}
