package org.xlstm4j.reliability.ordering;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;
import org.xlstm4j.engine.kernels.GridKernels;
import org.xlstm4j.engine.kernels.dispatch.Kernels;

/** A thread that does not wait for a switch computes with the kernels before it or behind it. */
@JCStressTest
@Outcome(id = "7", expect = Expect.ACCEPTABLE, desc = "Whole kernels.")
@Outcome(expect = Expect.FORBIDDEN, desc = "Kernels that were not whole.")
@State
public class KernelOrdering {
  static {
    Kernels.provide(new Whole(7));
  }

  /** Kernels that are immutable, as all of them are. */
  private static final class Whole implements GridKernels {
    private final int[] value;

    Whole(int value) {
      this.value = new int[] {value};
    }

    @Override
    public void addRow(
        float[] x,
        int xOffset,
        int xStride,
        int length,
        int channels,
        float[] w,
        int wOffset,
        float[] y,
        int yOffset,
        int yStride) {
      y[yOffset] += value[0];
    }
  }

  /** Switches to other kernels. */
  @Actor
  public void provide() {
    Kernels.provide(new Whole(7));
  }

  /** Computes with those it sees. */
  @Actor
  public void compute(I_Result result) {
    float[] y = new float[1];
    Kernels.grids().addRow(y, 0, 1, 1, 1, y, 0, y, 0, 1);
    result.r1 = (int) y[0];
  }
}
