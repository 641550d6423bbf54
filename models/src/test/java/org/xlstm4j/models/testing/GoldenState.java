package org.xlstm4j.models.testing;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.xlstm4j.engine.cells.State;
import org.xlstm4j.engine.cells.StateLayout;

/** Compares a session's state with the original's, part by part. */
public final class GoldenState {
  private GoldenState() {}

  /** The state of one sequence of a batch against {@code state.*} of a case. */
  public static void assertClose(
      Golden golden, State state, int batch, int batches, double observed) throws IOException {
    assertTrue(!state.layout().slots().isEmpty());
    for (StateLayout.Slot slot : state.layout().slots()) {
      float[] expected =
          slot.name().endsWith("slstm")
              ? ofInnerBatch(golden.floats("state." + slot.name()), batch, batches)
              : golden.floats("state." + slot.name(), batch);
      double error = Golden.errors(expected, state.read(slot))[1];
      double limit = 10 * observed + 2e-6;
      assertTrue(error <= limit, slot.name() + ": error " + error + ", at most " + limit);
    }
  }

  /** One batch entry of {@code [4, batches, width]}. */
  private static float[] ofInnerBatch(float[] all, int batch, int batches) {
    int width = all.length / 4 / batches;
    float[] one = new float[4 * width];
    for (int part = 0; part < 4; part++) {
      System.arraycopy(all, (part * batches + batch) * width, one, part * width, width);
    }
    return one;
  }
}
