package org.xlstm4j.engine.machine.arm.interpreter;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.function.IntBinaryOperator;
import java.util.function.IntUnaryOperator;
import org.xlstm4j.engine.machine.arm.assembler.A64Lane;
import org.xlstm4j.engine.machine.arm.assembler.A64Number;
import org.xlstm4j.engine.machine.arm.assembler.A64Operand;
import org.xlstm4j.engine.machine.arm.assembler.A64Operation;
import org.xlstm4j.engine.machine.arm.assembler.A64Vector;
import org.xlstm4j.engine.machine.interpreter.InterpretedMemory;

/** The vector registers and what instructions do to them. */
final class VectorUnit {
  private static final int LANES = A64Vector.LANES;

  private final ByteBuffer[] registers = new ByteBuffer[A64Vector.COUNT];
  private List<A64Operand> operands = List.of();

  VectorUnit() {
    for (int i = 0; i < registers.length; i++) {
      registers[i] = empty();
      for (int lane = 0; lane < LANES; lane++) {
        registers[i].putInt(4 * lane, 0x7fedcba9 + i);
      }
    }
  }

  private static ByteBuffer empty() {
    return ByteBuffer.allocate(A64Vector.BYTES).order(ByteOrder.LITTLE_ENDIAN);
  }

  long lower(A64Vector vector) {
    return registers[vector.number()].getLong(0);
  }

  int lowest(A64Vector vector) {
    return registers[vector.number()].getInt(0);
  }

  /** The other lanes become zeros. */
  void setLowest(A64Vector vector, int value) {
    registers[vector.number()] = empty().putInt(0, value);
  }

  void fill(A64Vector vector, int value) {
    for (int lane = 0; lane < LANES; lane++) {
      registers[vector.number()].putInt(4 * lane, value);
    }
  }

  /** Loads some bytes; the others become zeros. */
  void load(A64Vector vector, InterpretedMemory memory, long address, int bytes) {
    ByteBuffer loaded = empty();
    for (int i = 0; i < bytes; i++) {
      loaded.put(i, memory.readByte(address + i));
    }
    registers[vector.number()] = loaded;
  }

  void store(A64Vector vector, InterpretedMemory memory, long address, int bytes) {
    ByteBuffer stored = registers[vector.number()];
    for (int i = 0; i < bytes; i += Integer.BYTES) {
      memory.write(address + i, stored.getInt(i));
    }
  }

