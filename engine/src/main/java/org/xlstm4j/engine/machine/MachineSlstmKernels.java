package org.xlstm4j.engine.machine;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Objects;
import org.xlstm4j.engine.kernels.SlstmKernels;
import org.xlstm4j.engine.machine.code.Code;
import org.xlstm4j.engine.machine.code.KernelCode;

/** {@link SlstmKernels} as machine code. Immutable and thread-safe. */
public final class MachineSlstmKernels implements SlstmKernels {
  /** Most bytes of weights of a call, which holds up garbage collection. */
  private static final int CALL_BYTES = 1 << 20;

  private final MemorySegment recurrentF32;
  private final MemorySegment recurrentBf16;
  private final MemorySegment stabilize;
  private final MemorySegment step;

  private MachineSlstmKernels(MemorySegment[] codes) {
    recurrentF32 = codes[0];
    recurrentBf16 = codes[1];
    stabilize = codes[2];
    step = codes[3];
  }

  static MachineSlstmKernels make(KernelCode code) {
    return of(listings(code));
  }

  /** In the order in which {@link #of} takes them. */
  static List<Code> listings(KernelCode code) {
    return List.of(
        code.recurrent(false), code.recurrent(true), code.stabilizer(), code.scalarMemory());
  }

  static MachineSlstmKernels of(List<? extends Code> listings) {
    return new MachineSlstmKernels(CodeMemory.executable(listings));
  }

  @Override
  public void recurrentF32(
      MemorySegment weights,
      long byteOffset,
      int inputs,
      int firstPanel,
      int lastPanel,
      float[] y,
      int yOffset,
      float[] sums,
      int sumsOffset) {
    recurrent(
        recurrentF32,
        weights,
        byteOffset,
        (long) Float.BYTES * PANEL * inputs,
        inputs,
        firstPanel,
        lastPanel,
        y,
        yOffset,
        sums,
        sumsOffset);
  }

  @Override
  public void recurrentBf16(
      MemorySegment weights,
      long byteOffset,
      int inputs,
      int firstPanel,
      int lastPanel,
      float[] y,
      int yOffset,
      float[] sums,
      int sumsOffset) {
    recurrent(
        recurrentBf16,
        weights,
        byteOffset,
        (long) Short.BYTES * PANEL * inputs,
        inputs,
        firstPanel,
        lastPanel,
        y,
        yOffset,
        sums,
        sumsOffset);
  }

  private static void recurrent(
      MemorySegment kernel,
      MemorySegment weights,
      long byteOffset,
      long panelBytes,
      int inputs,
      int firstPanel,
      int lastPanel,
      float[] y,
      int yOffset,
      float[] sums,
      int sumsOffset) {
    long first = byteOffset + panelBytes * firstPanel;
    Objects.checkFromIndexSize(first, panelBytes * (lastPanel - firstPanel), weights.byteSize());
    Objects.checkFromIndexSize(yOffset, inputs, y.length);
    Objects.checkFromToIndex(
        sumsOffset + PANEL * firstPanel, sumsOffset + PANEL * lastPanel, sums.length);
    // an even number, because the kernel computes two panels together
    int step = (int) Math.max(CALL_BYTES / panelBytes & -2, 1);
    for (int panel = firstPanel; panel < lastPanel; panel += step) {
      ArrayCall.call(
          kernel,
          weights,
          byteOffset + panelBytes * panel,
          y,
          (long) Float.BYTES * yOffset,
          sums,
          Float.BYTES * ((long) sumsOffset + (long) PANEL * panel),
          inputs,
          Math.min(step, lastPanel - panel));
    }
  }

  @Override
  public void stabilizeGates(
      float[] gates,
      int offset,
      int stride,
      float[] normalizer,
      float[] stabilizer,
      int at,
      int length) {
    channels(stabilize, 2, gates, offset, stride, normalizer, stabilizer, at, length);
  }

  @Override
  public void scalarMemoryStep(
      float[] gates, int offset, int stride, float[] cell, float[] normalizer, int at, int length) {
    channels(step, 4, gates, offset, stride, cell, normalizer, at, length);
  }

  private static void channels(
      MemorySegment kernel,
      int gateCount,
      float[] gates,
      int offset,
      int stride,
      float[] memory,
      float[] other,
      int at,
      int length) {
    Objects.checkFromIndexSize(offset, (gateCount - 1) * stride + length, gates.length);
    Objects.checkFromIndexSize(at, length, memory.length);
    Objects.checkFromIndexSize(at, length, other.length);
    ArrayCall.call(
        kernel,
        gates,
        (long) Float.BYTES * offset,
        memory,
        (long) Float.BYTES * at,
        other,
        (long) Float.BYTES * at,
        length,
        (long) Float.BYTES * stride);
  }
}
