package org.xlstm4j.engine.machine;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Objects;
import org.xlstm4j.engine.kernels.GridKernels;
import org.xlstm4j.engine.machine.code.Code;
import org.xlstm4j.engine.machine.code.KernelCode;

/**
 * {@link GridKernels} as machine code. A call takes a whole row: 64 tokens of 2048 channels, more
 * than pictures have, take about 100 microseconds. Immutable and thread-safe.
 */
public final class MachineGridKernels implements GridKernels {
  private final MemorySegment code;

  private MachineGridKernels(MemorySegment code) {
    this.code = code;
  }

  static MachineGridKernels make(KernelCode code) {
    return of(code.grid());
  }

  static MachineGridKernels of(Code listing) {
    return new MachineGridKernels(CodeMemory.executable(List.of(listing))[0]);
  }

  @Override
  public void addRow(
      float[] x,
      int xOffset,
      int xStride,
      int length,
      int channels,
      float[] w,
      int wOffset,
      float[] y,
      int yOffset,
      int yStride) {
    if (length < 1) {
      throw new IllegalArgumentException("a row of " + length + " tokens");
    }
    ArrayRows.check(x, xOffset, length, xStride, channels);
    ArrayRows.check(y, yOffset, length, yStride, channels);
    Objects.checkFromIndexSize(wOffset, Math.multiplyExact(TAPS, channels), w.length);
    ArrayCall.call(
        code,
        x,
        ArrayRows.bytes(xOffset),
        w,
        ArrayRows.bytes(wOffset),
        y,
        ArrayRows.bytes(yOffset),
        ArrayRows.halves(channels, length),
        ArrayRows.halves(xStride, yStride));
  }
}
