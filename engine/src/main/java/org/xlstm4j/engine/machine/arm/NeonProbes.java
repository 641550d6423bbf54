package org.xlstm4j.engine.machine.arm;

import static org.xlstm4j.engine.machine.arm.NeonLanes.v;
import static org.xlstm4j.engine.machine.arm.assembler.A64General.*;
import static org.xlstm4j.engine.machine.arm.assembler.A64Operation.*;

import java.util.function.Consumer;
import org.xlstm4j.engine.machine.arm.assembler.A64General;
import org.xlstm4j.engine.machine.arm.assembler.A64Label;
import org.xlstm4j.engine.machine.arm.assembler.A64Listing;
import org.xlstm4j.engine.machine.arm.assembler.A64Vector;
import org.xlstm4j.engine.machine.code.CacheLine;
import org.xlstm4j.engine.machine.code.Code;
import org.xlstm4j.engine.machine.code.MachineLevel;
import org.xlstm4j.engine.machine.code.ProbeCode;

/**
 * Loops that reach a limit of the machine.
 *
 * @param level decides how integers are multiplied
 */
record NeonProbes(MachineLevel level) implements ProbeCode {
  /** Independent sums: enough for four multipliers of a latency of four. */
  private static final int SUMS = 24;

  /** Bytes of each stream that a turn takes. */
  private static final int TURN = 128;

  private static final int PAIR_BYTES = 2 * A64Vector.BYTES;
  private static final A64General[] STREAM = {X8, X9, X10, X11, X12, X13, X14, X15};
  private static final A64Vector X = v(31);

  @Override
  public Code read(int streams, int ahead) {
    A64Listing code = new A64Listing();
    return walk(
        code,
        streams,
        ahead,
        stream -> {
          code.add(LDP_Q, v(24), v(25), stream.thenAdd(PAIR_BYTES));
          code.add(ADD_LANES, v(stream.number() - X8.number()), v(24), v(25));
        });
  }

  @Override
  public Code update(int streams, int ahead) {
    A64Listing code = new A64Listing();
    return walk(
        code,
        streams,
        ahead,
        stream -> {
          code.add(LDP_Q, v(24), v(25), stream.memory());
          for (int i = 0; i < 2; i++) {
            code.move(v(26 + i), X);
            code.add(FMLA, v(26 + i), v(24 + i), X);
          }
          code.add(STP_Q, v(26), v(27), stream.thenAdd(PAIR_BYTES));
        });
  }

  @Override
  public Code multiplyAdd() {
    A64Listing code = new A64Listing();
    return compute(code, sum -> code.add(FMLA, sum, X, X));
  }

  @Override
  public Code integerMultiplyAdd() {
    A64Listing code = new A64Listing();
    return compute(
        code,
        switch (level) {
          case NEON_I8MM -> sum -> code.add(SMMLA, sum, X, X);
          case NEON_DOTPROD -> sum -> code.add(SDOT, sum, X, X);
          default -> sum -> code.add(SMLAL, sum, X, X);
        });
  }

  @Override
  public int products() {
    return SUMS * A64Vector.LANES;
  }

  @Override
  public int integerProducts() {
    return SUMS
        * switch (level) {
          case NEON_I8MM -> 32;
          case NEON_DOTPROD -> 16;
          default -> 8;
        };
  }

  private static A64Listing walk(
      A64Listing code, int streams, int ahead, Consumer<A64General> step) {
    ArmFunction function = ArmFunction.withVectors();
    A64Label next = new A64Label("next");
    function.enter(code);
    code.add(ADD, STREAM[0], X0, X1);
    for (int stream = 1; stream < streams; stream++) {
      code.add(ADD, STREAM[stream], STREAM[stream - 1], X2);
    }
    code.broadcast(X, X1, Float.floatToRawIntBits(0.5f));
    code.place(next);
    for (int line = 0; ahead > 0 && line < TURN; line += CacheLine.BYTES) {
      for (int stream = 0; stream < streams; stream++) {
        code.add(PRFM, STREAM[stream].memory(ahead + line));
      }
    }
    for (int at = 0; at < TURN; at += PAIR_BYTES) {
      for (int stream = 0; stream < streams; stream++) {
        step.accept(STREAM[stream]);
      }
    }
    code.add(SUBS_NUMBER, X2, X2, TURN);
    code.add(B_NE, next);
    function.leave(code);
    return code;
  }

  private static A64Listing compute(A64Listing code, Consumer<A64Vector> round) {
    ArmFunction function = ArmFunction.withVectors();
    A64Label next = new A64Label("next");
    function.enter(code);
    for (int sum = 0; sum < SUMS; sum++) {
      code.clear(v(sum));
    }
    code.clear(X);
    code.place(next);
    for (int sum = 0; sum < SUMS; sum++) {
      round.accept(v(sum));
    }
    code.repeat(X1, next);
    function.leave(code);
    return code;
  }
}
