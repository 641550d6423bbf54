package org.xlstm4j.engine.machine;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.xlstm4j.engine.kernels.MlstmTokens;
import org.xlstm4j.engine.machine.code.KernelCode;
import org.xlstm4j.engine.machine.code.MatrixMemoryArguments;

/**
 * What {@link KernelCode#matrixMemory} reads and writes besides the memory, off-heap, for one
 * thread. Values and results are walked over again and again, so they are copied to where no vector
 * crosses a line of the cache. Room grows to the largest size.
 */
final class MatrixMemoryOperands {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

  /** Of the arguments: whole lines. */
  private static final int ARGUMENT_BYTES = 128;

  private MemorySegment room = MemorySegment.NULL;
  private long values;
  private long results;
  private long valueStride;

  /** Takes in some columns of a head. */
  void put(MlstmTokens tokens, int head, int first, int last) {
    int count = tokens.count();
    int keyCount = count * tokens.keyWidth();
    valueStride = (long) Float.BYTES * (last - first);
    values = ARGUMENT_BYTES;
    results = values + count * valueStride;
    long keys = results + count * valueStride;
    long queries = keys + (long) Float.BYTES * keyCount;
    room = GrowingMemory.sized(room, queries + (long) Float.BYTES * keyCount);

    int keyAt = tokens.keyAt(head, 0);
    MemorySegment.copy(tokens.keys(), keyAt, room, FLOAT, keys, keyCount);
    MemorySegment.copy(tokens.queries(), keyAt, room, FLOAT, queries, keyCount);
    for (int token = 0; token < count; token++) {
      int valueAt = tokens.valueAt(head, token) + first;
      long to = values + token * valueStride;
      MemorySegment.copy(tokens.values(), valueAt, room, FLOAT, to, last - first);
      long gates = (long) Float.BYTES * token;
      room.set(FLOAT, MatrixMemoryArguments.DECAYS + gates, tokens.decay(head, token));
      room.set(FLOAT, MatrixMemoryArguments.SCALES + gates, tokens.scale(head, token));
    }
    long address = room.address();
    room.set(LONG, MatrixMemoryArguments.KEYS, address + keys);
    room.set(LONG, MatrixMemoryArguments.QUERIES, address + queries);
    room.set(LONG, MatrixMemoryArguments.KEY_STRIDE, (long) Float.BYTES * tokens.keyWidth());
    room.set(LONG, MatrixMemoryArguments.KEY_WIDTH, tokens.keyWidth());
    room.set(LONG, MatrixMemoryArguments.ROW_BYTES, (long) Float.BYTES * tokens.valueWidth());
    room.set(LONG, MatrixMemoryArguments.VALUE_STRIDE, valueStride);
  }

  /**
   * Sets what the next call computes.
   *
   * @param column the first, counted from the first that was put in
   * @param count how many columns
   */
  void select(int column, int count) {
    long from = room.address() + (long) Float.BYTES * column;
    room.set(LONG, MatrixMemoryArguments.WIDTH, count);
    room.set(LONG, MatrixMemoryArguments.VALUES, from + values);
    room.set(LONG, MatrixMemoryArguments.RESULTS, from + results);
  }

  /** The address of the {@link MatrixMemoryArguments}. */
  long arguments() {
    return room.address();
  }

  /** Copies the results of all columns that were put in. */
  void takeResults(MlstmTokens tokens, int head, int first, int last) {
    for (int token = 0; token < tokens.count(); token++) {
      int to = tokens.resultAt(head, token) + first;
      long from = results + token * valueStride;
      MemorySegment.copy(room, FLOAT, from, tokens.results(), to, last - first);
    }
  }
}
