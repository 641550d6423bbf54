package org.xlstm4j.engine;

import java.lang.module.ModuleFinder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.xlstm4j.engine.kernels.KernelWarmUp;

/**
 * Warns, once a process and through {@link System.Logger}, where Java was started without a flag
 * that the engine is slower without.
 */
final class MissingFlags {
  private static final String VECTOR_MODULE = "jdk.incubator.vector";

  private static final AtomicBoolean WARNED = new AtomicBoolean();

  private MissingFlags() {}

  /** Warns at the first call. */
  static void warnOnce() {
    if (WARNED.get() || WARNED.getAndSet(true)) {
      return;
    }
    for (String line : lines()) {
      System.getLogger(MissingFlags.class.getPackageName()).log(System.Logger.Level.WARNING, line);
    }
  }

  private static List<String> lines() {
    List<String> lines = new ArrayList<>();
    boolean machine = KernelPath.inUse() == KernelPath.MACHINE;
    if (!machine && !KernelWarmUp.hasVectorModule() && !KernelWarmUp.scalarChosen()) {
      boolean inJava = ModuleFinder.ofSystem().find(VECTOR_MODULE).isPresent();
      lines.add(
          "xlstm4j runs several times slower than it could, on scalar kernels: "
              + (inJava
                  ? "start Java with --add-modules " + VECTOR_MODULE
                  : "this Java image was linked without the module " + VECTOR_MODULE));
    }
    Module engine = MissingFlags.class.getModule();
    if (!engine.isNativeAccessEnabled()) {
      lines.add(
          "xlstm4j runs slower than it could, without calls of the system: start Java with"
              + " --enable-native-access="
              + (engine.isNamed() ? engine.getName() : "ALL-UNNAMED"));
    }
    return lines;
  }
}
