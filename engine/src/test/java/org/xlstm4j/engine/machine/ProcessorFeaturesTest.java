package org.xlstm4j.engine.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.xlstm4j.engine.machine.code.InstructionSet;
import org.xlstm4j.engine.machine.code.MachineLevel;

/** Levels of processors that are made up, and of this one. */
class ProcessorFeaturesTest {
  /** Bits of ECX of leaf 1: FMA, OSXSAVE, AVX, F16C. */
  private static final int LEAF1 = 1 << 12 | 1 << 27 | 1 << 28 | 1 << 29;

  /** Bits of EBX of leaf 7. */
  private static final int AVX2 = 1 << 5;

  private static final int AVX512F = 1 << 16;
  private static final int AVX512 = AVX2 | AVX512F | 1 << 17 | 1 << 30 | 1 << 31;

  /** A bit of ECX of leaf 7. */
  private static final int AVX512_VNNI = 1 << 11;

  /** A bit of EAX of leaf 7, part 1. */
  private static final int AVX_VNNI = 1 << 4;

  /** Bits of EDX of leaf 7: the three parts of AMX. */
  private static final int AMX = 1 << 22 | 1 << 24 | 1 << 25;

  private static final long YMM = 0b111;
  private static final long ZMM = 0b1110_0111;
  private static final long TILES = ZMM | 0b11 << 17;

  @Test
  void levelsFollowFromFeatures() {
    assertEquals(MachineLevel.AVX2, new ProcessorFeatures(LEAF1, AVX2, 0, 0, 0, YMM).level());
    assertEquals(
        MachineLevel.AVX_VNNI, new ProcessorFeatures(LEAF1, AVX2, 0, 0, AVX_VNNI, YMM).level());
    assertEquals(MachineLevel.AVX512, new ProcessorFeatures(LEAF1, AVX512, 0, 0, 0, ZMM).level());
    assertEquals(
        MachineLevel.AVX512, new ProcessorFeatures(LEAF1, AVX512, 0, 0, AVX_VNNI, ZMM).level());
    assertEquals(
        MachineLevel.AVX512_VNNI,
        new ProcessorFeatures(LEAF1, AVX512, AVX512_VNNI, AMX, 0, ZMM).level(),
        "the system does not save tiles");
    assertEquals(
        MachineLevel.AVX512_VNNI,
        new ProcessorFeatures(LEAF1, AVX512, AVX512_VNNI, AMX & ~(1 << 25), 0, TILES).level());
    assertEquals(
        MachineLevel.AMX, new ProcessorFeatures(LEAF1, AVX512, AVX512_VNNI, AMX, 0, TILES).level());
    assertEquals(MachineLevel.AMX, new ProcessorFeatures(-1, -1, -1, -1, -1, -1).level());
  }

  @Test
  void withoutAnyOfTheLeastFeaturesThereIsNoLevel() {
    assertNull(new ProcessorFeatures(0, 0, 0, 0, 0, 0).level());
    assertNull(new ProcessorFeatures(-1, -1 & ~AVX2, -1, -1, -1, -1).level());
    for (int bit : new int[] {12, 28, 29}) {
      assertNull(new ProcessorFeatures(~(1 << bit), -1, -1, -1, -1, -1).level(), "bit " + bit);
    }
    for (int bit = 1; bit <= 2; bit++) {
      assertNull(new ProcessorFeatures(-1, -1, -1, -1, -1, ~(1L << bit)).level(), "state " + bit);
    }
  }

  /** Then there is the level below. */
  @Test
  void allPartsOfAvx512AreNeeded() {
    for (int bit : new int[] {16, 17, 30, 31}) {
      int leaf7 = AVX512 & ~(1 << bit);
      ProcessorFeatures features = new ProcessorFeatures(LEAF1, leaf7, AVX512_VNNI, 0, 0, ZMM);
      assertEquals(MachineLevel.AVX2, features.level(), "bit " + bit);
    }
    for (int bit = 5; bit <= 7; bit++) {
      long state = ZMM & ~(1L << bit);
      ProcessorFeatures features =
          new ProcessorFeatures(LEAF1, AVX512, AVX512_VNNI, 0, AVX_VNNI, state);
      assertEquals(MachineLevel.AVX_VNNI, features.level(), "state " + bit);
    }
  }

  @Test
  void capsChooseLevelsThatThereAre() {
    for (MachineLevel level : MachineLevel.values()) {
      boolean isX86 = level.instructionSet() == InstructionSet.X86_64;
      MachineLevel least = isX86 ? MachineLevel.AVX2 : MachineLevel.NEON;
      MachineLevel most = isX86 ? MachineLevel.AMX : MachineLevel.NEON_I8MM;
      assertEquals(level, level.atMost(level));
      assertEquals(least, level.atMost(least));
      assertEquals(level, level.atMost(most));
      assertEquals(Optional.of(level), MachineLevel.of(level.toString()));
    }
    assertEquals(MachineLevel.AVX512_VNNI, MachineLevel.AMX.atMost(MachineLevel.AVX512_VNNI));
    assertEquals(MachineLevel.AVX512, MachineLevel.AVX512_VNNI.atMost(MachineLevel.AVX512));
    assertEquals(MachineLevel.AVX_VNNI, MachineLevel.AVX_VNNI.atMost(MachineLevel.AVX512));
    assertEquals(
        MachineLevel.AVX2,
        MachineLevel.AVX512_VNNI.atMost(MachineLevel.AVX_VNNI),
        "what has AVX-512 need not have AVX-VNNI");
    assertEquals(Optional.empty(), MachineLevel.of("sse9"));
  }

  /** Linux asks the processor too, and its own settings. */
  @Test
  @EnabledOnOs(value = OS.LINUX, architectures = "amd64")
  void thisProcessorHasWhatTheSystemSays() throws Exception {
    assumeFalse(Execution.natives().isEmpty(), "a processor without machine code");
    List<String> flags =
        Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
            .filter(line -> line.startsWith("flags"))
            .findFirst()
            .map(line -> List.of(line.split("\\s+")))
            .orElseThrow();
    boolean avx512 = flags.containsAll(List.of("avx512f", "avx512dq", "avx512bw", "avx512vl"));
    MachineLevel expected =
        avx512 && flags.containsAll(List.of("avx512_vnni", "amx_tile", "amx_int8", "amx_bf16"))
            ? MachineLevel.AMX
            : avx512 && flags.contains("avx512_vnni")
                ? MachineLevel.AVX512_VNNI
                : avx512
                    ? MachineLevel.AVX512
                    : flags.contains("avx_vnni") ? MachineLevel.AVX_VNNI : MachineLevel.AVX2;
    assertEquals(expected, ProcessorFeatures.ofProcessor().level());
  }
}
