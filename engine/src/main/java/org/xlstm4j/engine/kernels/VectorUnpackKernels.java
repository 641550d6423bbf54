package org.xlstm4j.engine.kernels;

import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.XOR;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorSpecies;

/** {@link UnpackKernels} with the Vector API. */
public final class VectorUnpackKernels implements UnpackKernels {
  private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Integer> I = IntVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Short> S = ShortVector.SPECIES_PREFERRED;
  private static final int VECTOR_BYTES = S.vectorByteSize();
  private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

  /** Bytes of a group of columns of a panel, and of its scale words. */
  private static final int LINE = SCALE_BYTES;

  private static final int HIGH_HALF = 0xffff0000;

  /** Turns the first columns' bytes of two words from offset binary to two's complement. */
  private static final int OFFSETS = 0x00800080;

  /** Fraction and exponent of a 4-bit block's scale words, in place in a 32-bit float. */
  private static final int Q4_SCALE_MASK = 0xffc0 << SCALE_SHIFT;

  /** A quarter of the scale, because zero points are in quarters. */
  private static final int Q4_SCALE_BASE = SCALE_BASE - (2 << 23);

  @Override
  public void q8(MemorySegment weights, long byteOffset, int half, int blocks, float[] panel) {
    for (int start = 0; start < LINE / 2; start += VECTOR_BYTES) {
      int row = start / Integer.BYTES;
      long words = byteOffset + (long) (LINE / 2) * half + start;
      for (int block = 0; block < blocks; block++, words += Q8_BLOCK) {
        IntVector scale = IntVector.fromMemorySegment(I, weights, words, ORDER);
        FloatVector low =
            scale.lanewise(LSHL, 16).lanewise(LSHR, 4).add(SCALE_BASE).reinterpretAsFloats();
        FloatVector high =
            scale.and(HIGH_HALF).lanewise(LSHR, 4).add(SCALE_BASE).reinterpretAsFloats();
        int to = block * COLUMNS * (ROWS / 2) + row;
        for (int pair = 0; pair < COLUMNS / 2; pair++) {
          long at = words + LINE + (long) LINE * pair;
          IntVector w = IntVector.fromMemorySegment(I, weights, at, ORDER).lanewise(XOR, OFFSETS);
          int first = to + pair * ROWS;
          int second = first + ROWS / 2;
          ((FloatVector) w.lanewise(LSHL, 24).lanewise(ASHR, 24).convertShape(I2F, F, 0))
              .mul(low)
              .intoArray(panel, first);
          ((FloatVector) w.lanewise(LSHL, 16).lanewise(ASHR, 24).convertShape(I2F, F, 0))
              .mul(low)
              .intoArray(panel, second);
          ((FloatVector) w.lanewise(LSHL, 8).lanewise(ASHR, 24).convertShape(I2F, F, 0))
              .mul(high)
              .intoArray(panel, first + 16);
          ((FloatVector) w.lanewise(ASHR, 24).convertShape(I2F, F, 0))
              .mul(high)
              .intoArray(panel, second + 16);
        }
      }
    }
  }

  @Override
  public void q4(MemorySegment weights, long byteOffset, int half, int blocks, float[] panel) {
    for (int start = 0; start < LINE / 2; start += VECTOR_BYTES) {
      int row = start / Integer.BYTES;
      long words = byteOffset + (long) (LINE / 2) * half + start;
      for (int block = 0; block < blocks; block++, words += Q4_BLOCK) {
        IntVector scale = IntVector.fromMemorySegment(I, weights, words, ORDER);
        FloatVector low =
            scale
                .lanewise(LSHL, SCALE_SHIFT)
                .and(Q4_SCALE_MASK)
                .add(Q4_SCALE_BASE)
                .reinterpretAsFloats();
        FloatVector high =
            scale.lanewise(LSHR, 4).and(Q4_SCALE_MASK).add(Q4_SCALE_BASE).reinterpretAsFloats();
        IntVector lowZero = scale.and(ZERO_MASK);
        IntVector highZero = scale.lanewise(LSHR, 16).and(ZERO_MASK);
        int to = block * COLUMNS * (ROWS / 2) + row;
        for (int group = 0; group < COLUMNS / 4; group++) {
          long at = words + LINE + (long) LINE * group;
          IntVector w = IntVector.fromMemorySegment(I, weights, at, ORDER);
          for (int column = 0; column < 4; column++) {
            IntVector lowQuarters = w.lanewise(LSHR, 4 * column).and(15).lanewise(LSHL, 2);
            IntVector highQuarters = w.lanewise(LSHR, 16 + 4 * column).and(15).lanewise(LSHL, 2);
            int place = to + (4 * group + column) * (ROWS / 2);
            ((FloatVector) lowQuarters.sub(lowZero).convertShape(I2F, F, 0))
                .mul(low)
                .intoArray(panel, place);
            ((FloatVector) highQuarters.sub(highZero).convertShape(I2F, F, 0))
                .mul(high)
                .intoArray(panel, place + 16);
          }
        }
      }
    }
  }
}
