package org.xlstm4j.engine.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.xlstm4j.engine.machine.code.Code;
import org.xlstm4j.engine.machine.code.MachineLevel;
import org.xlstm4j.engine.machine.code.SplitTileCode;

/** The kernels of split tiles, interpreted and on this machine, step by step and together. */
class SplitTilesTest {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;

  /** Of the sum of all products' magnitudes. */
  private static final double ROUNDING = 0x1p-21;

  private static final int SPLIT = 0;
  private static final int TRANSPOSE = 1;
  private static final int STORED_ROWS = 2;
  private static final int SPLIT_ROWS = 3;

  static List<Execution> executions() {
    List<Execution> all = Execution.all();
    all.addAll(Execution.interpreted(Execution.Way.INTERPRETED_AS_ON_WINDOWS));
    all.removeIf(execution -> !execution.level().hasTiles());
    return all;
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("executions")
  void threePartsAreTheFloat(Execution execution) {
    Random random = new Random(3);
    for (int rows : new int[] {1, 5, 16}) {
      for (int columns : new int[] {32, 96}) {
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) Math.scalb(random.nextGaussian(), random.nextInt(200) - 100);
        }
        check(values, rows, columns, split(execution, values, rows, columns, Room.behindLine(4)));
      }
    }
  }

  /** The parts of a number next to each other are those of its neighbors, row after row. */
  private static void check(float[] values, int rows, int columns, MemorySegment tile) {
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        float sum = 0;
        for (int part = SplitTileCode.PARTS - 1; part >= 0; part--) {
          sum += part(tile, row, column, part);
        }
        assertEquals(values[row * columns + column], sum);
      }
    }
  }

  private static float part(MemorySegment tile, int row, int column, int part) {
    long at = column / 32 * 3072L + part * 1024L + row * 64L + column % 32 * 2L;
    return Float.intBitsToFloat(tile.get(SHORT, at) << 16);
  }

  private static MemorySegment split(
      Execution execution, float[] values, int rows, int columns, Room room) {
    int stride = columns + 3;
    MemorySegment x = room.take(4L * ((rows - 1) * stride + columns));
    for (int i = 0; i < values.length; i++) {
      x.set(FLOAT, 4L * (i / columns * stride + i % columns), values[i]);
    }
    MemorySegment tile = room.take(SplitTiles.tileBytes(columns)).fill((byte) 0);
    execution.callArrays(
        kernel(execution, SPLIT),
        List.of(x),
        List.of(tile),
        List.of(x, x, tile),
        ArrayRows.halves(columns / 32, rows),
        4L * stride);
    return tile;
  }

  private static Code kernel(Execution execution, int index) {
    return execution.listing(() -> SplitTiles.listings(execution.code()).get(index));
  }

  private static MemorySegment transposed(Execution execution, MemorySegment tiles, Room room) {
    MemorySegment target = room.take(tiles.byteSize());
    execution.call(
        kernel(execution, TRANSPOSE),
        List.of(tiles),
        List.of(target),
        tiles.address(),
        0,
        target.address(),
        tiles.byteSize() / SplitTileCode.PART_BYTES,
        0,
        0);
    return target;
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("executions")
  void rowsBecomeColumns(Execution execution) {
    MemorySegment tiles = Room.behindLine(0).take(2L * SplitTileCode.PART_BYTES);
    for (int i = 0; i < tiles.byteSize() / 4; i++) {
      tiles.setAtIndex(INT, i, i);
    }
    MemorySegment found = transposed(execution, tiles, Room.behindLine(4));
    for (int i = 0; i < tiles.byteSize() / 4; i++) {
      assertEquals(i / 256 * 256 + i % 16 * 16 + i / 16 % 16, found.get(INT, 4L * i));
    }
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("executions")
  void panelsAreMultiplied(Execution execution) {
    for (int columns : new int[] {32, 64, 160}) {
      for (int panels = 1; panels <= 3; panels++) {
        checkProducts(execution, columns, panels, Room.behindLine(2));
      }
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void touchesNothingElse() {
    for (boolean behind : new boolean[] {false, true}) {
      for (Execution execution : Execution.natives()) {
        if (execution.level().hasTiles()) {
          for (int columns = 32; columns <= 128; columns += 32) {
            split(execution, new float[7 * columns], 7, columns, new GuardedRoom(behind, 2));
            checkProducts(execution, columns, 2, new GuardedRoom(behind, 8));
          }
        }
      }
    }
  }

  private static void checkProducts(Execution execution, int columns, int panels, Room room) {
    Random random = new Random(columns + panels);
    int rows = 32 * panels;
    float[][] x = random(random, 32, columns);
    float[][] w = random(random, rows, columns);
    MemorySegment tokens = room.take(2 * SplitTiles.tileBytes(columns));
    for (int tile = 0; tile < 2; tile++) {
      MemorySegment rowsOfTile = splitTile(execution, x, tile, columns);
      MemorySegment found = transposed(execution, rowsOfTile, Room.behindLine(0));
      tokens.asSlice(tile * found.byteSize(), found.byteSize()).copyFrom(found);
    }
    MemorySegment splitWeights = room.take(2L * panels * SplitTiles.tileBytes(columns));
    for (int tile = 0; tile < 2 * panels; tile++) {
      MemorySegment found = splitTile(execution, w, tile, columns);
      splitWeights.asSlice(tile * found.byteSize(), found.byteSize()).copyFrom(found);
    }
    long distance = SplitTiles.tileBytes(columns);
    check(
        w,
        x,
        product(execution, SPLIT_ROWS, splitWeights, tokens, columns, panels, distance, room));
    MemorySegment stored = room.take(2L * rows * columns);
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        short upper = (short) (Float.floatToRawIntBits(w[row][column]) >> 16);
        stored.set(SHORT, 2L * (row * columns + column), upper);
        w[row][column] = Float.intBitsToFloat(upper << 16);
      }
    }
    check(
        w, x, product(execution, STORED_ROWS, stored, tokens, columns, panels, 2L * columns, room));
  }

  private static MemorySegment product(
      Execution execution,
      int kernel,
      MemorySegment weights,
      MemorySegment tokens,
      int columns,
      int panels,
      long distance,
      Room room) {
    MemorySegment sums = room.take((long) panels * SplitTiles.SUM_BYTES).fill((byte) -1);
    execution.call(
        kernel(execution, kernel),
        List.of(weights, tokens),
        List.of(sums),
        weights.address() - 8,
        tokens.address(),
        sums.address(),
        ArrayRows.halves(columns / 32, panels),
        distance,
        8);
    return sums;
  }

  private static MemorySegment splitTile(
      Execution execution, float[][] values, int tile, int columns) {
    float[] some = new float[16 * columns];
    for (int row = 0; row < 16; row++) {
      System.arraycopy(values[16 * tile + row], 0, some, row * columns, columns);
    }
    return split(execution, some, 16, columns, Room.behindLine(0));
  }

  private static float[][] random(Random random, int rows, int columns) {
    float[][] values = new float[rows][columns];
    for (float[] row : values) {
      for (int i = 0; i < columns; i++) {
        row[i] = (float) random.nextGaussian();
      }
    }
    return values;
  }

  private static void check(float[][] w, float[][] x, MemorySegment sums) {
    for (int row = 0; row < w.length; row++) {
      for (int token = 0; token < x.length; token++) {
        double sum = 0;
        double magnitude = 0;
        for (int column = 0; column < w[row].length; column++) {
          double product = (double) w[row][column] * x[token][column];
          sum += product;
          magnitude += Math.abs(product);
        }
        float found = sums.get(FLOAT, 4L * (32 * row + token));
        assertEquals(sum, found, ROUNDING * magnitude, "row " + row + " token " + token);
      }
    }
  }

  /** A check that lets a missing instruction pass would let a wrong processor pass. */
  @Test
  void theCheckFindsMissingInstructions() {
    MachineLevel level = Machine.ofProcess().level();
    if (level == null || !level.hasTiles()) {
      return;
    }
    List<Code> right = SplitTiles.listings(Machine.code(level));
    assertTrue(SplitTilesCheck.isRight(SplitTiles.of(right)));
    for (int kernel = 0; kernel < right.size(); kernel++) {
      for (Object missing : MissingInstruction.candidates(right.get(kernel))) {
        List<Code> wrong = new ArrayList<>(right);
        wrong.set(kernel, MissingInstruction.without(right.get(kernel), missing));
        assertFalse(SplitTilesCheck.isRight(SplitTiles.of(wrong)), kernel + " without " + missing);
      }
    }
  }
}
