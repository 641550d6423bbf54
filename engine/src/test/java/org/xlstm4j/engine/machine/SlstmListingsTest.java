package org.xlstm4j.engine.machine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.xlstm4j.engine.kernels.SlstmKernels;

/**
 * The kernels of the sLSTM of all levels: interpreted ones and those of this machine against their
 * specification.
 */
class SlstmListingsTest {
  private static final Room ANYWHERE = Room.behindLine(4);
  private static final int GAP = 3;

  static List<Execution> executions() {
    return Execution.ofVectors();
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

  static List<Execution> natives() {
    return Execution.natives();
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("natives")
  void operandsThatAreTooShortAreRefused(Execution execution) {
    MachineSlstmKernels kernels = MachineSlstmKernels.make(execution.code());
    float[] three = new float[3];
    float[] panel = new float[SlstmKernels.PANEL];
    Class<? extends RuntimeException> bounds = IndexOutOfBoundsException.class;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment weights = arena.allocate(4L * 3 * SlstmKernels.PANEL);
      assertThrows(bounds, () -> kernels.recurrentF32(weights, 4, 3, 0, 1, three, 0, panel, 0));
      assertThrows(bounds, () -> kernels.recurrentF32(weights, 0, 3, 0, 1, three, 1, panel, 0));
      assertThrows(bounds, () -> kernels.recurrentF32(weights, 0, 3, 0, 1, three, 0, panel, 1));
      assertThrows(bounds, () -> kernels.recurrentBf16(weights, 0, 3, 0, 3, three, 0, panel, 0));
    }
    float[] gates = new float[47];
    assertThrows(bounds, () -> kernels.stabilizeGates(gates, 0, 32, panel, panel, 0, 16));
    assertThrows(bounds, () -> kernels.stabilizeGates(gates, 0, 16, panel, panel, 49, 16));
    assertThrows(bounds, () -> kernels.scalarMemoryStep(gates, 0, 16, panel, panel, 0, 16));
  }
}
