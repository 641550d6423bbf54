package org.xlstm4j.engine;

import java.lang.module.ModuleFinder;
import java.util.ArrayList;
import java.util.List;
import org.xlstm4j.engine.kernels.VectorModule;
import org.xlstm4j.engine.kernels.dispatch.KernelWarmUp;

/**
 * Warns, when the kernels are chosen and through {@link System.Logger}, where Java was started
 * without a flag that the engine is slower without.
 */
final class MissingFlags {
  private MissingFlags() {}

  /** Warns where a process that computes on a path could do better with more flags. */
  static void warn(KernelPath path) {
    for (String line : lines(path)) {
      System.getLogger(MissingFlags.class.getPackageName()).log(System.Logger.Level.WARNING, line);
    }
  }

  private static List<String> lines(KernelPath path) {
    List<String> lines = new ArrayList<>();
    boolean machine = path == KernelPath.MACHINE;
    if (!machine && !VectorModule.isPresent() && !KernelWarmUp.scalarChosen()) {
      boolean inJava = ModuleFinder.ofSystem().find(VectorModule.NAME).isPresent();
      lines.add(
          "xlstm4j runs several times slower than it could, on scalar kernels: "
              + (inJava
                  ? "start Java with --add-modules " + VectorModule.NAME
                  : "this Java image was linked without the module " + VectorModule.NAME));
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
