package org.xlstm4j.engine.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.xlstm4j.engine.kernels.TileKernels;
import org.xlstm4j.engine.machine.code.Code;
import org.xlstm4j.engine.machine.code.KernelCode;

/** Kernels of dense products and of packing at all levels: every bit. */
@Tag("slow")
class TileListingTest {
  private static final int ROWS = TileKernels.ROWS;
  private static final int COLUMNS = TileKernels.COLUMNS;
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  static List<Execution> executions() {
    List<Execution> all = Execution.ofVectors();
    all.addAll(Execution.interpreted(Execution.Way.INTERPRETED_AS_ON_WINDOWS));
    return all;
  }

  @ParameterizedTest
  @MethodSource("executions")
  void sumsByDepth(Execution execution) {
    for (int depth : new int[] {1, 2, 4, 7, 21, 256, 515}) {
      checkTiles(execution, depth, 1 + depth % 3, false, Room.behindLine(4));
      checkTiles(execution, depth, 1 + depth % 3, true, Room.behindLine(4));
    }
  }

  @ParameterizedTest
  @MethodSource("executions")
  void sumsRowsByDepth(Execution execution) {
    for (int depth : new int[] {1, 2, 4, 7, 21, 64}) {
      checkRowTiles(execution, depth, Room.behindLine(4));
    }
  }

  @ParameterizedTest
  @MethodSource("executions")
  void packsColumns(Execution execution) {
    for (int columns : new int[] {4, 8, 12, 40}) {
      checkPack(execution, columns, ROWS, Room.behindLine(4));
      checkPack(execution, columns, COLUMNS, Room.behindLine(4));
    }
  }

