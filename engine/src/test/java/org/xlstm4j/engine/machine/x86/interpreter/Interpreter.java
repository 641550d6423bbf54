package org.xlstm4j.engine.machine.x86.interpreter;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntBinaryOperator;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;
import org.xlstm4j.engine.machine.x86.assembler.General;
import org.xlstm4j.engine.machine.x86.assembler.Immediate;
import org.xlstm4j.engine.machine.x86.assembler.Instruction;
import org.xlstm4j.engine.machine.x86.assembler.Label;
import org.xlstm4j.engine.machine.x86.assembler.Listing;
import org.xlstm4j.engine.machine.x86.assembler.Mask;
import org.xlstm4j.engine.machine.x86.assembler.Memory;
import org.xlstm4j.engine.machine.x86.assembler.Operand;
import org.xlstm4j.engine.machine.x86.assembler.Operation;
import org.xlstm4j.engine.machine.x86.assembler.Tile;
import org.xlstm4j.engine.machine.x86.assembler.Vector;

/**
 * Runs the instructions of a listing as volume 2 of Intel's Software Developer's Manual describes
 * them, on a processor of Java arrays. So kernels for processors that are not at hand can be
 * tested, and a read or write outside the operands is an exception and not luck.
 */
public final class Interpreter {
  /** Six arguments in registers, as Linux and macOS pass them, and others on the stack. */
  private static final General[] ARGUMENTS = {
    General.RDI, General.RSI, General.RDX, General.RCX, General.R8, General.R9
  };

  private static final General[] PRESERVED = {
    General.RBX, General.RBP, General.R12, General.R13, General.R14, General.R15
  };

  /** Four arguments in registers and others on the stack, as Windows passes them. */
  private static final General[] WINDOWS_ARGUMENTS = {
    General.RCX, General.RDX, General.R8, General.R9
  };

  private static final General[] WINDOWS_PRESERVED = {
    General.RBX,
    General.RBP,
    General.R12,
    General.R13,
    General.R14,
    General.R15,
    General.RDI,
    General.RSI
  };

  private static final long RETURN_ADDRESS = 0x1234_5678_9abc_def0L;
  private static final int MOST_STEPS = 50_000_000;

  private final ProcessorState state;
  private Operation operation = Operation.RET;
  private List<Operand> operands = List.of();

  private Interpreter(ProcessorState state) {
    this.state = state;
  }

  /**
   * Calls a function of up to eight arguments.
   *
   * @param readOnly memory that it may read
   * @param writable memory that it may read and write
   * @return what it returns
   * @throws IllegalStateException if it touches other memory or breaks the calling convention
   */
  public static long call(
      Listing function,
      List<MemorySegment> readOnly,
      List<MemorySegment> writable,
      long... arguments) {
    try (Arena arena = Arena.ofConfined()) {
      ProcessorState state = new ProcessorState(readOnly, writable, arena);
      for (int i = 0; i < arguments.length; i++) {
        if (i < ARGUMENTS.length) {
          state.set(ARGUMENTS[i], arguments[i]);
        } else {
          state.write(state.get(General.RSP) + 8L * (i - ARGUMENTS.length), arguments[i]);
        }
      }
      return new Interpreter(state).call(function, PRESERVED);
    }
  }

  /** The same for a function made for Windows. */
  public static long callOnWindows(
      Listing function,
      List<MemorySegment> readOnly,
      List<MemorySegment> writable,
      long... arguments) {
    try (Arena arena = Arena.ofConfined()) {
      ProcessorState state = new ProcessorState(readOnly, writable, arena);
      int inRegisters = WINDOWS_ARGUMENTS.length;
      for (int i = 0; i < inRegisters; i++) {
        state.set(WINDOWS_ARGUMENTS[i], arguments[i]);
      }
      for (int i = inRegisters; i < arguments.length; i++) {
        state.write(state.get(General.RSP) + 8L * i, arguments[i]);
      }
      int[][] vectors = new int[10][];
      for (int i = 0; i < vectors.length; i++) {
        vectors[i] = state.lanes(new Vector(6 + i, Vector.XMM)).clone();
      }
      long result = new Interpreter(state).call(function, WINDOWS_PRESERVED);
      for (int i = 0; i < vectors.length; i++) {
        for (int lane = 0; lane < 4; lane++) {
          if (state.lanes(new Vector(6 + i, Vector.XMM))[lane] != vectors[i][lane]) {
            throw new IllegalStateException("changed xmm" + (6 + i));
          }
        }
      }
      return result;
    }
  }

