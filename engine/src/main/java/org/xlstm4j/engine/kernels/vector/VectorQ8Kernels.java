package org.xlstm4j.engine.kernels.vector;

import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.XOR;
import static jdk.incubator.vector.VectorOperators.ZERO_EXTEND_S2I;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import org.xlstm4j.engine.kernels.ActivationKernels;
import org.xlstm4j.engine.kernels.PanelTotals;
import org.xlstm4j.engine.kernels.Q8Kernels;

/**
 * {@link Q8Kernels} with the Vector API.
 *
 * <p>A token reads a panel from front to back, block by block. Within a block, two vectors of rows
 * at a time share each broadcast activation: with 512 bits they are all rows, with 256 or 128 bits
 * it takes two or four rounds, the later ones from the first-level cache.
 *
 * <p>The loop over blocks calls no method that takes or returns a vector: C2 compiles such a method
 * on its own first and then calls it, with its vectors in boxes, at half the loop's speed or less.
 * The loop within a block runs over the factors and advances the place in memory beside them: C2
 * would split a loop whose place follows from its counter into three to save bounds checks, which
 * costs more than the checks in so short a loop. A slice of each block, whose length C2 would know,
 * needs no checks, but is an object on the heap where both mapped and other memory has been met.
 * The loop ends where the counter equals its end, because C2 begins a loop that ends behind it with
 * a division, once a block. Two groups of columns a turn need more registers than there are. What a
 * loop carries along is the argument of an addition, not its receiver: C2 knows the class of what
 * was just computed, but has to guess that of what comes from the turn before, and where it has no
 * profile yet it boxes.
 *
 * <p>A pair of products is widened to 32 bits by sums alone. A 32-bit lane is {@code l + 65536 h},
 * two pairs from 0 to 64770 ({@link ActivationKernels#q8Factors}). The sums of all lanes and of
 * their high halves give the sum of the low halves as a difference modulo 2^32.
 *
 * <p>No integer sum overflows, whatever the file holds, because activations are within ±127: two
 * products in 16 bits are at most 2 * 255 * 127 = 64770 &lt; 2^16, a block in 32 bits 32 * 128 *
 * 127 &lt; 2^24, so that it is exact as a float too.
 */
final class VectorQ8Kernels implements Q8Kernels {
  private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Integer> I = IntVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Short> S = ShortVector.SPECIES_PREFERRED;

  /** As many 16-bit numbers as there are lanes of 32 bits. */
  private static final VectorSpecies<Short> SCALES =
      VectorSpecies.of(short.class, VectorShape.forBitSize(I.vectorBitSize() / 2));

  private static final int LANES = I.length();
  private static final int VECTOR_BYTES = I.vectorByteSize();
  private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

  private final ThreadLocal<PanelTotals> scratch = ThreadLocal.withInitial(PanelTotals::new);

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
    PanelTotals totals = scratch.get();
    long panel = byteOffset;
    for (int row = 0; row < rows; row += ROWS) {
      totals.clear(tokens);
      for (int token = 0; token < tokens; token++) {
        int first = token * blocks;
        addPanel(weights, panel, blocks, factors, scales, first, totals.values, token * ROWS);
      }
      totals.store(tokens, Math.min(ROWS, rows - row), y, yOffset + row, yStride);
      panel += (long) blocks * Q8_BLOCK;
    }
  }

  private static void addPanel(
      MemorySegment weights,
      long panel,
      int blocks,
      int[] factors,
      float[] scales,
      int firstBlock,
      float[] totals,
      int totalsOffset) {
    long words = panel;
    for (int block = 0; block < blocks; block++, words += Q8_BLOCK) {
      int tokenBlock = firstBlock + block;
      int firstFactor = tokenBlock * Q8_FACTORS;
      float scale = scales[tokenBlock];
      for (int row = 0; row < ROWS; row += 2 * LANES) {
        IntVector both0 = IntVector.broadcast(I, factors[firstFactor]);
        IntVector both1 = both0;
        IntVector high0 = IntVector.zero(I);
        IntVector high1 = high0;
        long at = words + SCALE_BYTES + (long) Integer.BYTES * row;
        for (int i = firstFactor + 1;
            i != firstFactor + Q8_FACTORS;
            i += Q8_GROUP_FACTORS, at += GROUP_BYTES) {
          ShortVector turned = IntVector.broadcast(I, factors[i]).reinterpretAsShorts();
          ShortVector ofWord = IntVector.broadcast(I, factors[i + 1]).reinterpretAsShorts();
          ShortVector ofSecond = IntVector.broadcast(I, factors[i + 2]).reinterpretAsShorts();
          ShortVector w0 =
              ShortVector.fromMemorySegment(S, weights, at, ORDER).lanewise(XOR, turned);
          ShortVector w1 =
              ShortVector.fromMemorySegment(S, weights, at + VECTOR_BYTES, ORDER)
                  .lanewise(XOR, turned);
          IntVector pair0 =
              w0.mul(ofWord).add(w0.lanewise(LSHR, 8).mul(ofSecond)).reinterpretAsInts();
          IntVector pair1 =
              w1.mul(ofWord).add(w1.lanewise(LSHR, 8).mul(ofSecond)).reinterpretAsInts();
          both0 = pair0.add(both0);
          both1 = pair1.add(both1);
          high0 = pair0.lanewise(LSHR, 16).add(high0);
          high1 = pair1.lanewise(LSHR, 16).add(high1);
        }
        IntVector sum0 = both0.sub(high0.lanewise(LSHL, 16)).add(high0);
        IntVector sum1 = both1.sub(high1.lanewise(LSHL, 16)).add(high1);
        long scaleWords = words + (long) Short.BYTES * row;
        IntVector scale0 =
            (IntVector)
                ShortVector.fromMemorySegment(SCALES, weights, scaleWords, ORDER)
                    .convertShape(ZERO_EXTEND_S2I, I, 0);
        IntVector scale1 =
            (IntVector)
                ShortVector.fromMemorySegment(SCALES, weights, scaleWords + VECTOR_BYTES / 2, ORDER)
                    .convertShape(ZERO_EXTEND_S2I, I, 0);
        int to = totalsOffset + row;
        ((FloatVector) sum0.convertShape(I2F, F, 0))
            .fma(
                scale0.lanewise(LSHL, SCALE_SHIFT).add(SCALE_BASE).reinterpretAsFloats().mul(scale),
                FloatVector.fromArray(F, totals, to))
            .intoArray(totals, to);
        ((FloatVector) sum1.convertShape(I2F, F, 0))
            .fma(
                scale1.lanewise(LSHL, SCALE_SHIFT).add(SCALE_BASE).reinterpretAsFloats().mul(scale),
                FloatVector.fromArray(F, totals, to + LANES))
            .intoArray(totals, to + LANES);
      }
    }
  }
}
