package org.xlstm4j.engine.machine;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.xlstm4j.engine.kernels.RowKernels;
import org.xlstm4j.engine.machine.code.Code;
import org.xlstm4j.engine.machine.code.WeightFormat;

/** The check at start finds kernels that are wrong in as little as one instruction. */
@Tag("slow")
class ProductCheckTest {
  /** All are many: every so many of those that compute. */
  private static final int STEP = 8;

  static List<Execution> natives() {
    return Execution.natives();
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("natives")
  void findsAnInstructionThatIsMissing(Execution execution) {
    for (WeightFormat format : WeightFormat.values()) {
      int computing = 0;
      for (int count : execution.tokenCounts(format)) {
        Code kernel = execution.product(format, count);
        for (Object instruction : MissingInstruction.candidates(kernel)) {
          if (computing++ % STEP == 0) {
            Code wrong = MissingInstruction.without(kernel, instruction);
            assertFalse(
                isRight(execution, format, count, wrong), () -> format + " without " + instruction);
          }
        }
      }
      assertTrue(isRight(execution, format, 1, execution.product(format, 1)));
    }
  }

  private static boolean isRight(
      Execution execution, WeightFormat format, int count, Code listing) {
    List<Code> few = new ArrayList<>();
    List<Code> groups = new ArrayList<>();
    for (int size : execution.tokenCounts(format)) {
      List<Code> listings = size <= RowKernels.MAX_TOKENS ? few : groups;
      listings.add(size == count ? listing : execution.product(format, size));
    }
    ProductKernels kernels = ProductKernels.of(format, few);
    if (!groups.isEmpty()) {
      kernels = kernels.withGroups(execution.code().groupSizes(format), groups);
    }
    return new ProductCheck(kernels, Machine.ofProcess().newTokens()).isRight();
  }
}