  private long call(Listing function, General[] preserved) {
    Map<General, Long> before = state.generalRegisters();
    push(RETURN_ADDRESS);
    run(function.instructions());
    for (General register : preserved) {
      if (state.get(register) != before.get(register)) {
        throw new IllegalStateException("changed " + register);
      }
    }
    if (state.get(General.RSP) != before.get(General.RSP)) {
      throw new IllegalStateException("left the stack pointer elsewhere");
    }
    if (state.hasUpperHalves()) {
      throw new IllegalStateException("left the upper halves of vectors in use");
    }
    if (state.tiles.isConfigured()) {
      throw new IllegalStateException("left tiles in use");
    }
    return state.get(General.RAX);
  }

  private void run(List<Instruction> instructions) {
    Map<Label, Integer> places = new HashMap<>();
    for (int i = 0; i < instructions.size(); i++) {
      if (instructions.get(i).operation() == Operation.LABEL) {
        places.put((Label) instructions.get(i).operands().getFirst(), i);
      }
    }
    int next = 0;
    for (int steps = 0; steps < MOST_STEPS; steps++) {
      Instruction instruction = instructions.get(next++);
      operation = instruction.operation();
      operands = instruction.operands();
      if (operation == Operation.RET) {
        if (pop() != RETURN_ADDRESS) {
          throw new IllegalStateException("returns to elsewhere");
        }
        return;
      } else if (operands.isEmpty() || !(operands.getFirst() instanceof Label label)) {
        try {
          execute(instruction.mask());
        } catch (IllegalStateException e) {
          throw new IllegalStateException(instruction + ": " + e.getMessage(), e);
        }
      } else if (jumps()) {
        next = places.get(label);
      }
    }
    throw new IllegalStateException("does not come to an end");
  }

  private boolean jumps() {
    return switch (operation) {
      case LABEL -> false;
      case JMP -> true;
      case JAE -> !state.carry;
      case JB -> state.carry;
      case JE -> state.zero;
      case JNE -> !state.zero;
      default -> throw unknown();
    };
  }

  private void execute(Mask mask) {
    if (mask != null) {
      moveMasked(mask);
    } else if (operation.name().startsWith("V")) {
      vector();
    } else if (operands.stream().anyMatch(Tile.class::isInstance)) {
      tile();
    } else {
      general();
    }
  }

  private IllegalStateException unknown() {
    return new IllegalStateException("the interpreter does not know " + operation);
  }

  private void general() {
    switch (operation) {
      case ADD, ADD_IMMEDIATE -> {
        long sum = value(0) + value(1);
        state.carry = Long.compareUnsigned(sum, value(0)) < 0;
        result(sum);
      }
      case SUB, SUB_IMMEDIATE -> result(compared());
      case CMP_IMMEDIATE -> compared();
      case NEG -> {
        state.carry = value(0) != 0;
        result(-value(0));
      }
      case AND_IMMEDIATE -> {
        state.carry = false;
        result(value(0) & value(1));
      }
      case TEST -> {
        state.carry = false;
        state.zero = (value(0) & value(1)) == 0;
      }
      case IMUL -> result(value(0) * value(1));
      case NOT -> store(~value(0));
      case SHL -> shift(true, (int) value(1) & 63);
      case SHL_BY_RCX -> shift(true, (int) state.get(General.RCX) & 63);
      case SHR -> shift(false, (int) value(1) & 63);
      case LEA -> store(address((Memory) operands.get(1)));
      case MOV, MOV_IMMEDIATE, MOV_LOAD, MOV_STORE -> store(value(1));
      case MOVZX -> store(Short.toUnsignedLong(state.readShort(address((Memory) operands.get(1)))));
      case PREFETCHT0 -> {
        // changes nothing, whatever is at the address
      }
      case PUSH -> push(value(0));
      case POP -> store(pop());
      case LDTILECFG -> state.tiles.configure(state, address((Memory) operands.get(0)));
      case TILERELEASE -> state.tiles.release();
      case KMOVW -> state.set((Mask) operands.get(0), (int) value(1) & 0xffff);
      default -> throw unknown();
    }
  }

