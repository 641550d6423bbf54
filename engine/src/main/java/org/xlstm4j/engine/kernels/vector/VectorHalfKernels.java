package org.xlstm4j.engine.kernels.vector;

import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.S2I;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;
import org.xlstm4j.engine.kernels.HalfKernels;
import org.xlstm4j.engine.kernels.scalar.Remainders;
import org.xlstm4j.engine.kernels.scalar.ScalarKernels;

/** {@link HalfKernels} with the Vector API. */
final class VectorHalfKernels implements HalfKernels {
  private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Integer> I = IntVector.SPECIES_PREFERRED;
  private static final int LANES = F.length();
  private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

  /** As many 16-bit values as a vector has floats. */
  private static final VectorSpecies<Short> S =
      VectorSpecies.of(short.class, VectorShape.forBitSize(F.vectorBitSize() / 2));

  /** The even and the odd lanes of two vectors in a row. */
  private static final VectorShuffle<Float> EVENS = VectorShuffle.fromOp(F, i -> 2 * i);

  private static final VectorShuffle<Float> ODDS = VectorShuffle.fromOp(F, i -> 2 * i + 1);

  private static final HalfKernels SCALAR = ScalarKernels.halves();

  @Override
  public void widenBf16(
      MemorySegment weights, long byteOffset, int length, float[] target, int offset) {
    int bound = F.loopBound(length);
    for (int i = 0; i < bound; i += LANES) {
      ShortVector half =
          ShortVector.fromMemorySegment(S, weights, byteOffset + (long) Short.BYTES * i, ORDER);
      IntVector bits = half.convertShape(S2I, I, 0).reinterpretAsInts().lanewise(LSHL, 16);
      bits.reinterpretAsFloats().intoArray(target, offset + i);
    }
    long rest = byteOffset + (long) Short.BYTES * bound;
    SCALAR.widenBf16(weights, rest, length - bound, target, offset + bound);
  }

  /**
   * Exponent and fraction move to their places and the exponent's bias is put right by a product,
   * which is exact and makes small numbers normal; infinities and NaN get the largest exponent.
   */
  @Override
  public void widenF16(
      MemorySegment weights, long byteOffset, int length, float[] target, int offset) {
    int bound = F.loopBound(length);
    for (int i = 0; i < bound; i += LANES) {
      ShortVector half =
          ShortVector.fromMemorySegment(S, weights, byteOffset + (long) Short.BYTES * i, ORDER);
      IntVector bits = half.convertShape(S2I, I, 0).reinterpretAsInts();
      IntVector magnitude = bits.and(0x7fff).lanewise(LSHL, 13);
      IntVector value = magnitude.reinterpretAsFloats().mul(0x1p112f).reinterpretAsInts();
      IntVector special = magnitude.or(0x7f800000);
      IntVector result = value.blend(special, magnitude.compare(GE, 0x1f << 23));
      IntVector sign = bits.and(0x8000).lanewise(LSHL, 16);
      result.or(sign).reinterpretAsFloats().intoArray(target, offset + i);
    }
    long rest = byteOffset + (long) Short.BYTES * bound;
    SCALAR.widenF16(weights, rest, length - bound, target, offset + bound);
  }

  @Override
  public void split(float[] x, int offset, int columns, float[] target, int targetOffset) {
    int half = columns >> 1;
    int bound = F.loopBound(half);
    for (int i = 0; i < bound; i += LANES) {
      FloatVector first = FloatVector.fromArray(F, x, offset + 2 * i);
      FloatVector second = FloatVector.fromArray(F, x, offset + 2 * i + LANES);
      first.rearrange(EVENS, second).intoArray(target, targetOffset + i);
      first.rearrange(ODDS, second).intoArray(target, targetOffset + half + i);
    }
    Remainders.split(x, offset, bound, columns, target, targetOffset);
  }
}
