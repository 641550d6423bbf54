package org.xlstm4j.engine.kernels.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.xlstm4j.engine.kernels.VectorModule;
import org.xlstm4j.engine.kernels.vector.VectorKernels;

/** Switches of kernels from several threads. */
@Timeout(30)
class KernelNeedsTest {
  /** One that no machine code is offered for. */
  private static final KernelFamily FAMILY = KernelFamily.BF16_ROWS_OF_TOKENS;

  /** Other tests of this JVM find what a switch would have led to. */
  @AfterEach
  void useVectorKernels() {
    if (VectorModule.isPresent() && !KernelWarmUp.scalarChosen()) {
      KernelNeeds.provide(FAMILY, () -> Kernels.useBf16RowsOfTokens(VectorKernels.bf16Rows()));
    }
  }

  @Test
  void machineCodeStaysIfSimdKernelsAreSwitchedInMeanwhile() throws InterruptedException {
    AtomicReference<String> inUse = new AtomicReference<>();
    Thread providing = new Thread(() -> KernelNeeds.provide(FAMILY, () -> inUse.set("machine")));
    KernelNeeds.compiled(
        FAMILY,
        () -> {
          providing.start();
          awaitWaitingOrThrough(providing);
          inUse.set("vector");
        });
    providing.join();
    assertEquals("machine", inUse.get());
    KernelNeeds.compiled(FAMILY, () -> inUse.set("vector"));
    assertEquals("machine", inUse.get());
  }

  private static void awaitWaitingOrThrough(Thread thread) {
    while (thread.getState() != Thread.State.BLOCKED
        && thread.getState() != Thread.State.TERMINATED) {
      Thread.onSpinWait();
    }
  }
}