  private void tile() {
    switch (operation) {
      case TILEZERO -> state.tiles.clear(number(0));
      case TILELOADD -> {
        Memory memory = (Memory) operands.get(1);
        state.tiles.load(number(0), state, start(memory), state.get(memory.index()));
      }
      case TILESTORED -> {
        Memory memory = (Memory) operands.get(0);
        state.tiles.store(number(1), state, start(memory), state.get(memory.index()));
      }
      case TDPBSSD -> state.tiles.addIntegerProducts(number(0), number(1), number(2));
      case TDPBF16PS -> state.tiles.addHalfProducts(number(0), number(1), number(2));
      default -> throw unknown();
    }
  }

  private int number(int index) {
    return operands.get(index).number();
  }

  /** Where a tile's rows begin: the index is their distance. */
  private long start(Memory memory) {
    return state.get(memory.base()) + memory.displacement();
  }

  private long compared() {
    state.carry = Long.compareUnsigned(value(0), value(1)) < 0;
    long difference = value(0) - value(1);
    state.zero = difference == 0;
    return difference;
  }

  private void shift(boolean left, int count) {
    long from = value(0);
    if (count > 0) {
      state.carry = (left ? from >>> (64 - count) : from >>> (count - 1)) % 2 != 0;
      result(left ? from << count : from >>> count);
    }
  }

  private void result(long value) {
    state.zero = value == 0;
    store(value);
  }

  private void store(long value) {
    if (operands.getFirst() instanceof General register) {
      state.set(register, value);
    } else {
      state.write(address((Memory) operands.getFirst()), value);
    }
  }

  private void push(long value) {
    state.set(General.RSP, state.get(General.RSP) - Long.BYTES);
    state.write(state.get(General.RSP), value);
  }

  private long pop() {
    long value = state.readLong(state.get(General.RSP));
    state.set(General.RSP, state.get(General.RSP) + Long.BYTES);
    return value;
  }

  private long value(int index) {
    return switch (operands.get(index)) {
      case General register -> state.get(register);
      case Immediate immediate -> immediate.value();
      case Memory memory -> state.readLong(address(memory));
      default -> throw unknown();
    };
  }

  private long address(Memory memory) {
    long index = memory.index() == null ? 0 : state.get(memory.index());
    return state.get(memory.base()) + memory.scale() * index + memory.displacement();
  }

