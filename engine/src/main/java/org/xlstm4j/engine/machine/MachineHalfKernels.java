package org.xlstm4j.engine.machine;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Objects;
import org.xlstm4j.engine.kernels.HalfKernels;
import org.xlstm4j.engine.kernels.scalar.ScalarKernels;
import org.xlstm4j.engine.machine.code.Code;
import org.xlstm4j.engine.machine.code.KernelCode;
import org.xlstm4j.engine.machine.code.WeightFormat;

/**
 * {@link HalfKernels} as machine code. Tokens are split by Java: what multiplies weights here
 * splits them itself ({@link KernelCode#columnSplitter}). Immutable and thread-safe.
 */
public final class MachineHalfKernels implements HalfKernels {
  /** Most weights of a call, which holds up garbage collection: 64 KB. */
  private static final int PIECE = 1 << 15;

  private static final HalfKernels SCALAR = ScalarKernels.halves();

  private final MemorySegment bf16;
  private final MemorySegment f16;

  private MachineHalfKernels(MemorySegment bf16, MemorySegment f16) {
    this.bf16 = bf16;
    this.f16 = f16;
  }

  static MachineHalfKernels make(KernelCode code) {
    return of(code.widen(WeightFormat.BF16), code.widen(WeightFormat.F16));
  }

  /** Of the code of both kernels. */
  static MachineHalfKernels of(Code bf16, Code f16) {
    MemorySegment[] codes = CodeMemory.executable(List.of(bf16, f16));
    return new MachineHalfKernels(codes[0], codes[1]);
  }

  @Override
  public void widenBf16(
      MemorySegment weights, long byteOffset, int length, float[] target, int offset) {
    widen(bf16, weights, byteOffset, length, target, offset);
  }

  @Override
  public void widenF16(
      MemorySegment weights, long byteOffset, int length, float[] target, int offset) {
    widen(f16, weights, byteOffset, length, target, offset);
  }

  private static void widen(
      MemorySegment code,
      MemorySegment weights,
      long byteOffset,
      int length,
      float[] target,
      int offset) {
    Objects.checkFromIndexSize(byteOffset, (long) length * Short.BYTES, weights.byteSize());
    Objects.checkFromIndexSize(offset, length, target.length);
    for (int i = 0; i < length; i += PIECE) {
      long from = byteOffset + (long) i * Short.BYTES;
      long to = (long) (offset + i) * Float.BYTES;
      ArrayCall.call(code, weights, from, target, to, target, 0, Math.min(PIECE, length - i), 0);
    }
  }

  @Override
  public void split(float[] x, int offset, int columns, float[] target, int targetOffset) {
    SCALAR.split(x, offset, columns, target, targetOffset);
  }
}
