package org.xlstm4j.cli.options;

import java.io.IOException;
import org.xlstm4j.engine.Backend;
import picocli.CommandLine.Option;

/** Option of commands that compute: who multiplies many tokens at once. */
public final class BackendOption {
  @Option(
      names = "--backend",
      paramLabel = "jvm|onednn|blas",
      defaultValue = "jvm",
      description =
          "Who computes the products of many tokens: the engine itself or a native library"
              + " (default: ${DEFAULT-VALUE}; xlstm version shows what is found).")
  private String name = "jvm";

  /** Computes with it from now on. */
  public void use() throws IOException {
    Backend backend;
    try {
      backend = Backend.named(name);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--backend is " + e.getMessage());
    }
    try {
      backend.use();
    } catch (IllegalStateException e) {
      throw new IOException(e.getMessage(), e);
    }
  }
}
