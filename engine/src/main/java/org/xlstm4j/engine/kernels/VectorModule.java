package org.xlstm4j.engine.kernels;

/** The Vector API's module, which a JVM has only if it is started with it. */
public final class VectorModule {
  /** Name of the module. */
  public static final String NAME = "jdk.incubator.vector";

  private VectorModule() {}

  /** Whether it was resolved when the JVM started. */
  public static boolean isPresent() {
    return ModuleLayer.boot().findModule(NAME).isPresent();
  }

  /** Width of the widest vectors; only to be asked where the module is present. */
  public static int bits() {
    return jdk.incubator.vector.VectorShape.preferredShape().vectorBitSize();
  }
}
