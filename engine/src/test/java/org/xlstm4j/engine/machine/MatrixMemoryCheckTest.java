package org.xlstm4j.engine.machine;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.xlstm4j.engine.kernels.MlstmKernels;
import org.xlstm4j.engine.machine.code.Code;

/** The check at start finds kernels that are wrong in as little as one instruction. */
@Tag("slow")
class MatrixMemoryCheckTest {
  static List<Execution> natives() {
    return Execution.natives();
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("natives")
  void findsAnInstructionThatIsMissing(Execution execution) {
    for (int tokens = 1; tokens <= MlstmKernels.MAX_TOKENS; tokens++) {
      Code kernel = execution.matrixMemory(tokens);
      for (Object instruction : MissingInstruction.candidates(kernel)) {
        Code wrong = MissingInstruction.without(kernel, instruction);
        int count = tokens;
        assertFalse(
            isRight(execution, tokens, wrong), () -> count + " tokens without " + instruction);
      }
      assertTrue(isRight(execution, tokens, kernel));
    }
  }

  private static boolean isRight(Execution execution, int tokens, Code listing) {
    List<Code> listings = new ArrayList<>();
    for (int i = 1; i <= MlstmKernels.MAX_TOKENS; i++) {
      listings.add(i == tokens ? listing : execution.matrixMemory(i));
    }
    return MatrixMemoryCheck.isRight(MachineMlstmKernels.of(listings));
  }
}
