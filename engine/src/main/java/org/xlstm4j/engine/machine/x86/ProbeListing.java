package org.xlstm4j.engine.machine.x86;

import static org.xlstm4j.engine.machine.x86.assembler.General.R10;
import static org.xlstm4j.engine.machine.x86.assembler.General.RAX;
import static org.xlstm4j.engine.machine.x86.assembler.General.RBP;
import static org.xlstm4j.engine.machine.x86.assembler.General.RBX;
import static org.xlstm4j.engine.machine.x86.assembler.General.RDI;
import static org.xlstm4j.engine.machine.x86.assembler.General.RDX;
import static org.xlstm4j.engine.machine.x86.assembler.General.RSI;
import static org.xlstm4j.engine.machine.x86.assembler.Operation.*;

import org.xlstm4j.engine.machine.MachineProbeKernels;
import org.xlstm4j.engine.machine.code.CacheLine;
import org.xlstm4j.engine.machine.x86.assembler.General;
import org.xlstm4j.engine.machine.x86.assembler.Label;
import org.xlstm4j.engine.machine.x86.assembler.Listing;
import org.xlstm4j.engine.machine.x86.assembler.Memory;
import org.xlstm4j.engine.machine.x86.assembler.Tile;
import org.xlstm4j.engine.machine.x86.assembler.Vector;

/** Loops that reach a limit of the machine, for {@link MachineProbeKernels}. */
final class ProbeListing {
  /** Independent sums: enough for two multipliers of a latency of five. */
  static final int SUMS = 12;

  /** Independent tiles of sums: more than the multiplier is at work on. */
  static final int TILES = 4;

  /** Bytes of each stream that a turn takes. */
  private static final int TURN = 128;

  private final Listing code = new Listing();
  private final int vectorBytes;

  private ProbeListing(int vectorBytes) {
    this.vectorBytes = vectorBytes;
  }

  /**
   * Reads memory. Arguments: memory; where the range begins; bytes of a stream.
   *
   * @param streams 1, 2, 4 or 8, side by side, one behind the other in the range
   * @param ahead how many bytes ahead lines are asked for; 0 if they are not
   */
  static Listing read(int vectorBytes, int streams, int ahead) {
    ProbeListing probe = new ProbeListing(vectorBytes);
    return probe.walk(
        streams, ahead, (vector, memory) -> probe.code.add(VPADDD, vector, vector, memory));
  }

  /** As {@link #read}, and writes each float {@code x} back as {@code 0.5 x + 0.5}. */
  static Listing update(int vectorBytes, int streams, int ahead) {
    ProbeListing probe = new ProbeListing(vectorBytes);
    Vector half = probe.vector(15);
    return probe.walk(
        streams,
        ahead,
        (vector, memory) -> {
          probe.code.add(VMOVUPS, vector, memory);
          probe.code.add(VFMADD213PS, vector, half, half);
          probe.code.add(VMOVUPS, memory, vector);
        });
  }

  /** Multiplies and adds floats: {@link #SUMS} vectors a round. Arguments: none; rounds. */
  static Listing multiplyAdd(int vectorBytes) {
    ProbeListing probe = new ProbeListing(vectorBytes);
    Vector x = probe.vector(15);
    return probe.compute(sum -> probe.code.add(VFMADD213PS, sum, x, x));
  }

  /** The same of 8-bit integers: a vector of them for each of the sums. */
  static Listing integerMultiplyAdd(int vectorBytes, boolean integerProducts) {
    ProbeListing probe = new ProbeListing(vectorBytes);
    Vector x = probe.vector(15);
    Vector product = probe.vector(14);
    return probe.compute(
        sum -> {
          if (integerProducts) {
            probe.code.add(VPDPBUSD, sum, x, x);
          } else {
            probe.code.add(VPMADDUBSW, product, x, x);
            probe.code.add(VPMADDWD, product, product, x);
            probe.code.add(VPADDD, sum, sum, product);
          }
        });
  }

  /** The same of bfloat16 numbers: {@link #TILES} tiles of sums a round. */
  static Listing tiles() {
    Listing code = new Listing();
    TileFrame frame = new TileFrame(0);
    Tile first = new Tile(TILES);
    Tile second = new Tile(TILES + 1);
    Label next = new Label("next");
    frame.enter(code);
    code.place(next);
    for (int sum = 0; sum < TILES; sum++) {
      code.add(TDPBF16PS, new Tile(sum), first, second);
    }
    code.add(SUB_IMMEDIATE, RSI, 1);
    code.add(JNE, next);
    frame.leave(code);
    return code;
  }

  /** What is done with a vector of memory. */
  private interface Step {
    void add(Vector vector, Memory memory);
  }

  /** What is done with a sum. */
  private interface Round {
    void add(Vector sum);
  }

  private Listing walk(int streams, int ahead, Step step) {
    KernelFunction function = KernelFunction.saving(RBX, RBP);
    Label next = new Label("next");
    function.enter(code);
    code.add(ADD, RDI, RSI);
    code.add(MOV, RBX, RDX);
    code.add(LEA, RBP, RBX.memory(RBX, 2));
    code.add(LEA, R10, RDI.memory(RBX, 4));
    fill(Float.floatToRawIntBits(0.5f));
    code.place(next);
    for (int line = 0; ahead > 0 && line < TURN; line += CacheLine.BYTES) {
      for (int stream = 0; stream < streams; stream++) {
        code.add(PREFETCHT0, place(stream).plus(ahead + line));
      }
    }
    for (int offset = 0; offset < TURN; offset += vectorBytes) {
      for (int stream = 0; stream < streams; stream++) {
        step.add(vector(stream), place(stream).plus(offset));
      }
    }
    code.add(ADD_IMMEDIATE, RDI, TURN);
    code.add(ADD_IMMEDIATE, R10, TURN);
    code.add(SUB_IMMEDIATE, RDX, TURN);
    code.add(JNE, next);
    function.leave(code);
    return code;
  }

  private Listing compute(Round round) {
    KernelFunction function = KernelFunction.saving();
    Label next = new Label("next");
    function.enter(code);
    fill(0);
    code.place(next);
    for (int sum = 0; sum < SUMS; sum++) {
      round.add(vector(sum));
    }
    code.add(SUB_IMMEDIATE, RSI, 1);
    code.add(JNE, next);
    function.leave(code);
    return code;
  }

  /** All registers. */
  private void fill(int bits) {
    code.broadcast(vector(15), RAX, bits);
    for (int i = 0; i < 15; i++) {
      code.add(VMOVUPS, vector(i), vector(15));
    }
  }

  private static Memory place(int stream) {
    General base = stream < 4 ? RDI : R10;
    return base.strided(RBX, RBP, stream % 4);
  }

  private Vector vector(int number) {
    return new Vector(number, vectorBytes);
  }
}
