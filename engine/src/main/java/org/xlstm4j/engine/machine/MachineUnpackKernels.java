package org.xlstm4j.engine.machine;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Objects;
import org.xlstm4j.engine.kernels.UnpackKernels;
import org.xlstm4j.engine.machine.code.Code;
import org.xlstm4j.engine.machine.code.KernelCode;
import org.xlstm4j.engine.machine.code.WeightFormat;

/** {@link UnpackKernels} as machine code, with the bits of the scalar ones. Thread-safe. */
public final class MachineUnpackKernels implements UnpackKernels {
  /** Most blocks of a call, which holds up garbage collection: a megabyte of floats. */
  private static final int PIECE = 256;

  private final MemorySegment q8;
  private final MemorySegment q4;

  private MachineUnpackKernels(MemorySegment q8, MemorySegment q4) {
    this.q8 = q8;
    this.q4 = q4;
  }

  static MachineUnpackKernels make(KernelCode code) {
    return of(code.unpack(WeightFormat.Q8), code.unpack(WeightFormat.Q4));
  }

  /** Of the code of both kernels. */
  static MachineUnpackKernels of(Code q8, Code q4) {
    MemorySegment[] codes = CodeMemory.executable(List.of(q8, q4));
    return new MachineUnpackKernels(codes[0], codes[1]);
  }

  @Override
  public void q8(MemorySegment weights, long byteOffset, int blocks, float[] panel) {
    unpack(q8, weights, byteOffset, blocks, Q8_BLOCK, panel);
  }

  @Override
  public void q4(MemorySegment weights, long byteOffset, int blocks, float[] panel) {
    unpack(q4, weights, byteOffset, blocks, Q4_BLOCK, panel);
  }

  private static void unpack(
      MemorySegment code,
      MemorySegment weights,
      long byteOffset,
      int blocks,
      int blockBytes,
      float[] panel) {
    Objects.checkFromIndexSize(byteOffset, (long) blocks * blockBytes, weights.byteSize());
    Objects.checkFromIndexSize(0, Math.multiplyExact(blocks, ROWS * COLUMNS), panel.length);
    for (int block = 0; block < blocks; block += PIECE) {
      long from = byteOffset + (long) block * blockBytes;
      long to = (long) block * ROWS * COLUMNS * Float.BYTES;
      int count = Math.min(PIECE, blocks - block);
      ArrayCall.call(code, weights, from, panel, to, panel, 0, count, 0);
    }
  }
}
