package org.xlstm4j.engine.machine;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.xlstm4j.engine.machine.arm.assembler.A64Listing;
import org.xlstm4j.engine.machine.arm.interpreter.A64Interpreter;
import org.xlstm4j.engine.machine.code.Code;
import org.xlstm4j.engine.machine.code.InstructionSet;
import org.xlstm4j.engine.machine.code.KernelCode;
import org.xlstm4j.engine.machine.code.MachineLevel;
import org.xlstm4j.engine.machine.code.WeightFormat;
import org.xlstm4j.engine.machine.x86.assembler.Listing;
import org.xlstm4j.engine.machine.x86.interpreter.Interpreter;

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

  /** Whether there is an interpreter: on an emulated processor it would take hours. */
  private static final boolean INTERPRETERS =
      Boolean.parseBoolean(System.getProperty("xlstm4j.test.interpreters", "true"));

  private static final Map<Code, MemorySegment> CODES = new ConcurrentHashMap<>();
  private static final Map<String, Code> KERNELS = new ConcurrentHashMap<>();

  /** All levels interpreted, and those that this machine has as they are. */
  static List<Execution> all() {
    List<Execution> all = interpreted(Way.INTERPRETED);
    all.addAll(natives());
    return all;
  }

  /**
   * The same for kernels that do not multiply integers, of which all levels of AArch64 have the
   * same: interpreted once.
   */
  static List<Execution> ofVectors() {
    List<Execution> all = all();
    all.removeIf(
        execution ->
            execution.way == Way.INTERPRETED
                && execution.level.instructionSet() == InstructionSet.AARCH64
                && execution.level != MachineLevel.NEON);
    return all;
  }

  /** All levels that there are this way. */
  static List<Execution> interpreted(Way way) {
    List<Execution> all = new ArrayList<>();
    for (MachineLevel level : MachineLevel.values()) {
      boolean isX86 = level.instructionSet() == InstructionSet.X86_64;
      if (INTERPRETERS && (isX86 || way != Way.INTERPRETED_AS_ON_WINDOWS)) {
        all.add(new Execution(level, way));
      }
    }
    return all;
  }

  /** The levels that this machine has. */
  static List<Execution> natives() {
    List<Execution> natives = new ArrayList<>();
    MachineLevel found = Machine.ofProcess().level();
    for (MachineLevel level : MachineLevel.values()) {
      boolean isOfSet = found != null && found.instructionSet() == level.instructionSet();
      if (isOfSet && found.atMost(level) == level) {
        natives.add(new Execution(level, Way.NATIVE));
      }
    }
    return natives;
  }

  /** The kernels of the level. */
  KernelCode code() {
    return Machine.code(level);
  }

  /** For how many tokens there are kernels for products of a format. */
  List<Integer> tokenCounts(WeightFormat format) {
    List<Integer> counts = new ArrayList<>(List.of(1, 2, 3, 4));
    counts.addAll(code().groupSizes(format));
    return counts;
  }

  /** The kernel for products of a format, made once. */
  Code product(WeightFormat format, int tokens) {
    return kernel(format + " " + tokens, () -> code().product(format, tokens));
  }

  /** The kernels of the sLSTM, made once. */
  Code slstm(int index) {
    return kernel("slstm " + index, () -> MachineSlstmKernels.listings(code()).get(index));
  }

  /** The kernel for block-diagonal weights, made once. */
  Code blocks(int index) {
    return kernel("blocks " + index, () -> MachineBlockKernels.listings(code()).get(index));
  }

  /** The kernel for steps of a matrix memory, made once. */
  Code matrixMemory(int tokens) {
    return kernel("memory " + tokens, () -> code().matrixMemory(tokens));
  }

  private Code kernel(String name, Supplier<? extends Code> kernel) {
    return KERNELS.computeIfAbsent(name + " " + this, key -> listing(kernel));
  }

  /** A kernel for the system whose calling convention is used. */
  Code listing(Supplier<? extends Code> kernel) {
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
   * @param arguments six, or more where it is interpreted
   * @return what it returns
   */
  long call(
      Code kernel, List<MemorySegment> readOnly, List<MemorySegment> writable, long... arguments) {
    return switch (way) {
      case INTERPRETED ->
          kernel instanceof A64Listing listing
              ? A64Interpreter.call(listing, readOnly, writable, arguments)
              : Interpreter.call((Listing) kernel, readOnly, writable, arguments);
      case INTERPRETED_AS_ON_WINDOWS ->
          Interpreter.callOnWindows((Listing) kernel, readOnly, writable, arguments);
      case NATIVE ->
          NativeCall.call(
              code(kernel),
              MemorySegment.ofAddress(arguments[0]),
              arguments[1],
              arguments[2],
              arguments[3],
              arguments[4],
              arguments[5]);
    };
  }

  /**
   * Calls a kernel for arrays.
   *
   * @param readOnly memory that it may read
   * @param writable memory that it may write
   * @param operands three, none of them on the heap
   * @return what it returns
   */
  long callArrays(
      Code kernel,
      List<MemorySegment> readOnly,
      List<MemorySegment> writable,
      List<MemorySegment> operands,
      long count,
      long parameter) {
    MemorySegment first = operands.get(0);
    MemorySegment second = operands.get(1);
    MemorySegment third = operands.get(2);
    if (way == Way.NATIVE) {
      return ArrayCall.call(code(kernel), first, 0, second, 0, third, 0, count, parameter);
    }
    // an address is the sum of two arguments
    return call(
        kernel,
        readOnly,
        writable,
        first.address() - 1,
        second.address() - 2,
        third.address() - 3,
        1,
        2,
        3,
        count,
        parameter);
  }

  private static MemorySegment code(Code kernel) {
    return CODES.computeIfAbsent(kernel, code -> CodeMemory.executable(List.of(code))[0]);
  }

  @Override
  public String toString() {
    return level + ", " + way.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
