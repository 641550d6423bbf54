package org.xlstm4j.engine.machine;

import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.xlstm4j.engine.kernels.MlstmKernels;
import org.xlstm4j.engine.kernels.MlstmTokens;
import org.xlstm4j.engine.machine.code.Code;
import org.xlstm4j.engine.machine.code.KernelCode;

/** {@link MlstmKernels} as machine code, for columns in multiples of {@link #COLUMNS}. */
public final class MachineMlstmKernels implements MlstmKernels {
  /** The lanes of the widest vectors. */
  public static final int COLUMNS = 16;

  /** Most bytes of memory of a call, which holds up garbage collection. */
  private static final int CALL_BYTES = 1 << 19;

  private final MemorySegment[] codes;
  private final ThreadLocal<MatrixMemoryOperands> operands =
      ThreadLocal.withInitial(MatrixMemoryOperands::new);

  private MachineMlstmKernels(MemorySegment[] codes) {
    this.codes = codes;
  }

  static MachineMlstmKernels make(KernelCode code) {
    List<Code> listings = new ArrayList<>();
    for (int tokens = 1; tokens <= MAX_TOKENS; tokens++) {
      listings.add(code.matrixMemory(tokens));
    }
    return of(listings);
  }

  /** Of the code for each number of tokens. */
  static MachineMlstmKernels of(List<? extends Code> listings) {
    return new MachineMlstmKernels(CodeMemory.executable(listings));
  }

  @Override
  public void matrixMemoryStep(
      MlstmTokens tokens, int head, MemorySegment memory, long byteOffset, int first, int last) {
    int rowBytes = Float.BYTES * tokens.valueWidth();
    Objects.checkFromToIndex(first, last, tokens.valueWidth());
    Objects.checkFromIndexSize(byteOffset, (long) rowBytes * tokens.keyWidth(), memory.byteSize());
    if (first % COLUMNS != 0 || last % COLUMNS != 0) {
      throw new IllegalArgumentException("columns " + first + " to " + last);
    }
    MatrixMemoryOperands own = operands.get();
    own.put(tokens, head, first, last);
    int most = Math.max(CALL_BYTES / (Float.BYTES * tokens.keyWidth()), 1) + COLUMNS - 1;
    int step = most / COLUMNS * COLUMNS;
    MemorySegment code = codes[tokens.count() - 1];
    try {
      for (int column = first; column < last; column += step) {
        own.select(column - first, Math.min(step, last - column));
        long at = byteOffset + (long) Float.BYTES * column;
        NativeCall.call(code, memory, at, own.arguments(), 0, 0, 0);
      }
    } finally {
      Reference.reachabilityFence(own);
    }
    own.takeResults(tokens, head, first, last);
  }
}
