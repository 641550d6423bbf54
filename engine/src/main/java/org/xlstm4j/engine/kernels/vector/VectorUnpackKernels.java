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
import org.xlstm4j.engine.kernels.UnpackKernels;

/**
 * {@link UnpackKernels} with the Vector API.
 *
 * <p>A weight becomes a float without being converted: its bits below an exponent that makes its
 * lowest bit count one are the float {@code base + weight}. Taking the base off and multiplying by
 * the scale is exact, because weights have at most 8 bits, scales 12, and the bases that a
 * multiplication and addition takes off 9.
 */
final class VectorUnpackKernels implements UnpackKernels {
  private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Integer> I = IntVector.SPECIES_PREFERRED;

  /** As many 16-bit numbers as there are lanes of 32 bits. */
  private static final VectorSpecies<Short> SCALES =
      VectorSpecies.of(short.class, VectorShape.forBitSize(I.vectorBitSize() / 2));

  private static final int LANES = I.length();
  private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

  /** The lowest byte of a word below this exponent counts ones. */
  private static final int BYTE_0 = (127 + 23) << 23;

  /** The second byte of a word below this exponent counts ones. */
  private static final int BYTE_1 = (127 + 15) << 23;

  /** Turns the lowest or the second byte from two's complement to offset binary. */
  private static final int OFFSET_0 = 0x80;

  private static final int OFFSET_1 = 0x8000;

  private static final float BASE_0 = 0x1p23f + 128;
  private static final float BASE_1 = 0x1p15f + 128;

  /** Fraction and exponent of a 4-bit block's scale words. */
  private static final int Q4_SCALE_MASK = 0xffff & ~ZERO_MASK;

  @Override
  public void q8(MemorySegment weights, long byteOffset, int blocks, float[] panel) {
    long words = byteOffset;
    for (int block = 0; block < blocks; block++, words += Q8_BLOCK) {
      for (int row = 0; row < ROWS; row += LANES) {
        IntVector scaleWord =
            (IntVector)
                ShortVector.fromMemorySegment(
                        SCALES, weights, words + (long) Short.BYTES * row, ORDER)
                    .convertShape(ZERO_EXTEND_S2I, I, 0);
        FloatVector scale =
            scaleWord.lanewise(LSHL, SCALE_SHIFT).add(SCALE_BASE).reinterpretAsFloats();
        FloatVector base = scale.mul(-BASE_1);
        int to = block * COLUMNS * ROWS + row;
        for (int group = 0; group < COLUMNS / Q8_GROUP; group++, to += Q8_GROUP * ROWS) {
          long at = words + SCALE_BYTES + (long) GROUP_BYTES * group + (long) Integer.BYTES * row;
          IntVector w = IntVector.fromMemorySegment(I, weights, at, ORDER);
          w.and(0xff)
              .lanewise(XOR, BYTE_0 | OFFSET_0)
              .reinterpretAsFloats()
              .sub(BASE_0)
              .mul(scale)
              .intoArray(panel, to);
          w.and(0xff00)
              .lanewise(XOR, BYTE_1 | OFFSET_1)
              .reinterpretAsFloats()
              .fma(scale, base)
              .intoArray(panel, to + ROWS);
          w.lanewise(LSHR, 8)
              .and(0xff00)
              .lanewise(XOR, BYTE_1 | OFFSET_1)
              .reinterpretAsFloats()
              .fma(scale, base)
              .intoArray(panel, to + 2 * ROWS);
          w.lanewise(LSHR, 16)
              .and(0xff00)
              .lanewise(XOR, BYTE_1 | OFFSET_1)
              .reinterpretAsFloats()
              .fma(scale, base)
              .intoArray(panel, to + 3 * ROWS);
        }
      }
    }
  }

  @Override
  public void q4(MemorySegment weights, long byteOffset, int blocks, float[] panel) {
    long words = byteOffset;
    for (int block = 0; block < blocks; block++, words += Q4_BLOCK) {
      for (int row = 0; row < ROWS; row += LANES) {
        IntVector scaleWord =
            (IntVector)
                ShortVector.fromMemorySegment(
                        SCALES, weights, words + (long) Short.BYTES * row, ORDER)
                    .convertShape(ZERO_EXTEND_S2I, I, 0);
        FloatVector scale =
            scaleWord
                .and(Q4_SCALE_MASK)
                .lanewise(LSHL, SCALE_SHIFT)
                .add(SCALE_BASE)
                .reinterpretAsFloats();
        FloatVector zero =
            ((FloatVector) scaleWord.and(ZERO_MASK).convertShape(I2F, F, 0))
                .mul(-QUARTER)
                .mul(scale);
        int to = block * COLUMNS * ROWS + row;
        for (int group = 0; group < COLUMNS / Q4_GROUP; group++, to += Q4_GROUP * ROWS) {
          long at = words + SCALE_BYTES + (long) GROUP_BYTES * group + (long) Integer.BYTES * row;
          IntVector low = IntVector.fromMemorySegment(I, weights, at, ORDER);
          IntVector high = low.lanewise(LSHR, 16);
          for (int step = 0; step < 4; step++) {
            int mask = 15 << (4 * step);
            int exponent = (127 + 23 - 4 * step) << 23;
            float base = Float.intBitsToFloat(exponent);
            int place = to + ((step & 1) * 4 + (step >> 1)) * ROWS;
            low.and(mask)
                .or(exponent)
                .reinterpretAsFloats()
                .sub(base)
                .fma(scale, zero)
                .intoArray(panel, place);
            high.and(mask)
                .or(exponent)
                .reinterpretAsFloats()
                .sub(base)
                .fma(scale, zero)
                .intoArray(panel, place + 2 * ROWS);
          }
        }
      }
    }
  }
}