  private void vector() {
    switch (operation) {
      case VMOVDQU, VMOVUPS -> set(lanes(1, targetLanes()), targetLanes());
      case VMOVSS -> set(lanes(1, 1), 1);
      case VPMASKMOVD -> {
        int[] signs = lanes(1, targetLanes());
        loadSome(lane -> signs[lane] < 0, (Memory) operands.get(2));
      }
      case VPMASKMOVD_STORE -> {
        int[] signs = lanes(1, targetLanes());
        int[] from = lanes(2, targetLanes());
        storeSome(lane -> signs[lane] < 0, (Memory) operands.getFirst(), from);
      }
      case VMOVQ -> {
        long value = value(1);
        set(new int[] {(int) value, (int) (value >> 32)}, 2);
      }
      case VMOVQ_STORE -> {
        int[] from = lanes(1, 2);
        store(Integer.toUnsignedLong(from[0]) | (long) from[1] << 32);
      }
      case VADDPS -> floats((a, b) -> a + b);
      case VSUBPS -> floats((a, b) -> a - b);
      case VMULPS -> floats((a, b) -> a * b);
      case VDIVPS -> floats((a, b) -> a / b);
      case VMINPS -> floats((a, b) -> a < b ? a : b);
      case VMAXPS -> floats((a, b) -> a > b ? a : b);
      case VADDSS -> lowest((a, b) -> a + b);
      case VMULSS -> lowest((a, b) -> a * b);
      case VDIVSS -> lowest((a, b) -> a / b);
      case VSQRTSS -> lowest((a, b) -> (float) Math.sqrt(b));
      case VFMADD213PS -> multiplyAdd(1, 0, 2);
      case VFMADD231PS -> multiplyAdd(1, 2, 0);
      case VFNMADD213PS -> negativeMultiplyAdd(1, 0, 2);
      case VFNMADD231PS -> negativeMultiplyAdd(1, 2, 0);
      case VFMADD231SS -> {
        int[] target = lanes(0, 4).clone();
        target[0] = fma(lanes(1, 1)[0], lanes(2, 1)[0], target[0]);
        set(target, 4);
      }
      case VBROADCASTSS, VPBROADCASTD -> {
        int number = lanes(1, 1)[0];
        each(new int[ProcessorState.LANES], lane -> number);
      }
      case VCVTDQ2PS -> each(lanes(1, targetLanes()), a -> Float.floatToRawIntBits((float) a));
      case VCVTPS2DQ -> each(lanes(1, targetLanes()), Interpreter::rounded);
      case VCVTPH2PS ->
          each(
              halves(1, targetLanes()),
              half -> Float.floatToRawIntBits(Float.float16ToFloat((short) half)));
      case VPMOVZXWD -> each(halves(1, targetLanes()), half -> half);
      case VPMOVDW -> {
        int[] from = lanes(1, 16);
        int[] target = new int[targetLanes() / 2];
        for (int i = 0; i < target.length; i++) {
          target[i] = words(from[2 * i], from[2 * i + 1]);
        }
        set(target, target.length);
      }
      case VPADDD -> ints((a, b) -> a + b);
      case VPSUBD -> ints((a, b) -> a - b);
      case VPMAXSD -> ints(Math::max);
      case VPAND -> ints((a, b) -> a & b);
      case VPXOR -> ints((a, b) -> a ^ b);
      case VPADDW -> ints((a, b) -> words(low(a) + low(b), high(a) + high(b)));
      case VPMADDWD -> ints((a, b) -> low(a) * low(b) + high(a) * high(b));
      case VPMADDUBSW ->
          ints(
              (a, b) ->
                  words(
                      saturated(products(a, b, 0) + products(a, b, 1), Short.MAX_VALUE),
                      saturated(products(a, b, 2) + products(a, b, 3), Short.MAX_VALUE)));
      case VPDPBUSD -> {
        int[] sums = lanes(0, targetLanes());
        int[] first = lanes(1, targetLanes());
        int[] second = lanes(2, targetLanes());
        int[] target = new int[targetLanes()];
        for (int i = 0; i < target.length; i++) {
          target[i] = sums[i];
          for (int k = 0; k < 4; k++) {
            target[i] += products(first[i], second[i], k);
          }
        }
        set(target, target.length);
      }
      case VPABSB -> each(lanes(1, targetLanes()), a -> bytes(a, 0, (b, none) -> Math.abs(b)));
      case VPSIGNB -> ints((a, b) -> bytes(a, b, (value, sign) -> value * Integer.signum(sign)));
      case VPSLLD -> each(lanes(1, targetLanes()), a -> constant() > 31 ? 0 : a << constant());
      case VPSLLW ->
          each(lanes(1, targetLanes()), a -> words(a << constant(), a >>> 16 << constant()));
      case VPSRAD -> each(lanes(1, targetLanes()), a -> a >> Math.min(constant(), 31));
      case VPSRLD -> each(lanes(1, targetLanes()), a -> constant() > 31 ? 0 : a >>> constant());
      case VPSRLW ->
          each(
              lanes(1, targetLanes()),
              a -> words((a & 0xffff) >>> constant(), a >>> 16 >>> constant()));
      default -> shuffle();
    }
  }

  /** Instructions that move lanes, most of them within each 128 bits. */
  private void shuffle() {
    switch (operation) {
      case VEXTRACTF128, VEXTRACTF64X4 -> {
        int count = operation == Operation.VEXTRACTF128 ? 4 : 8;
        int[] from = lanes(1, ProcessorState.LANES);
        int[] part = new int[count];
        System.arraycopy(from, constant() * count, part, 0, count);
        set(part, count);
      }
      case VINSERTF128, VINSERTF32X4 -> {
        int[] target = lanes(1, targetLanes()).clone();
        System.arraycopy(lanes(2, 4), 0, target, constant() * 4, 4);
        set(target, targetLanes());
      }
      case VMOVHLPS -> fours((a, b) -> new int[] {b[2], b[3], a[2], a[3]}, 1, 2);
      case VMOVSHDUP -> fours((a, b) -> new int[] {a[1], a[1], a[3], a[3]}, 1, 1);
      case VPUNPCKLDQ -> fours((a, b) -> new int[] {a[0], b[0], a[1], b[1]}, 1, 2);
      case VPUNPCKHDQ -> fours((a, b) -> new int[] {a[2], b[2], a[3], b[3]}, 1, 2);
      case VPSHUFD -> fours((a, b) -> new int[] {a[at(0)], a[at(1)], a[at(2)], a[at(3)]}, 1, 1);
      case VSHUFPS -> fours((a, b) -> new int[] {a[at(0)], a[at(1)], b[at(2)], b[at(3)]}, 1, 2);
      case VPACKSSDW ->
          fours(
              (a, b) ->
                  new int[] {
                    packed(a[0], a[1]), packed(a[2], a[3]), packed(b[0], b[1]), packed(b[2], b[3])
                  },
              1,
              2);
      case VPACKSSWB ->
          fours(
              (a, b) ->
                  new int[] {
                    packedBytes(a[0], a[1]),
                    packedBytes(a[2], a[3]),
                    packedBytes(b[0], b[1]),
                    packedBytes(b[2], b[3])
                  },
              1,
              2);
      case VPERMQ -> {
        int[] from = lanes(1, targetLanes());
        int[] target = new int[from.length];
        for (int i = 0; i < targetLanes(); i++) {
          target[i] = from[(i & ~7) + 2 * at(i / 2 % 4) + i % 2];
        }
        set(target, targetLanes());
      }
      case VZEROUPPER -> state.clearUpperHalves();
      default -> throw unknown();
    }
  }

