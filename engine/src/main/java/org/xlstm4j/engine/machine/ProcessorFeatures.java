package org.xlstm4j.engine.machine;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.engine.machine.code.MachineLevel;
import org.xlstm4j.engine.machine.x86.ProcessorQuery;

/**
 * What the processor and the system offer, as {@code cpuid} and {@code xgetbv} tell it: the bits
 * are those of Intel's Software Developer's Manual, volume 2, on {@code CPUID}.
 *
 * @param leaf1 ECX of leaf 1
 * @param leaf7 EBX of leaf 7
 * @param leaf7More ECX of leaf 7
 * @param leaf7Last EDX of leaf 7
 * @param leaf7Second EAX of leaf 7, part 1
 * @param savedState the registers that the system saves when it switches threads
 */
record ProcessorFeatures(
    int leaf1, int leaf7, int leaf7More, int leaf7Last, int leaf7Second, long savedState) {
  private static final int FMA = 1 << 12;
  private static final int SYSTEM_SAVES = 1 << 27;
  private static final int AVX = 1 << 28;
  private static final int F16C = 1 << 29;

  private static final int AVX2 = 1 << 5;
  private static final int AVX512F = 1 << 16;
  private static final int AVX512DQ = 1 << 17;
  private static final int AVX512BW = 1 << 30;
  private static final int AVX512VL = 1 << 31;

  private static final int AVX512_VNNI = 1 << 11;
  private static final int AVX_VNNI = 1 << 4;

  private static final int AMX_BF16 = 1 << 22;
  private static final int AMX_TILE = 1 << 24;
  private static final int AMX_INT8 = 1 << 25;

  /** Bits of {@code savedState}: 128-bit registers, upper halves of 256-bit ones. */
  private static final int YMM_STATE = 0b110;

  /** Masks and the upper parts of 512-bit registers besides. */
  private static final int ZMM_STATE = 0b1110_0110;

  /** The configuration of tiles and their data. */
  private static final int TILE_STATE = 0b11 << 17;

  /** Asks the processor that runs this. */
  static ProcessorFeatures ofProcessor() {
    MemorySegment[] codes =
        CodeMemory.executable(
            List.of(ProcessorQuery.identification(), ProcessorQuery.systemSupport()));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment answer = arena.allocate(ValueLayout.JAVA_LONG, 4);
      int leaves = ask(codes[0], answer, 0, 0, 0);
      int leaf1 = ask(codes[0], answer, 1, 0, 2);
      boolean more = leaves >= 7;
      return new ProcessorFeatures(
          leaf1,
          more ? ask(codes[0], answer, 7, 0, 1) : 0,
          more ? ask(codes[0], answer, 7, 0, 2) : 0,
          more ? ask(codes[0], answer, 7, 0, 3) : 0,
          more ? ask(codes[0], answer, 7, 1, 0) : 0,
          (leaf1 & SYSTEM_SAVES) == 0
              ? 0
              : NativeCall.call(codes[1], MemorySegment.NULL, 0, 0, 0, 0, 0));
    }
  }

  /** One of EAX, EBX, ECX and EDX. */
  private static int ask(
      MemorySegment identification, MemorySegment answer, int leaf, int part, int register) {
    NativeCall.call(identification, answer, leaf, part, 0, 0, 0);
    return (int) answer.getAtIndex(ValueLayout.JAVA_LONG, register);
  }

  /** The highest level that there is; null if there is none. */
  @Nullable MachineLevel level() {
    if (!has(leaf1, FMA | AVX | F16C) || !has(leaf7, AVX2) || !saves(YMM_STATE)) {
      return null;
    } else if (!has(leaf7, AVX512F | AVX512DQ | AVX512BW | AVX512VL) || !saves(ZMM_STATE)) {
      return has(leaf7Second, AVX_VNNI) ? MachineLevel.AVX_VNNI : MachineLevel.AVX2;
    }
    if (!has(leaf7More, AVX512_VNNI)) {
      return MachineLevel.AVX512;
    }
    boolean tiles = has(leaf7Last, AMX_TILE | AMX_INT8 | AMX_BF16) && saves(TILE_STATE);
    return tiles ? MachineLevel.AMX : MachineLevel.AVX512_VNNI;
  }

  private static boolean has(int bits, int wanted) {
    return (bits & wanted) == wanted;
  }

  private boolean saves(int state) {
    return (savedState & state) == state;
  }
}
