package org.xlstm4j.engine.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.xlstm4j.engine.machine.code.WeightFormat;

/** No kernel touches a byte beside its operands. */
@Tag("slow")
@EnabledOnOs(OS.LINUX)
class GuardPagesTest {
  private static final List<String> OPTIONS =
      List.of(ChildJvm.NATIVE_ACCESS, "-XX:-CreateCoredumpOnCrash");

  @TempDir private Path folder;

  @BeforeEach
  void needsMachineCode() {
    assumeFalse(Execution.natives().isEmpty(), "a processor without machine code");
  }

  @Test
  void productsStayWithinTheirOperands() throws Exception {
    ChildJvm.Outcome outcome = new ChildJvm(folder).run(OPTIONS, GuardedProducts.class);
    int kernels = 0;
    for (Execution execution : Execution.natives()) {
      for (WeightFormat format : WeightFormat.values()) {
        kernels += execution.tokenCounts(format).size();
      }
    }
    int calls = 2 * (kernels * 70 + 2 * 70);
    assertEquals(
        new ChildJvm.Outcome(0, List.of(calls + " calls"), List.of()), outcome, "a stray access");
  }

  @Test
  void stepsOfMatrixMemoriesStayWithinTheirOperands() throws Exception {
    ChildJvm.Outcome outcome = new ChildJvm(folder).run(OPTIONS, GuardedMatrixMemory.class);
    int calls = 2 * Execution.natives().size() * 33 * 4 * 2;
    assertEquals(
        new ChildJvm.Outcome(0, List.of(calls + " calls"), List.of()), outcome, "a stray access");
  }

  @Test
  void cellsStayWithinTheirOperands() throws Exception {
    ChildJvm.Outcome outcome = new ChildJvm(folder).run(OPTIONS, GuardedCells.class);
    int sizes = 2 * Execution.natives().size() * 40;
    assertEquals(
        new ChildJvm.Outcome(0, List.of(sizes + " sizes"), List.of()), outcome, "a stray access");
  }

  /** A second of random shapes; {@code reliability/shapes} takes more. */
  @Test
  void kernelsOfAnyShapeStayWithinTheirOperands() throws Exception {
    String seed = Long.toString(System.nanoTime());
    ChildJvm.Outcome outcome = new ChildJvm(folder).run(OPTIONS, GuardedShapes.class, "1", seed);
    assertEquals(0, outcome.status(), "a stray access with the number " + seed + ": " + outcome);
    assertEquals(List.of(), outcome.complaints());
    assertTrue(outcome.lines().size() > 10, outcome.toString());
  }

  /** What the tests above would look like. */
  @Test
  void aRowTooManyEndsTheProcess() throws Exception {
    ChildJvm.Outcome outcome =
        new ChildJvm(folder).run(OPTIONS, GuardedProducts.class, GuardedProducts.STRAY);
    assertNotEquals(0, outcome.status());
    assertTrue(
        outcome.lines().stream().anyMatch(line -> line.contains("SIGSEGV")), outcome.toString());
  }
}