  void execute(A64Operation operation, List<A64Operand> operandList) {
    operands = operandList;
    switch (operation) {
      case ADD_LANES -> integers(Integer::sum);
      case SUB_LANES -> integers((a, b) -> a - b);
      case AND_LANES -> integers((a, b) -> a & b);
      case EOR_LANES -> integers((a, b) -> a ^ b);
      case ORR_LANES -> integers((a, b) -> a | b);
      case SMAX -> integers(Math::max);
      case BSL ->
          setLanes(lane -> (word(0, lane) & word(1, lane)) | (~word(0, lane) & word(2, lane)));
      case NEG_LANES -> setLanes(lane -> -word(1, lane));
      case SHL -> setLanes(lane -> word(1, lane) << number(2));
      case SSHR -> setLanes(lane -> word(1, lane) >> number(2));
      case USHR -> setLanes(lane -> word(1, lane) >>> number(2));
      case USHR_B -> setBytes(16, i -> Byte.toUnsignedInt(register(1).get(i)) >>> number(2));
      case USHLL -> setLanes(lane -> unsignedHalf(1, lane) << number(2));
      case SHLL -> setLanes(lane -> unsignedHalf(1, lane) << Short.SIZE);
      case SHLL2 -> setLanes(lane -> unsignedHalf(1, LANES + lane) << Short.SIZE);
      case MOVI_ZERO -> setLanes(lane -> 0);
      case DUP -> {
        int value = element(1);
        setLanes(lane -> value);
      }
      case MLA_ELEMENT -> {
        int factor = element(2);
        setLanes(lane -> word(0, lane) + word(1, lane) * factor);
      }
      case ADDP -> setLanes(lane -> pair(lane, 0) + pair(lane, 1));
      case ADDV -> setLowest(sum());
      case SMAXV -> setLowest(largest());
      case FABS -> setLanes(lane -> word(1, lane) & Integer.MAX_VALUE);
      case FADD -> floats(Float::sum);
      case FSUB -> floats((a, b) -> a - b);
      case FMUL -> floats((a, b) -> a * b);
      case FDIV -> floats((a, b) -> a / b);
      case FMAX -> floats(Math::max);
      case FMIN -> floats(Math::min);
      case FMLA -> setFloats(lane -> Math.fma(real(1, lane), real(2, lane), real(0, lane)));
      case FMLS -> setFloats(lane -> Math.fma(-real(1, lane), real(2, lane), real(0, lane)));
      case FMLA_ELEMENT -> {
        float factor = Float.intBitsToFloat(element(2));
        setFloats(lane -> Math.fma(real(1, lane), factor, real(0, lane)));
      }
      case FMUL_ELEMENT -> {
        float factor = Float.intBitsToFloat(element(2));
        setFloats(lane -> real(1, lane) * factor);
      }
      case FADDP ->
          setFloats(
              lane -> Float.intBitsToFloat(pair(lane, 0)) + Float.intBitsToFloat(pair(lane, 1)));
      case FADDP_S -> setLowest(real(1, 0) + real(1, 1));
      case FADD_S -> setLowest(real(1, 0) + real(2, 0));
      case FMUL_S -> setLowest(real(1, 0) * real(2, 0));
      case FDIV_S -> setLowest(real(1, 0) / real(2, 0));
      case FMADD_S -> setLowest(Math.fma(real(1, 0), real(2, 0), real(3, 0)));
      case FSQRT_S -> setLowest((float) Math.sqrt(real(1, 0)));
      case FMOV_S -> setLowest(word(1, 0));
      case FCVT_S_H -> setLowest(Float.float16ToFloat((short) unsignedHalf(1, 0)));
      case FCVTL -> setFloats(lane -> Float.float16ToFloat((short) unsignedHalf(1, lane)));
      case FCVTL2 -> setFloats(lane -> Float.float16ToFloat((short) unsignedHalf(1, LANES + lane)));
      case FCVTNS -> setLanes(lane -> (int) Math.rint(real(1, lane)));
      case SCVTF -> setFloats(lane -> (float) word(1, lane));
      case SMULL -> setHalves(i -> factor(1, i) * factor(2, i));
      case SMULL2 -> setHalves(i -> factor(1, 8 + i) * factor(2, 8 + i));
      case SMLAL -> setHalves(i -> half(0, i) + factor(1, i) * factor(2, i));
      case SMLAL2 -> setHalves(i -> half(0, i) + factor(1, 8 + i) * factor(2, 8 + i));
      case SADDLP -> setLanes(lane -> half(1, 2 * lane) + half(1, 2 * lane + 1));
      case SADALP -> setLanes(lane -> word(0, lane) + half(1, 2 * lane) + half(1, 2 * lane + 1));
      case SDOT -> setLanes(lane -> dot(word(0, lane), 4 * lane, 4 * lane, 4));
      case SDOT_ELEMENT -> {
        int first = 4 * ((A64Lane) operands.get(2)).index();
        setLanes(lane -> dot(word(0, lane), 4 * lane, first, 4));
      }
      case SMMLA -> setLanes(lane -> dot(word(0, lane), 8 * (lane / 2), 8 * (lane % 2), 8));
      case SQXTN -> narrow(0);
      case SQXTN2 -> narrow(8);
      case SQXTN_B -> narrowBytes(0);
      case SQXTN2_B -> narrowBytes(8);
      case UZP1 -> setLanes(lane -> word(1 + lane / 2, 2 * (lane % 2)));
      case UZP2 -> setLanes(lane -> word(1 + lane / 2, 2 * (lane % 2) + 1));
      case ZIP1 -> setLanes(lane -> word(1 + lane % 2, lane / 2));
      case ZIP2 -> setLanes(lane -> word(1 + lane % 2, 2 + lane / 2));
      case ZIP1_D -> setLanes(lane -> word(1 + lane / 2, lane % 2));
      case ZIP2_D -> setLanes(lane -> word(1 + lane / 2, 2 + lane % 2));
      default -> throw new IllegalStateException("the interpreter does not know " + operation);
    }
  }

