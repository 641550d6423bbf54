package org.xlstm4j.engine.kernels.vector;

import static jdk.incubator.vector.VectorOperators.ADD;
import static jdk.incubator.vector.VectorOperators.MAX;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;
import org.xlstm4j.engine.kernels.ActivationKernels;
import org.xlstm4j.engine.kernels.PanelKernels;
import org.xlstm4j.engine.kernels.scalar.Remainders;

/** {@link ActivationKernels} with the Vector API. */
final class VectorActivationKernels implements ActivationKernels {
  private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Integer> I = IntVector.SPECIES_PREFERRED;
  private static final int LANES = I.length();

  /** Where a block's last whole vector of activations begins. */
  private static final int LAST = COLUMNS - LANES;

  /** Adding it to a small float leaves the rounded integer in the lowest bits. */
  private static final float ROUNDING = 0x1.8p23f;

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
    int whole = columns / COLUMNS;
    for (int block = 0; block < whole; block++) {
      quantizeWholeBlock(
          x,
          offset + block * COLUMNS,
          values,
          valuesOffset + block * COLUMNS,
          scales,
          sums,
          blockOffset + block);
    }
    if (whole < blocks) {
      int first = whole * COLUMNS;
      Remainders.quantizeBlock(
          x,
          offset + first,
          columns - first,
          values,
          valuesOffset + first,
          scales,
          sums,
          blockOffset + whole);
    }
  }

  private static void quantizeWholeBlock(
      float[] x, int offset, int[] values, int to, float[] scales, int[] sums, int block) {
    FloatVector magnitudes = FloatVector.zero(F);
    for (int i = 0; i < LAST; i += LANES) {
      magnitudes = FloatVector.fromArray(F, x, offset + i).abs().max(magnitudes);
    }
    FloatVector last = FloatVector.fromArray(F, x, offset + LAST).abs();
    float largest = last.max(magnitudes).reduceLanes(MAX);
    if (!(largest >= SMALLEST_ACTIVATION && largest <= Float.MAX_VALUE)) {
      Arrays.fill(values, to, to + COLUMNS, 0);
      scales[block] = largest < SMALLEST_ACTIVATION ? 0 : Float.NaN;
      sums[block] = 0;
      return;
    }
    float inverse = MAX_ACTIVATION / largest;
    IntVector sum = IntVector.zero(I);
    for (int i = 0; i < COLUMNS; i += LANES) {
      FloatVector scaled = FloatVector.fromArray(F, x, offset + i).mul(inverse).add(ROUNDING);
      IntVector value =
          scaled
              .reinterpretAsInts()
              .sub(Float.floatToRawIntBits(ROUNDING))
              .max(-MAX_ACTIVATION)
              .min(MAX_ACTIVATION);
      sum = value.add(sum);
      value.intoArray(values, to + i);
    }
    scales[block] = largest / MAX_ACTIVATION;
    sums[block] = sum.reduceLanes(ADD);
  }
}
