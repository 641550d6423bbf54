package org.xlstm4j.engine.machine;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.xlstm4j.engine.machine.code.Code;

/**
 * The checks at start of the sLSTM and of block-diagonal weights find kernels that are wrong in as
 * little as one instruction.
 */
class CellChecksTest {
  static List<Execution> natives() {
    return Execution.natives();
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("natives")
  void aStepOfTheSlstm(Execution execution) {
    check(
        MachineSlstmKernels.listings(execution.code()),
        listings -> SlstmCheck.isRight(MachineSlstmKernels.of(listings)));
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("natives")
  void blockDiagonalWeights(Execution execution) {
    check(
        MachineBlockKernels.listings(execution.code()),
        listings -> BlockCheck.isRight(MachineBlockKernels.of(execution.code(), listings)));
  }

  private static void check(List<Code> right, Predicate<List<Code>> isRight) {
    assertTrue(isRight.test(right));
    for (int kernel = 0; kernel < right.size(); kernel++) {
      for (Object instruction : MissingInstruction.candidates(right.get(kernel))) {
        List<Code> wrong = new ArrayList<>(right);
        wrong.set(kernel, MissingInstruction.without(right.get(kernel), instruction));
        String what = "kernel " + kernel + " without " + instruction;
        assertFalse(isRight.test(wrong), what);
      }
    }
  }
}
