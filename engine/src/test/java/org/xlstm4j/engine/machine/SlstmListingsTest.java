package org.xlstm4j.engine.machine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The kernels of the sLSTM of all levels: interpreted ones and those of this machine against their
 * specification.
 */
class SlstmListingsTest {
  private static final Room ANYWHERE = Room.behindLine(4);
  private static final int GAP = 3;

  static List<Execution> executions() {
    return Execution.all();
  }

  static List<Execution> onWindows() {
    return Execution.interpreted(Execution.Way.INTERPRETED_AS_ON_WINDOWS);
  }

  @ParameterizedTest
  @MethodSource({"executions", "onWindows"})
  void recurrentProductsOfAllSizes(Execution execution) {
    for (boolean halves : new boolean[] {false, true}) {
      for (int inputs : new int[] {1, 2, 3, 7, 24, 65}) {
        for (int panels = 1; panels <= 5; panels++) {
          RecurrentProduct product = RecurrentProduct.random(inputs, panels, halves);
          product.check(product.multiply(execution, ANYWHERE));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("executions")
  void panelsAreIndependentOfWhatIsComputedTogether(Execution execution) {
    for (boolean halves : new boolean[] {false, true}) {
      RecurrentProduct product = RecurrentProduct.random(33, 5, halves);
      float[] together = product.multiply(execution, ANYWHERE);
      for (int[] cuts : new int[][] {{1}, {2}, {3}, {1, 4}, {1, 2, 3, 4}}) {
        assertArrayEquals(together, product.multiply(execution, ANYWHERE, cuts));
      }
    }
  }

  @ParameterizedTest
  @MethodSource({"executions", "onWindows"})
  void gatesOfAllLengthsAreStabilized(Execution execution) {
    for (int channels = 1; channels <= 70; channels++) {
      ScalarMemoryStep.random(channels, GAP).checkStabilizing(execution, ANYWHERE);
    }
  }

  @ParameterizedTest
  @MethodSource({"executions", "onWindows"})
  void memoriesOfAllLengthsAreStepped(Execution execution) {
    for (int channels = 1; channels <= 70; channels++) {
      ScalarMemoryStep.random(channels, GAP).checkStep(execution, ANYWHERE);
    }
  }
}
