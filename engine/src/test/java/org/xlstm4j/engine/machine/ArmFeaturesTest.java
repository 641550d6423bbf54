package org.xlstm4j.engine.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.xlstm4j.engine.machine.code.MachineLevel;

/** Levels of processors of AArch64 that are made up, and of this one. */
class ArmFeaturesTest {
  private static final long ASIMDDP = 1 << 20;
  private static final long I8MM = 1 << 13;

  @Test
  void levelsFollowFromFeatures() {
    assertEquals(MachineLevel.NEON, new ArmFeatures(0, 0).level());
    assertEquals(MachineLevel.NEON, new ArmFeatures(~ASIMDDP, -1).level());
    assertEquals(MachineLevel.NEON_DOTPROD, new ArmFeatures(ASIMDDP, 0).level());
    assertEquals(MachineLevel.NEON_DOTPROD, new ArmFeatures(-1, ~I8MM).level());
    assertEquals(MachineLevel.NEON_I8MM, new ArmFeatures(ASIMDDP, I8MM).level());
  }

  /** Linux says the same in words. */
  @Test
  @EnabledOnOs(value = OS.LINUX, architectures = "aarch64")
  void thisProcessorHasWhatTheSystemSays() throws Exception {
    List<String> features =
        Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
            .filter(line -> line.startsWith("Features"))
            .findFirst()
            .map(line -> List.of(line.split("\\s+")))
            .orElseThrow();
    MachineLevel expected =
        !features.contains("asimddp")
            ? MachineLevel.NEON
            : features.contains("i8mm") ? MachineLevel.NEON_I8MM : MachineLevel.NEON_DOTPROD;
    assertEquals(expected, ArmFeatures.ofProcessor().level());
  }
}
