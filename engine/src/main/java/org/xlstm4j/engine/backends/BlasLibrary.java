package org.xlstm4j.engine.backends;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.Optional;

/** {@code cblas_sgemm} of OpenBLAS, BLIS or MKL. */
public final class BlasLibrary implements ProductLibrary {
  /** Names the file to load instead of the usual ones. */
  public static final String PROPERTY = "xlstm4j.blas";

  private static final List<String> NAMES =
      List.of(
          "libopenblas.so.0",
          "libopenblas.so",
          "libblis.so.4",
          "libblis.so",
          "libmkl_rt.so.2",
          "libopenblas.dylib",
          "libopenblas.dll");
  private static final int ROW_MAJOR = 101;
  private static final int PLAIN = 111;
  private static final int TRANSPOSED = 112;

  private final NativeSymbols symbols;
  private final MethodHandle sgemm;
  private final Optional<MethodHandle> mklThreads;

  private BlasLibrary(NativeSymbols symbols) {
    this.symbols = symbols;
    sgemm =
        symbols.function(
            "cblas_sgemm",
            FunctionDescriptor.ofVoid(
                JAVA_INT,
                JAVA_INT,
                JAVA_INT,
                JAVA_INT,
                JAVA_INT,
                JAVA_INT,
                JAVA_FLOAT,
                ADDRESS,
                JAVA_INT,
                ADDRESS,
                JAVA_INT,
                JAVA_FLOAT,
                ADDRESS,
                JAVA_INT),
            Linker.Option.critical(true));
    FunctionDescriptor oneNumber = FunctionDescriptor.ofVoid(JAVA_INT);
    for (String setter : List.of("openblas_set_num_threads", "bli_thread_set_num_threads")) {
      symbols.find(setter, oneNumber).ifPresent(BlasLibrary::setOneThread);
    }
    mklThreads =
        symbols.find("MKL_Set_Num_Threads_Local", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  }

  /**
   * Loads the library.
   *
   * @throws UnsatisfiedLinkError if there is none; the message says what was looked for
   */
  public static BlasLibrary load() {
    return new BlasLibrary(NativeSymbols.load(PROPERTY, NAMES));
  }

  private static void setOneThread(MethodHandle setter) {
    try {
      setter.invokeExact(1);
    } catch (Throwable e) {
      throw Downcall.failed(e);
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
    try {
      if (mklThreads.isPresent()) {
        int unused = (int) mklThreads.get().invokeExact(1);
      }
      sgemm.invokeExact(
          ROW_MAJOR,
          PLAIN,
          TRANSPOSED,
          tokens,
          rows,
          columns,
          1f,
          x,
          xStride,
          w,
          columns,
          1f,
          y,
          yStride);
    } catch (Throwable e) {
      throw Downcall.failed(e);
    }
  }

  @Override
  public String version() {
    FunctionDescriptor text = FunctionDescriptor.of(ADDRESS);
    for (String name : List.of("openblas_get_config", "bli_info_get_version_str")) {
      Optional<MethodHandle> function = symbols.find(name, text);
      if (function.isPresent()) {
        return NativeSymbols.text(function.get()) + " (" + symbols.file() + ")";
      }
    }
    return symbols.file();
  }
}
