package org.xlstm4j.engine.kernels;

import java.lang.foreign.MemorySegment;

/**
 * Loops that do nothing but reach a limit of the machine: memory read, memory read and written,
 * multiplications and additions. Any other kernel can at best be as fast.
 */
public interface ProbeKernels {
  /** Streams of {@link #read} and {@link #update}; ranges are multiples of so many bytes. */
  int MULTIPLE = 1024;

  /** Independent sums of {@link #multiplyAdd}. */
  int SUMS = 12;

  /**
   * Reads memory.
   *
   * @param memory floats
   * @param from offset of the first byte
   * @param to end of the range, {@code from} plus a multiple of {@link #MULTIPLE}
   * @return the sum of the floats in some order, so that no load can be left out
   */
  float read(MemorySegment memory, long from, long to);

  /**
   * Reads memory and writes it back: {@code x = factor * x + factor}.
   *
   * @param memory floats
   * @param from offset of the first byte
   * @param to end of the range, {@code from} plus a multiple of {@link #MULTIPLE}
   * @param factor any number
   */
  void update(MemorySegment memory, long from, long to, float factor);

  /**
   * Multiplies and adds in registers: each of {@link #SUMS} times {@link #lanes} sums {@code s = x
   * * s + x}.
   *
   * @param x any number
   * @param rounds how often
   * @return the total of the sums
   */
  float multiplyAdd(float x, int rounds);

  /** How many sums stand side by side in a register. */
  int lanes();
}