  /** What becomes of a lane. */
  private interface LaneOfFloats {
    float at(int lane);
  }

  private interface FloatOperator {
    float of(float first, float second);
  }

  private void integers(IntBinaryOperator operator) {
    setLanes(lane -> operator.applyAsInt(word(1, lane), word(2, lane)));
  }

  private void floats(FloatOperator operator) {
    setFloats(lane -> operator.of(real(1, lane), real(2, lane)));
  }

  private void setLanes(IntUnaryOperator lanes) {
    ByteBuffer result = empty();
    for (int lane = 0; lane < LANES; lane++) {
      result.putInt(4 * lane, lanes.applyAsInt(lane));
    }
    set(result);
  }

  private void setFloats(LaneOfFloats lanes) {
    setLanes(lane -> Float.floatToRawIntBits(lanes.at(lane)));
  }

  private void setHalves(IntUnaryOperator halves) {
    ByteBuffer result = empty();
    for (int i = 0; i < 8; i++) {
      int value = halves.applyAsInt(i);
      if (value != (short) value) {
        throw new IllegalStateException(value + " does not fit 16 bits");
      }
      result.putShort(2 * i, (short) value);
    }
    set(result);
  }

  private void setBytes(int count, IntUnaryOperator bytes) {
    ByteBuffer result = empty();
    for (int i = 0; i < count; i++) {
      result.put(i, (byte) bytes.applyAsInt(i));
    }
    set(result);
  }

  private void setLowest(int value) {
    setLowest((A64Vector) operands.getFirst(), value);
  }

  private void setLowest(float value) {
    setLowest(Float.floatToRawIntBits(value));
  }

  /**
   * Four lanes become halves from a byte on; the part below stays, the part above becomes zeros.
   */
  private void narrow(int from) {
    ByteBuffer result = empty();
    result.putLong(0, from == 0 ? 0 : register(0).getLong(0));
    for (int lane = 0; lane < LANES; lane++) {
      int value = Math.clamp(word(1, lane), Short.MIN_VALUE, Short.MAX_VALUE);
      result.putShort(from + 2 * lane, (short) value);
    }
    set(result);
  }

  private void narrowBytes(int from) {
    ByteBuffer result = empty();
    result.putLong(0, from == 0 ? 0 : register(0).getLong(0));
    for (int i = 0; i < 8; i++) {
      result.put(from + i, (byte) Math.clamp(half(1, i), Byte.MIN_VALUE, Byte.MAX_VALUE));
    }
    set(result);
  }

  private void set(ByteBuffer result) {
    registers[operands.getFirst().number()] = result;
  }

  private ByteBuffer register(int operand) {
    return registers[operands.get(operand).number()];
  }

  private int word(int operand, int lane) {
    return register(operand).getInt(4 * lane);
  }

  private float real(int operand, int lane) {
    return register(operand).getFloat(4 * lane);
  }

  private int half(int operand, int index) {
    return register(operand).getShort(2 * index);
  }

  private int unsignedHalf(int operand, int index) {
    return Short.toUnsignedInt(register(operand).getShort(2 * index));
  }

  private int factor(int operand, int index) {
    return register(operand).get(index);
  }

  private int element(int operand) {
    A64Lane lane = (A64Lane) operands.get(operand);
    return registers[lane.number()].getInt(4 * lane.index());
  }

  private int number(int operand) {
    return ((A64Number) operands.get(operand)).value();
  }

  /** One of two neighbors, of the second and third operand as one. */
  private int pair(int lane, int which) {
    return word(1 + lane / 2, 2 * (lane % 2) + which);
  }

  private int sum() {
    int sum = 0;
    for (int lane = 0; lane < LANES; lane++) {
      sum += word(1, lane);
    }
    return sum;
  }

  private int largest() {
    int largest = Integer.MIN_VALUE;
    for (int lane = 0; lane < LANES; lane++) {
      largest = Math.max(largest, word(1, lane));
    }
    return largest;
  }

  private int dot(int start, int first, int second, int count) {
    int sum = start;
    for (int i = 0; i < count; i++) {
      sum += factor(1, first + i) * factor(2, second + i);
    }
    return sum;
  }
}
