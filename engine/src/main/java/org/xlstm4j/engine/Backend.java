package org.xlstm4j.engine;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.xlstm4j.engine.backends.BlasLibrary;
import org.xlstm4j.engine.backends.LibraryInUse;
import org.xlstm4j.engine.backends.OneDnnLibrary;
import org.xlstm4j.engine.backends.ProductLibrary;

/**
 * Who computes the products of many tokens at once with f32, bf16 and f16 weights, in this process:
 * the engine's own kernels, or a native library that is found at run time. The engine's kernels
 * always compute few tokens, quantized weights and the cells. The engine's threads call the
 * library, each for its own band, so that there are no more threads than without it.
 *
 * <p>Thread-safe; a change counts from the next product on.
 */
public enum Backend {
  /** The engine's kernels: always there, and the default. */
  JVM,
  /**
   * oneDNN, {@code libdnnl}, version 2 or 3. With bf16 weights it rounds activations to bf16 too:
   * faster where the processor has instructions for that, but no longer equal to f32 arithmetic.
   */
  ONEDNN,
  /** A BLAS with the C interface: OpenBLAS, BLIS or MKL. */
  BLAS;

  private static final Map<Backend, ProductLibrary> LOADED = new EnumMap<>(Backend.class);

  /**
   * The back end of a name.
   *
   * @param name {@code jvm}, {@code onednn} or {@code blas}
   * @return the back end, whether or not its library is there
   * @throws IllegalArgumentException if there is none of this name
   */
  public static Backend named(String name) {
    for (Backend backend : values()) {
      if (backend.toString().equals(name)) {
        return backend;
      }
    }
    throw new IllegalArgumentException(name + ", expected jvm, onednn or blas");
  }

  /**
   * Computes with this back end from now on.
   *
   * @throws IllegalStateException if its library cannot be loaded; the message, one line, says what
   *     was looked for
   */
  public void use() {
    LibraryInUse.set(this == JVM ? null : load());
  }

  /**
   * Name and version of the library.
   *
   * @return one line
   * @throws IllegalStateException as {@link #use}
   */
  public String version() {
    return this == JVM ? WarmUp.description() : load().version();
  }

  private ProductLibrary load() {
    synchronized (LOADED) {
      ProductLibrary loaded = LOADED.get(this);
      if (loaded == null) {
        try {
          loaded = this == ONEDNN ? OneDnnLibrary.load() : BlasLibrary.load();
        } catch (UnsatisfiedLinkError e) {
          throw new IllegalStateException("back end " + this + ": " + e.getMessage(), e);
        }
        LOADED.put(this, loaded);
      }
      return loaded;
    }
  }

  /** The name that {@link #named} takes. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
