package org.xlstm4j.engine.kernels;

/** Switches the kernels from their scalar to their SIMD implementations. */
public final class KernelWarmUp {
  private KernelWarmUp() {}

  /** Uses the SIMD kernels from now on, compiled or not. */
  public static void useVectorKernels() {
    Kernels.use(new VectorRowKernels());
    Kernels.use(new VectorPanelKernels());
    Kernels.use(new VectorTileKernels());
    Kernels.use(new VectorMathKernels());
    Kernels.use(new VectorCellKernels());
  }
}
