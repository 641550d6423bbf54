package org.xlstm4j.engine.kernels;

import static jdk.incubator.vector.VectorOperators.ADD;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.MAX;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/** {@link ActivationKernels} with the Vector API. */
public final class VectorActivationKernels implements ActivationKernels {
  private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Integer> I = IntVector.SPECIES_PREFERRED;
  private static final int LANES = I.length();

  /** Where a block's last whole vector of activations begins. */
  private static final int LAST = COLUMNS - LANES;

  /** In each group of four lanes the one before, and by how much it is multiplied. */
  private static final VectorShuffle<Integer> BEFORE =
      VectorShuffle.fromOp(I, lane -> Math.max(lane - 1, 0));

  private static final IntVector CARRIES = IntVector.zero(I).addIndex(1).and(3).min(1).mul(16);

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
      ScalarActivationKernels.quantizeBlock(
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
    if (largest < SMALLEST_ACTIVATION) {
      Arrays.fill(values, to, to + COLUMNS, 0);
      scales[block] = 0;
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
      value.lanewise(LSHL, 16).or(value.and(0xffff)).intoArray(values, to + i);
    }
    scales[block] = largest / MAX_ACTIVATION;
    sums[block] = sum.reduceLanes(ADD);
  }

  @Override
  public void q4Factors(int[] values, int length, int[] factors) {
    for (int i = 0; i < length; i += LANES) {
      IntVector value = IntVector.fromArray(I, values, i).lanewise(ASHR, 16);
      IntVector factor = value.sub(value.rearrange(BEFORE).mul(CARRIES));
      factor.lanewise(LSHL, 16).or(factor.and(0xffff)).intoArray(factors, i);
    }
  }
}
