package org.xlstm4j.engine.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.xlstm4j.engine.kernels.PanelKernels;
import org.xlstm4j.engine.kernels.scalar.ScalarKernels;
import org.xlstm4j.engine.machine.code.Code;
import org.xlstm4j.engine.machine.code.KernelCode;
import org.xlstm4j.engine.machine.code.WeightFormat;

/** Kernels that unpack and widen weights and that walk over grids, at all levels: every bit. */
@Tag("slow")
class ManyTokensListingTest {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
  private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;

  static List<Execution> executions() {
    List<Execution> all = Execution.ofVectors();
    all.addAll(Execution.interpreted(Execution.Way.INTERPRETED_AS_ON_WINDOWS));
    return all;
  }

  @ParameterizedTest
  @MethodSource("executions")
  void unpacksBlocks(Execution execution) {
    for (int blocks : new int[] {1, 3}) {
      checkUnpacking(execution, blocks, Room.behindLine(6));
    }
  }

  @ParameterizedTest
  @MethodSource("executions")
  void widensOddLengths(Execution execution) {
    for (int length : new int[] {1, 7, 8, 9, 15, 16, 17, 31, 33, 64, 83}) {
      checkWidening(execution, length, Room.behindLine(2));
    }
  }

  @ParameterizedTest
  @MethodSource("executions")
  void addsRowsOfGrids(Execution execution) {
    for (int channels : new int[] {1, 7, 8, 9, 16, 31, 48}) {
      for (int length : new int[] {1, 2, 5}) {
        checkGrid(execution, length, channels, Room.behindLine(4));
      }
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void touchesNothingElse() {
    for (Room room : List.of(new GuardedRoom(false, 3), new GuardedRoom(true, 3))) {
      for (Execution execution : Execution.natives()) {
        checkUnpacking(execution, 2, room);
        for (int size = 1; size < 70; size++) {
          checkWidening(execution, size, room);
          checkGrid(execution, 1 + size % 4, size, room);
        }
      }
    }
  }

  /** A check that lets a missing instruction pass would let a wrong processor pass. */
  @Test
  void theChecksFindMissingInstructions() {
    for (Execution execution : Execution.natives()) {
      KernelCode kernels = execution.code();
      Code q8 = kernels.unpack(WeightFormat.Q8);
      Code q4 = kernels.unpack(WeightFormat.Q4);
      checkFinds(q8, k -> ManyTokensCheck.unpackingIsRight(MachineUnpackKernels.of(k, q4)));
      checkFinds(q4, k -> ManyTokensCheck.unpackingIsRight(MachineUnpackKernels.of(q8, k)));
      Code bf16 = kernels.widen(WeightFormat.BF16);
      Code f16 = kernels.widen(WeightFormat.F16);
      checkFinds(bf16, k -> ManyTokensCheck.halvesAreRight(MachineHalfKernels.of(k, f16)));
      checkFinds(f16, k -> ManyTokensCheck.halvesAreRight(MachineHalfKernels.of(bf16, k)));
      checkFinds(kernels.grid(), k -> ManyTokensCheck.gridsAreRight(MachineGridKernels.of(k)));
    }
  }

  private static void checkFinds(Code kernel, Predicate<Code> check) {
    assertTrue(check.test(kernel));
    for (Object missing : MissingInstruction.candidates(kernel)) {
      assertFalse(check.test(MissingInstruction.without(kernel, missing)), "without " + missing);
    }
  }

  static void checkUnpacking(Execution execution, int blocks, Room room) {
    for (boolean q4 : new boolean[] {false, true}) {
      int blockBytes = q4 ? PanelKernels.Q4_BLOCK : PanelKernels.Q8_BLOCK;
      MemorySegment weights = shorts(blocks * blockBytes / Short.BYTES, room);
      int floats = blocks * PanelKernels.ROWS * PanelKernels.COLUMNS;
      MemorySegment panel = floats(floats, room);
      float[] expected = new float[floats];
      if (q4) {
        ScalarKernels.unpacking().q4(weights, 0, blocks, expected);
      } else {
        ScalarKernels.unpacking().q8(weights, 0, blocks, expected);
      }
      Code code =
          execution.listing(() -> execution.code().unpack(q4 ? WeightFormat.Q4 : WeightFormat.Q8));
      execution.callArrays(
          code, List.of(weights), List.of(panel), List.of(weights, panel, panel), blocks, 0);
      check(expected, panel);
      room.take(0);
    }
  }

  static void checkWidening(Execution execution, int length, Room room) {
    for (boolean bf16 : new boolean[] {false, true}) {
      MemorySegment weights = shorts(length, room);
      MemorySegment target = floats(length, room);
      float[] expected = new float[length];
      for (int i = 0; i < length; i++) {
        short half = weights.getAtIndex(SHORT, i);
        expected[i] = bf16 ? Float.intBitsToFloat(half << 16) : Float.float16ToFloat(half);
      }
      Code code =
          execution.listing(
              () -> execution.code().widen(bf16 ? WeightFormat.BF16 : WeightFormat.F16));
      execution.callArrays(
          code, List.of(weights), List.of(target), List.of(weights, target, target), length, 0);
      check(expected, target);
      room.take(0);
    }
  }

  static void checkGrid(Execution execution, int length, int channels, Room room) {
    int xStride = channels + 2;
    int yStride = channels + 1;
    MemorySegment x = floats((length - 1) * xStride + channels, room);
    MemorySegment w = floats(3 * channels, room);
    MemorySegment y = floats((length - 1) * yStride + channels, room);
    float[] expected = y.toArray(FLOAT);
    for (int q = 0; q < length; q++) {
      for (int c = 0; c < channels; c++) {
        for (int tap = 0; tap < 3; tap++) {
          int token = q + tap - 1;
          if (token >= 0 && token < length) {
            float weight = w.getAtIndex(FLOAT, tap * channels + c);
            float value = x.getAtIndex(FLOAT, token * xStride + c);
            int at = q * yStride + c;
            expected[at] = Math.fma(weight, value, expected[at]);
          }
        }
      }
    }
    Code code = execution.listing(() -> execution.code().grid());
    long counts = ArrayRows.halves(channels, length);
    long strides = ArrayRows.halves(xStride, yStride);
    execution.callArrays(code, List.of(x, w), List.of(y), List.of(x, w, y), counts, strides);
    check(expected, y);
  }

  private static MemorySegment shorts(int count, Room room) {
    Random random = new Random(count);
    MemorySegment segment = room.take((long) count * Short.BYTES);
    for (int i = 0; i < count; i++) {
      segment.setAtIndex(SHORT, i, (short) random.nextInt());
    }
    return segment;
  }

  private static MemorySegment floats(int count, Room room) {
    Random random = new Random(count);
    MemorySegment segment = room.take((long) count * Float.BYTES);
    for (int i = 0; i < count; i++) {
      segment.setAtIndex(FLOAT, i, (float) random.nextGaussian());
    }
    return segment;
  }

  /** All NaN are the same. */
  private static void check(float[] expected, MemorySegment found) {
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], found.getAtIndex(FLOAT, i), "at " + i);
    }
  }
}
