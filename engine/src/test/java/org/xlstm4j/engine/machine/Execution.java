package org.xlstm4j.engine.machine;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.xlstm4j.engine.machine.assembler.Listing;
import org.xlstm4j.engine.machine.interpreter.Interpreter;

/**
 * A way to run kernels of a level.
 *
 * @param way by which processor, and with which calling convention
 */
record Execution(MachineLevel level, Way way) {
  /** By whom kernels are run. The interpreter has all levels. */
  enum Way {
    NATIVE,
    INTERPRETED,
    INTERPRETED_AS_ON_WINDOWS
  }

  private static final String SYSTEM = "os.name";
  private static final Map<Listing, MemorySegment> CODES = new ConcurrentHashMap<>();
  private static final Map<String, Listing> KERNELS = new ConcurrentHashMap<>();

  /** All levels interpreted, and those that this machine has as they are. */
  static List<Execution> all() {
    List<Execution> all = interpreted(Way.INTERPRETED);
    all.addAll(natives());
    return all;
  }

  /** All levels. */
  static List<Execution> interpreted(Way way) {
    List<Execution> all = new ArrayList<>();
    for (MachineLevel level : MachineLevel.values()) {
      all.add(new Execution(level, way));
    }
    return all;
  }

  /** The levels that this machine has. */
  static List<Execution> natives() {
    List<Execution> natives = new ArrayList<>();
    MachineLevel found = Machine.ofProcess().level();
    for (MachineLevel level : MachineLevel.values()) {
      if (found != null && found.atMost(level) == level) {
        natives.add(new Execution(level, Way.NATIVE));
      }
    }
    return natives;
  }

  /** The kernel for products of a format, made once. */
  Listing product(WeightFormat format, int tokens) {
    return kernel(format + " " + tokens, () -> format.listing(level, tokens));
  }

  /** The kernel for steps of a matrix memory, made once. */
  Listing matrixMemory(int tokens) {
    return kernel("memory " + tokens, () -> MatrixMemoryListing.of(level, tokens));
  }

  private Listing kernel(String name, Supplier<Listing> kernel) {
    return KERNELS.computeIfAbsent(name + " " + this, key -> listing(kernel));
  }

  /** A kernel for the system whose calling convention is used. */
  Listing listing(Supplier<Listing> kernel) {
    if (way != Way.INTERPRETED_AS_ON_WINDOWS) {
      return kernel.get();
    }
    String system = System.setProperty(SYSTEM, "Windows 11");
    try {
      return kernel.get();
    } finally {
      System.setProperty(SYSTEM, system);
    }
  }

  /**
   * Calls a kernel.
   *
   * @param readOnly memory that it may read
   * @param writable memory that it may write
   * @param arguments six
   */
  void call(
      Listing kernel,
      List<MemorySegment> readOnly,
      List<MemorySegment> writable,
      long... arguments) {
    switch (way) {
      case INTERPRETED -> Interpreter.call(kernel, readOnly, writable, arguments);
      case INTERPRETED_AS_ON_WINDOWS ->
          Interpreter.callOnWindows(kernel, readOnly, writable, arguments);
      case NATIVE ->
          NativeCall.call(
              CODES.computeIfAbsent(kernel, code -> CodeMemory.executable(List.of(code))[0]),
              MemorySegment.ofAddress(arguments[0]),
              arguments[1],
              arguments[2],
              arguments[3],
              arguments[4],
              arguments[5]);
    }
  }

  /**
   * Calls a kernel of {@link ArrayCall}.
   *
   * @return what it returns
   */
  long callWithArrays(
      Listing kernel,
      List<MemorySegment> readOnly,
      List<MemorySegment> writable,
      MemorySegment first,
      MemorySegment second,
      MemorySegment third,
      long count,
      long parameter) {
    long[] arguments = {
      first.address() - 8, second.address() - 16, third.address() - 24, 8, 16, 24, count, parameter
    };
    return switch (way) {
      case INTERPRETED -> Interpreter.call(kernel, readOnly, writable, arguments);
      case INTERPRETED_AS_ON_WINDOWS ->
          Interpreter.callOnWindows(kernel, readOnly, writable, arguments);
      case NATIVE ->
          ArrayCall.call(
              CODES.computeIfAbsent(kernel, code -> CodeMemory.executable(List.of(code))[0]),
              first,
              second,
              third,
              count,
              parameter);
    };
  }

  @Override
  public String toString() {
    return level + ", " + way.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
