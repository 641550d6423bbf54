package org.xlstm4j.cli.process;

import java.lang.module.ModuleDescriptor;

/** Which version of this program runs. */
public final class ProgramVersion {
  private ProgramVersion() {}

  /** As the module says; {@code unknown} on the class path, where there is none to ask. */
  public static String text() {
    ModuleDescriptor module = ProgramVersion.class.getModule().getDescriptor();
    return module == null ? "unknown" : module.rawVersion().orElse("unknown");
  }
}
