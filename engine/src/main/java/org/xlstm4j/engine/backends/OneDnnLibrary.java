package org.xlstm4j.engine.backends;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.xlstm4j.engine.kernels.Bfloat16;

/** {@code dnnl_sgemm} and bf16 matmul of oneDNN, versions 2 and 3. */
public final class OneDnnLibrary implements ProductLibrary {
  /** Names the file to load instead of the usual ones. */
  public static final String PROPERTY = "xlstm4j.onednn";

  private static final List<String> NAMES =
      List.of(
          "libdnnl.so.3",
          "libdnnl.so.2",
          "libdnnl.so",
          "libdnnl.3.dylib",
          "libdnnl.dylib",
          "dnnl.dll");

  private static final int KEPT = 64;

  private final NativeSymbols symbols;
  private final MethodHandle sgemm;

  /** OpenMP keeps the number of threads for each calling thread. */
  private final Optional<MethodHandle> openMpThreads;

  private final OneDnnMatmul.Functions functions;
  private final boolean bf16;

  /** Primitives of the last sizes: making one takes longer than running a small one. */
  private final ThreadLocal<Map<Sizes, OneDnnMatmul>> primitives =
      ThreadLocal.withInitial(OneDnnLibrary::newCache);

  private record Sizes(int tokens, int rows, int columns) {}

  private OneDnnLibrary(NativeSymbols symbols) {
    functions = new OneDnnMatmul.Functions(symbols);
    bf16 = OneDnnMatmul.isSupported(functions);
    this.symbols = symbols;
    sgemm =
        symbols.function(
            "dnnl_sgemm",
            FunctionDescriptor.of(
                JAVA_INT,
                JAVA_BYTE,
                JAVA_BYTE,
                JAVA_LONG,
                JAVA_LONG,
                JAVA_LONG,
                JAVA_FLOAT,
                ADDRESS,
                JAVA_LONG,
                ADDRESS,
                JAVA_LONG,
                JAVA_FLOAT,
                ADDRESS,
                JAVA_LONG),
            Linker.Option.critical(true));
    openMpThreads = symbols.find("omp_set_num_threads", FunctionDescriptor.ofVoid(JAVA_INT));
  }

  /**
   * Loads the library.
   *
   * @throws UnsatisfiedLinkError if there is none; the message says what was looked for
   */
  public static OneDnnLibrary load() {
    return new OneDnnLibrary(NativeSymbols.load(PROPERTY, NAMES));
  }

  private static Map<Sizes, OneDnnMatmul> newCache() {
    return new LinkedHashMap<>(16, 0.75f, true) {
      @Override
      protected boolean removeEldestEntry(Map.Entry<Sizes, OneDnnMatmul> eldest) {
        if (size() > KEPT) {
          eldest.getValue().close();
          return true;
        }
        return false;
      }
    };
  }

  private void useOneThread() {
    if (openMpThreads.isPresent()) {
      try {
        openMpThreads.get().invokeExact(1);
      } catch (Throwable e) {
        throw Downcall.failed(e);
      }
    }
  }

  @Override
  public boolean takesBf16() {
    return bf16;
  }

  @Override
  public void addBf16Product(
      float[] x,
      int xOffset,
      int xStride,
      int tokens,
      MemorySegment w,
      int rows,
      int columns,
      float[] y,
      int yOffset,
      int yStride) {
    useOneThread();
    OneDnnMatmul matmul =
        primitives
            .get()
            .computeIfAbsent(
                new Sizes(tokens, rows, columns),
                sizes -> new OneDnnMatmul(functions, tokens, rows, columns));
    for (int token = 0; token < tokens; token++) {
      for (int column = 0; column < columns; column++) {
        int nearest = Bfloat16.nearest(x[xOffset + token * xStride + column]);
        matmul.source.setAtIndex(
            JAVA_SHORT, (long) token * columns + column, (short) (nearest >>> 16));
      }
    }
    matmul.run(w);
    for (int token = 0; token < tokens; token++) {
      for (int row = 0; row < rows; row++) {
        y[yOffset + token * yStride + row] +=
            matmul.result.getAtIndex(JAVA_FLOAT, (long) token * rows + row);
      }
    }
  }

  @Override
  public void addProduct(
      MemorySegment x,
      int xStride,
      int tokens,
      MemorySegment w,
      int rows,
      int columns,
      MemorySegment y,
      int yStride) {
    int status;
    useOneThread();
    try {
      status =
          (int)
              sgemm.invokeExact(
                  (byte) 'N',
                  (byte) 'T',
                  (long) tokens,
                  (long) rows,
                  (long) columns,
                  1f,
                  x,
                  (long) xStride,
                  w,
                  (long) columns,
                  1f,
                  y,
                  (long) yStride);
    } catch (Throwable e) {
      throw Downcall.failed(e);
    }
    if (status != 0) {
      throw new IllegalStateException("dnnl_sgemm failed with status " + status);
    }
  }

  /** The version is three ints, major first, then the commit's hash. */
  @Override
  public String version() {
    MemorySegment version =
        NativeSymbols.structure(
            symbols.function("dnnl_version", FunctionDescriptor.of(ADDRESS)), 3L * Integer.BYTES);
    return "oneDNN %d.%d.%d (%s)"
        .formatted(
            version.getAtIndex(JAVA_INT, 0),
            version.getAtIndex(JAVA_INT, 1),
            version.getAtIndex(JAVA_INT, 2),
            symbols.file());
  }
}
