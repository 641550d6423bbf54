package org.xlstm4j.engine.machine;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.xlstm4j.engine.machine.assembler.Listing;
import org.xlstm4j.engine.machine.interpreter.Interpreter;

/**
 * A way to run kernels of a level: by the processor at hand, or by an interpreter.
 *
 * @param interpreted whether it is by the interpreter, which has all levels
 */
record Execution(MachineLevel level, boolean interpreted) {
  private static final Map<Listing, MemorySegment> CODES = new ConcurrentHashMap<>();
  private static final Map<String, Listing> PRODUCTS = new ConcurrentHashMap<>();

  /** All levels interpreted, and those that this machine has as they are. */
  static List<Execution> all() {
    List<Execution> all = new ArrayList<>();
    for (MachineLevel level : MachineLevel.values()) {
      all.add(new Execution(level, true));
    }
    all.addAll(natives());
    return all;
  }

  /** The levels that this machine has. */
  static List<Execution> natives() {
    List<Execution> natives = new ArrayList<>();
    MachineLevel found = Machine.ofProcess().level();
    for (MachineLevel level : MachineLevel.values()) {
      if (found != null && found.atMost(level) == level) {
        natives.add(new Execution(level, false));
      }
    }
    return natives;
  }

  /** The kernel for products of a format, made once. */
  Listing product(WeightFormat format, int tokens) {
    return PRODUCTS.computeIfAbsent(
        format + " " + level + " " + tokens, key -> format.listing(level, tokens));
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
    if (interpreted) {
      Interpreter.call(kernel, readOnly, writable, arguments);
      return;
    }
    MemorySegment code =
        CODES.computeIfAbsent(kernel, listing -> CodeMemory.executable(List.of(listing))[0]);
    NativeCall.call(
        code,
        MemorySegment.ofAddress(arguments[0]),
        arguments[1],
        arguments[2],
        arguments[3],
        arguments[4],
        arguments[5]);
  }

  @Override
  public String toString() {
    return level + (interpreted ? ", interpreted" : "");
  }
}
