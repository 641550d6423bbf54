package org.xlstm4j.cli.options;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.engine.KernelPath;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Option of commands that compute: which kernels. It takes effect when it is read. */
public final class KernelsOption {
  @Option(
      names = "--kernels",
      paramLabel = "machine|vector|scalar",
      converter = Choice.class,
      description =
          "Kernels to compute with: machine code, the Vector API or plain Java (default: the first"
              + " that works here; xlstm version shows it).")
  @SuppressWarnings("UnusedVariable")
  private @Nullable KernelPath path;

  /** Turns a name into the process's choice. */
  static final class Choice implements ITypeConverter<KernelPath> {
    @Override
    public KernelPath convert(String name) {
      KernelPath path = KernelPath.named(name).orElseThrow(() -> unknown(name));
      try {
        KernelPath.choose(path);
      } catch (IllegalStateException e) {
        throw new TypeConversionException(e.getMessage());
      }
      return path;
    }

    private static TypeConversionException unknown(String name) {
      String names =
          String.join(", ", Arrays.stream(KernelPath.values()).map(KernelPath::toString).toList());
      return new TypeConversionException("expected one of " + names + ", found " + name);
    }
  }
}
