package org.xlstm4j.engine.machine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The kernels for block-diagonal weights of all levels: interpreted ones and those of this machine
 * against their specification.
 */
@Tag("slow")
class BlockListingTest {
  private static final Room ANYWHERE = Room.behindLine(4);

  static List<Execution> executions() {
    return Execution.ofVectors();
  }

  static List<Execution> onWindows() {
    return Execution.interpreted(Execution.Way.INTERPRETED_AS_ON_WINDOWS);
  }

  @ParameterizedTest
  @MethodSource({"executions", "onWindows"})
  void blocksOfFour(Execution execution) {
    for (int blocks = 1; blocks <= 20; blocks++) {
      BlockProduct product = BlockProduct.random(4, blocks);
      float[] y = product.multiply(execution, ANYWHERE, BlockProduct.AT_ONCE);
      product.check(y);
      assertArrayEquals(y, product.multiply(execution, ANYWHERE, 16));
    }
  }

  @ParameterizedTest
  @MethodSource({"executions", "onWindows"})
  void blocksOfWholeVectors(Execution execution) {
    for (int size : new int[] {8, 16, 24, 32, 48, 64, 72, 80, 144}) {
      for (int blocks = 1; blocks <= 3; blocks++) {
        BlockProduct product = BlockProduct.random(size, blocks);
        float[] y = product.multiply(execution, ANYWHERE, BlockProduct.AT_ONCE);
        product.check(y);
        assertArrayEquals(y, product.multiply(execution, ANYWHERE, 32));
      }
    }
  }

  static List<Execution> natives() {
    return Execution.natives();
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("natives")
  void operandsThatAreTooShortAreRefused(Execution execution) {
    MachineBlockKernels kernels = MachineBlockKernels.make(execution.code());
    for (int size : new int[] {4, 8, 32}) {
      float[] w = new float[size * 64];
      float[] x = new float[64];
      Class<? extends RuntimeException> bounds = IndexOutOfBoundsException.class;
      assertThrows(bounds, () -> kernels.blocks(w, size, x, 1, 64, x, 0));
      assertThrows(bounds, () -> kernels.blocks(w, size, x, 0, 64, x, 1));
      assertThrows(bounds, () -> kernels.blocks(x, size, x, 0, 64, x, 0));
      assertThrows(IllegalArgumentException.class, () -> kernels.blocks(w, size, x, 0, 50, x, 0));
    }
  }
}
