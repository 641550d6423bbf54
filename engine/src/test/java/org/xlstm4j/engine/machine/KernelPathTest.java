package org.xlstm4j.engine.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.xlstm4j.engine.machine.code.MachineLevel;

/**
 * Which kernels JVMs use and what they say about it, with and without what machine code needs. The
 * products are right in each of them, or the program fails.
 */
class KernelPathTest {
  private static final String REFUSED = "the system refuses to make memory executable";

  @TempDir private Path folder;

  @BeforeEach
  void needsMachineCode() {
    assumeFalse(Execution.natives().isEmpty(), "a processor without machine code");
  }

  @Test
  void machineCodeOfTheProcessorsLevelIsTheDefault() throws Exception {
    MachineLevel best = Execution.natives().getLast().level();
    check("machine; machine code for " + best, ChildJvm.NATIVE_ACCESS);
  }

  @Test
  void aPropertyCapsTheLevel() throws Exception {
    MachineLevel least = Execution.natives().getFirst().level();
    check(
        "machine; machine code for " + least, ChildJvm.NATIVE_ACCESS, "-Dxlstm4j.machine=" + least);
    check(
        "vector; no machine code, as the property xlstm4j.machine is off",
        ChildJvm.NATIVE_ACCESS,
        "-Dxlstm4j.machine=off");
    check(
        "vector; no machine code, as the property xlstm4j.machine is sse9, which is no level",
        ChildJvm.NATIVE_ACCESS,
        "-Dxlstm4j.machine=sse9");
  }

  @Test
  void withoutNativeAccessThereIsNoMachineCode() throws Exception {
    List<String> options = new ArrayList<>(ChildJvm.VECTOR_API);
    options.add("--illegal-native-access=deny");
    checkWithWarning(
        "vector; no machine code, as Java was started without " + ChildJvm.NATIVE_ACCESS,
        "Vector API",
        "runs slower than it could, without calls of the system",
        ChildJvm.NATIVE_ACCESS,
        options);
  }

  @Test
  void anotherPathIsChosenByAProperty() throws Exception {
    check("vector; ", ChildJvm.NATIVE_ACCESS, "-Dxlstm4j.kernels=vector");
    check("scalar; ", ChildJvm.NATIVE_ACCESS, "-Dxlstm4j.kernels=scalar");
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, architectures = "amd64")
  void aSystemMayRefuseExecutableMemory() throws Exception {
    ChildJvm.Outcome outcome = run(KernelPathProgram.REFUSED);
    assertEquals(
        new ChildJvm.Outcome(
            0, List.of("vector; no machine code, as " + REFUSED, "Vector API"), List.of()),
        outcome);
  }

  /** The products are those of other kernels, and a warning says so. */
  @Test
  @EnabledOnOs(value = OS.LINUX, architectures = "amd64")
  void aSystemMayRefuseMoreExecutableMemory() throws Exception {
    MachineLevel best = Execution.natives().getLast().level();
    ChildJvm.Outcome outcome = run(KernelPathProgram.REFUSED_LATER);
    assertEquals(0, outcome.status(), outcome.toString());
    assertEquals(
        List.of("machine; machine code for " + best + ", but " + REFUSED, "Vector API"),
        outcome.lines());
    assertEquals(
        "WARNING: Machine code is not used: " + REFUSED + ".", outcome.complaints().getLast());
  }

  private ChildJvm.Outcome run(String argument) throws Exception {
    List<String> options = new ArrayList<>(ChildJvm.VECTOR_API);
    options.add(ChildJvm.NATIVE_ACCESS);
    return new ChildJvm(folder).run(options, KernelPathProgram.class, argument);
  }

  @Test
  void machineCodeNeedsNoVectorApi() throws Exception {
    MachineLevel best = Execution.natives().getLast().level();
    ChildJvm.Outcome outcome =
        new ChildJvm(folder).run(List.of(ChildJvm.NATIVE_ACCESS), KernelPathProgram.class);
    assertEquals(
        new ChildJvm.Outcome(
            0, List.of("machine; machine code for " + best, "no Vector API"), List.of()),
        outcome);
  }

  @Test
  void withNeitherPlainJavaCarriesOn() throws Exception {
    checkWithoutVectorApi(
        "scalar; no machine code, as the property xlstm4j.machine is off",
        "runs several times slower than it could, on scalar kernels",
        ChildJvm.NATIVE_ACCESS,
        "-Dxlstm4j.machine=off");
  }

  private void check(String path, String... options) throws Exception {
    List<String> all = new ArrayList<>(ChildJvm.VECTOR_API);
    all.addAll(List.of(options));
    ChildJvm.Outcome outcome = new ChildJvm(folder).run(all, KernelPathProgram.class);
    assertEquals(new ChildJvm.Outcome(0, List.of(path, "Vector API"), List.of()), outcome);
  }

  private void checkWithoutVectorApi(String path, String warning, String... options)
      throws Exception {
    String flag = String.join(" ", ChildJvm.VECTOR_API);
    checkWithWarning(path, "no Vector API", warning, flag, List.of(options));
  }

  /** A warning that ends with the flag that Java was started without. */
  private void checkWithWarning(
      String path, String vectors, String warning, String flag, List<String> options)
      throws Exception {
    ChildJvm.Outcome outcome = new ChildJvm(folder).run(options, KernelPathProgram.class);
    assertEquals(0, outcome.status(), outcome.toString());
    assertEquals(List.of(path, vectors), outcome.lines());
    assertEquals(1, outcome.complaints().size(), outcome.toString());
    assertEquals(
        "WARNING: xlstm4j " + warning + ": start Java with " + flag,
        outcome.complaints().getFirst());
  }
}