  private void moveMasked(Mask mask) {
    int bits = state.mask(mask);
    if (operation != Operation.VMOVDQU && operation != Operation.VMOVUPS) {
      throw unknown();
    } else if (operands.get(1) instanceof Memory memory) {
      loadSome(lane -> (bits >> lane & 1) != 0, memory);
    } else if (operands.getFirst() instanceof Memory memory) {
      storeSome(lane -> (bits >> lane & 1) != 0, memory, lanes(1, targetLanes()));
    } else {
      int[] from = lanes(1, targetLanes());
      int[] target = new int[targetLanes()];
      for (int i = 0; i < target.length; i++) {
        target[i] = (bits >> i & 1) != 0 ? from[i] : 0;
      }
      set(target, target.length);
    }
  }

  private void storeSome(IntPredicate isWanted, Memory memory, int[] lanes) {
    for (int i = 0; i < targetLanes(); i++) {
      if (isWanted.test(i)) {
        state.write(address(memory) + 4L * i, lanes[i]);
      }
    }
  }

  /** Memory of lanes that are left out is not touched. */
  private void loadSome(IntPredicate isWanted, Memory memory) {
    int[] target = new int[targetLanes()];
    for (int i = 0; i < target.length; i++) {
      target[i] = isWanted.test(i) ? state.readInt(address(memory) + 4L * i) : 0;
    }
    set(target, target.length);
  }

  /** Lanes of the result: those of the target, or of what is stored. */
  private int targetLanes() {
    Operand sized = operands.getFirst() instanceof Vector target ? target : operands.get(1);
    return ((Vector) sized).bytes() / Integer.BYTES;
  }

  /** An operand's lanes, at least so many; not to be changed. */
  private int[] lanes(int index, int count) {
    if (operands.get(index) instanceof Vector register) {
      return state.lanes(register);
    }
    Memory memory = (Memory) operands.get(index);
    long address = address(memory);
    int[] lanes = new int[count];
    for (int i = 0; i < count; i++) {
      lanes[i] = state.readInt(memory.broadcast() ? address : address + 4L * i);
    }
    return lanes;
  }

  /** An operand's lanes of 16 bits, without sign. */
  private int[] halves(int index, int count) {
    int[] halves = new int[count];
    for (int i = 0; i < count; i++) {
      int half =
          operands.get(index) instanceof Vector register
              ? state.lanes(register)[i / 2] >> (16 * (i % 2))
              : state.readShort(address((Memory) operands.get(index)) + 2L * i);
      halves[i] = half & 0xffff;
    }
    return halves;
  }

  private void set(int[] lanes, int count) {
    if (operands.getFirst() instanceof Vector target) {
      state.set(target, lanes, count);
    } else {
      long address = address((Memory) operands.getFirst());
      for (int i = 0; i < count; i++) {
        state.write(address + 4L * i, lanes[i]);
      }
    }
  }

  private int constant() {
    return ((Immediate) operands.getLast()).value() & 255;
  }

  /** Two bits of the constant. */
  private int at(int place) {
    return constant() >> (2 * place) & 3;
  }

  private void each(int[] from, IntUnaryOperator function) {
    int[] target = new int[targetLanes()];
    for (int i = 0; i < target.length; i++) {
      target[i] = function.applyAsInt(from[i]);
    }
    set(target, target.length);
  }