  @ParameterizedTest
  @MethodSource("executions")
  void packsPanels(Execution execution) {
    for (int columns : new int[] {4, 40, 64, 68, 132}) {
      checkPackPanel(execution, columns, Room.behindLine(4));
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void touchesNothingElse() {
    for (Room room : List.of(new GuardedRoom(false, 3), new GuardedRoom(true, 3))) {
      for (Execution execution : Execution.natives()) {
        for (int depth = 1; depth < 300; depth += 7) {
          checkTiles(execution, depth, 1 + depth % 3, depth % 2 == 0, room);
          checkRowTiles(execution, depth, room);
        }
        for (int columns = 4; columns < 80; columns += 4) {
          checkPack(execution, columns, ROWS, room);
          checkPackPanel(execution, columns, room);
        }
      }
    }
  }

  /** A check that lets a missing instruction pass would let a wrong processor pass. */
  @Test
  void theCheckFindsMissingInstructions() {
    for (Execution execution : Execution.natives()) {
      List<Code> right = MachineTileKernels.listings(execution.code());
      assertTrue(ManyTokensCheck.tilesAreRight(MachineTileKernels.of(right)));
      for (int i = 0; i < right.size(); i++) {
        List<Code> listings = new ArrayList<>(right);
        for (Object missing : MissingInstruction.candidates(right.get(i))) {
          listings.set(i, MissingInstruction.without(right.get(i), missing));
          assertFalse(
              ManyTokensCheck.tilesAreRight(MachineTileKernels.of(listings)), "without " + missing);
        }
      }
    }
  }

  /** Sums that start at what out holds, or at the row behind b. */
  static void checkTiles(
      Execution execution, int depth, int count, boolean startsBehind, Room room) {
    Random random = new Random(depth);
    int stride = COLUMNS + depth % 5;
    int aStride = depth * ROWS + depth % 3;
    int outFloats = (count * ROWS - 1) * stride + COLUMNS;
    MemorySegment a = floats(random, (count - 1) * aStride + depth * ROWS, room);
    MemorySegment b = floats(random, (startsBehind ? depth + 1 : depth) * COLUMNS, room);
    MemorySegment out = floats(random, outFloats, room);
    float[] expected = out.toArray(FLOAT);
    for (int row = 0; row < count * ROWS; row++) {
      for (int column = 0; column < COLUMNS; column++) {
        int at = row * stride + column;
        if (startsBehind) {
          expected[at] = b.getAtIndex(FLOAT, depth * COLUMNS + column);
        }
        for (int d = 0; d < depth; d++) {
          float factor = a.getAtIndex(FLOAT, row / ROWS * aStride + d * ROWS + row % ROWS);
          expected[at] = Math.fma(factor, b.getAtIndex(FLOAT, d * COLUMNS + column), expected[at]);
        }
      }
    }
    Code code = execution.listing(() -> execution.code().tiles());
    long counts = ArrayRows.halves(depth, count) | (startsBehind ? Long.MIN_VALUE : 0);
    long strides = ArrayRows.halves(stride, aStride);
    execution.callArrays(code, List.of(a, b), List.of(out), List.of(a, b, out), counts, strides);
    check(expected, out);
  }

  static void checkRowTiles(Execution execution, int depth, Room room) {
    int count = 1 + depth % 3;
    Random random = new Random(depth);
    MemorySegment a = floats(random, count * ROWS * depth, room);
    MemorySegment b = floats(random, depth * COLUMNS, room);
    MemorySegment out = floats(random, count * ROWS * COLUMNS, room);
    float[] expected = out.toArray(FLOAT);
    for (int at = 0; at < expected.length; at++) {
      for (int d = 0; d < depth; d++) {
        float factor = a.getAtIndex(FLOAT, at / COLUMNS * depth + d);
        float value = b.getAtIndex(FLOAT, d * COLUMNS + at % COLUMNS);
        expected[at] = Math.fma(factor, value, expected[at]);
      }
    }
    Code code = execution.listing(() -> execution.code().rowTiles());
    long counts = ArrayRows.halves(depth, count);
    execution.callArrays(code, List.of(a, b), List.of(out), List.of(a, b, out), counts, 1 << 20);
    check(expected, out);
  }

  static void checkPack(Execution execution, int columns, int outStride, Room room) {
    for (int stride : new int[] {columns + 3, -columns - 3}) {
      int first = stride < 0 ? -(ROWS - 1) * stride : 0;
      int floats = (ROWS - 1) * Math.abs(stride) + columns;
      MemorySegment x = floats(new Random(columns), floats, room);
      MemorySegment out = floats(new Random(7), (columns - 1) * outStride + ROWS, room);
      float[] expected = out.toArray(FLOAT);
      for (int column = 0; column < columns; column++) {
        for (int row = 0; row < ROWS; row++) {
          expected[column * outStride + row] = x.getAtIndex(FLOAT, first + row * stride + column);
        }
      }
      Code code = execution.listing(execution.code()::pack);
      MemorySegment begin = x.asSlice((long) first * Float.BYTES);
      long counts = ArrayRows.halves(columns / KernelCode.PACKED_COLUMNS, outStride);
      execution.callArrays(
          code,
          List.of(x),
          List.of(out),
          List.of(begin, out, out),
          counts,
          (long) stride * Float.BYTES);
      check(expected, out);
      room.take(0);
    }
  }

  static void checkPackPanel(Execution execution, int columns, Room room) {
    int stride = columns + 3;
    MemorySegment x = floats(new Random(columns), (COLUMNS - 1) * stride + columns, room);
    MemorySegment out = floats(new Random(7), columns * COLUMNS, room);
    float[] expected = out.toArray(FLOAT);
    for (int i = 0; i < expected.length; i++) {
      expected[i] = x.getAtIndex(FLOAT, i % COLUMNS * stride + i / COLUMNS);
    }
    Code code = execution.listing(execution.code()::packPanel);
    execution.callArrays(
        code,
        List.of(x),
        List.of(out),
        List.of(x, out, out),
        columns / KernelCode.PACKED_COLUMNS,
        (long) stride * Float.BYTES);
    check(expected, out);
    room.take(0);
  }

  private static MemorySegment floats(Random random, int count, Room room) {
    MemorySegment segment = room.take((long) count * Float.BYTES);
    for (int i = 0; i < count; i++) {
      segment.setAtIndex(FLOAT, i, (float) random.nextGaussian());
    }
    return segment;
  }

  private static void check(float[] expected, MemorySegment found) {
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], found.getAtIndex(FLOAT, i), "at " + i);
    }
  }
}
