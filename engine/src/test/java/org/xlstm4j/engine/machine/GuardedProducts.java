package org.xlstm4j.engine.machine;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.xlstm4j.engine.kernels.PanelKernels;
import org.xlstm4j.engine.machine.code.WeightFormat;

/**
 * Runs the kernels of this machine with operands next to pages that nobody may touch, in a JVM that
 * a stray access ends. Prints how many calls came back with the right results.
 */
final class GuardedProducts {
  /** The argument that asks for a row more than there is. */
  static final String STRAY = "stray";

  private GuardedProducts() {}

  public static void main(String[] args) {
    if (args.length > 0) {
      stray();
    }
    int calls = 0;
    for (boolean behind : new boolean[] {true, false}) {
      Room room = new GuardedRoom(behind, 3);
      for (Execution execution : Execution.natives()) {
        calls += products(execution, room);
      }
      calls += tokenKernels(Execution.natives().getFirst(), room);
    }
    System.out.println(calls + " calls");
  }

  private static int products(Execution execution, Room room) {
    int calls = 0;
    for (WeightFormat format : WeightFormat.values()) {
      for (int columns = 1; columns <= 70; columns++) {
        for (int count : execution.tokenCounts(format)) {
          int rows = 1 + (columns + count) % 10;
          int width = columns;
          if (format.isQuantized()) {
            rows = 32 * (1 + rows % 3);
            width = 32 * (1 + columns % 3);
          }
          TestMatrix matrix = TestMatrix.random(format, rows, width, room);
          Product product = new Product(matrix, TestTokens.random(count, width));
          product.check(product.multiply(execution, 0, rows, room));
          calls++;
        }
      }
    }
    return calls;
  }

  private static int tokenKernels(Execution execution, Room room) {
    for (int columns = 1; columns <= 70; columns++) {
      TestTokens tokens = TestTokens.random(1, columns);
      // of the values only those that are read, so that they end at the guard
      int blocks = PanelKernels.blocks(columns);
      MemorySegment blockValues = some(tokens.plain(Room.behindLine(0)), 128L * blocks, room);
      MemorySegment quantized = room.take(48L * blocks);
      execution.call(
          execution.code().activationQuantizer(),
          List.of(),
          List.of(),
          blockValues.address(),
          0,
          quantized.address(),
          blocks,
          48,
          0);
      check(tokens.quantized(Room.behindLine(0)), quantized);

      int pieces = (columns + 15) / 16;
      MemorySegment values = some(tokens.plain(Room.behindLine(0)), 64L * pieces, room);
      MemorySegment even = room.take(32L * pieces);
      MemorySegment odd = room.take(32L * pieces);
      execution.call(
          execution.code().columnSplitter(),
          List.of(),
          List.of(),
          values.address(),
          0,
          even.address(),
          odd.address(),
          pieces,
          0);
      MemorySegment split = tokens.split(Room.behindLine(0));
      check(split.asSlice(0, even.byteSize()), even);
      check(split.asSlice(split.byteSize() / 2, odd.byteSize()), odd);
      room.take(0);
    }
    return 140;
  }

  private static MemorySegment some(MemorySegment from, long bytes, Room room) {
    return room.take(bytes).copyFrom(from.asSlice(0, bytes));
  }

  private static void check(MemorySegment expected, MemorySegment found) {
    if (expected.mismatch(found) != -1) {
      throw new AssertionError("different at " + expected.mismatch(found));
    }
  }

  private static void stray() {
    Room room = new GuardedRoom(false, 3);
    TestMatrix matrix = TestMatrix.random(WeightFormat.F32, 3, 16, room);
    new Product(matrix, TestTokens.random(1, 16))
        .multiply(Execution.natives().getFirst(), 1, 3, room);
  }
}