  private void ints(IntBinaryOperator function) {
    int[] first = lanes(1, targetLanes());
    int[] second = lanes(2, targetLanes());
    int[] target = new int[targetLanes()];
    for (int i = 0; i < target.length; i++) {
      target[i] = function.applyAsInt(first[i], second[i]);
    }
    set(target, target.length);
  }

  private interface FloatFunction {
    float apply(float a, float b);
  }

  private void floats(FloatFunction function) {
    ints((a, b) -> bits(function, a, b));
  }

  /** The lowest lane; the others of 128 bits are those of the first source. */
  private void lowest(FloatFunction function) {
    int[] target = lanes(1, 4).clone();
    target[0] = bits(function, target[0], lanes(2, 1)[0]);
    set(target, 4);
  }

  private static int bits(FloatFunction function, int a, int b) {
    float result = function.apply(Float.intBitsToFloat(a), Float.intBitsToFloat(b));
    return Float.floatToRawIntBits(result);
  }

  private void negativeMultiplyAdd(int first, int second, int third) {
    int[] a = lanes(first, targetLanes());
    int[] b = lanes(second, targetLanes());
    int[] c = lanes(third, targetLanes());
    int[] target = new int[targetLanes()];
    for (int i = 0; i < target.length; i++) {
      target[i] = fma(a[i] ^ Integer.MIN_VALUE, b[i], c[i]);
    }
    set(target, target.length);
  }

  private void multiplyAdd(int factor, int otherFactor, int term) {
    int count = targetLanes();
    int[] a = lanes(factor, count);
    int[] b = lanes(otherFactor, count);
    int[] c = lanes(term, count);
    int[] target = new int[count];
    for (int i = 0; i < count; i++) {
      target[i] = fma(a[i], b[i], c[i]);
    }
    set(target, count);
  }

  private static int fma(int a, int b, int c) {
    float sum = Math.fma(Float.intBitsToFloat(a), Float.intBitsToFloat(b), Float.intBitsToFloat(c));
    return Float.floatToRawIntBits(sum);
  }

  private interface FoursFunction {
    int[] apply(int[] a, int[] b);
  }

  private void fours(FoursFunction function, int firstOperand, int secondOperand) {
    int count = targetLanes();
    int[] first = lanes(firstOperand, count);
    int[] second = lanes(secondOperand, count);
    int[] target = new int[count];
    int[] a = new int[4];
    int[] b = new int[4];
    for (int i = 0; i < count; i += 4) {
      System.arraycopy(first, i, a, 0, 4);
      System.arraycopy(second, i, b, 0, 4);
      System.arraycopy(function.apply(a, b), 0, target, i, 4);
    }
    set(target, count);
  }

  /** To the nearest integer, to the even one of two; the lowest one if there is none. */
  private static int rounded(int bits) {
    double value = Math.rint(Float.intBitsToFloat(bits));
    return value >= -0x1p31 && value < 0x1p31 ? (int) value : Integer.MIN_VALUE;
  }

  private static int low(int lane) {
    return (short) lane;
  }

  private static int high(int lane) {
    return lane >> 16;
  }

  private static int words(int low, int high) {
    return (low & 0xffff) | (high << 16);
  }

  private static int saturated(int value, int most) {
    return Math.clamp(value, -most - 1, most);
  }

  private static int packed(int first, int second) {
    return words(saturated(first, Short.MAX_VALUE), saturated(second, Short.MAX_VALUE));
  }

  private static int packedBytes(int first, int second) {
    return (saturated(low(first), Byte.MAX_VALUE) & 0xff)
        | (saturated(high(first), Byte.MAX_VALUE) & 0xff) << 8
        | (saturated(low(second), Byte.MAX_VALUE) & 0xff) << 16
        | (saturated(high(second), Byte.MAX_VALUE) << 24);
  }

  /** The product of a byte without sign and one with a sign. */
  private static int products(int a, int b, int place) {
    return (a >> (8 * place) & 0xff) * (byte) (b >> (8 * place));
  }

  private static int bytes(int a, int b, IntBinaryOperator function) {
    int result = 0;
    for (int i = 0; i < Integer.SIZE; i += Byte.SIZE) {
      result |= (function.applyAsInt((byte) (a >> i), (byte) (b >> i)) & 0xff) << i;
    }
    return result;
  }
}
