package org.xlstm4j.engine.cells;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.xlstm4j.engine.kernels.MathKernels;
import org.xlstm4j.engine.kernels.MlstmKernels;
import org.xlstm4j.engine.kernels.MlstmTokens;
import org.xlstm4j.engine.kernels.dispatch.Kernels;
import org.xlstm4j.engine.tokens.Columns;

/**
 * A few tokens of one sequence in an {@link MlstmCell}: the recurrent form. Gates, stabilizers and
 * normalizers are a few numbers a head and computed at once; the matrix memories in bands of value
 * columns, each read and written once for all tokens.
 */
final class MlstmStep {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

  /** Most tokens of a call. */
  static final int MAX_TOKENS = MlstmKernels.MAX_TOKENS;

  /** Of a head and token: the exponents of the forget gate, of the input gate, and of -m. */
  private static final int EXPONENTS = 3;

  /** Of a head and token among the normalizer's steps ({@link MathKernels#normalizerSteps}). */
  private static final int STEP = 4;

  private final MlstmTokens operands = new MlstmTokens();

  /** {@code [heads][tokens]}. */
  private float[] logForget = new float[0];

  /** {@code [heads][tokens][forget input bound]}, and before that the raw forget gates. */
  private float[] exponents = new float[0];

  private float[] steps = new float[0];
  private MlstmCell cell;
  private State state;

  @SuppressWarnings("NullAway.Init")
  MlstmStep() {}

  /**
   * Computes everything but the matrix memories.
   *
   * @param first index of the first token among those of the inputs and results
   * @param tokens how many, at most {@link #MAX_TOKENS}
   */
  void begin(
      MlstmCell newCell,
      State newState,
      MlstmCell.Inputs inputs,
      int first,
      int tokens,
      Columns to) {
    cell = newCell;
    state = newState;
    cell.wantKernels(tokens);
    operands.begin(tokens, cell.heads(), cell.keyWidth(), inputs.value(), cell.valueWidth(), to);
    operands.startAt(first);
    reserve(cell.heads() * tokens);
    stabilize(inputs, first, tokens);
    normalize(inputs, first, tokens);
  }

  private void reserve(int pairs) {
    if (logForget.length < pairs) {
      logForget = new float[pairs];
      exponents = new float[pairs * EXPONENTS];
    }
    int length = pairs * STEP + cell.heads() * cell.keyWidth();
    if (steps.length < length) {
      steps = new float[length];
    }
  }

  /** The stabilizers, and the gates that they make of the raw ones. */
  private void stabilize(MlstmCell.Inputs inputs, int first, int tokens) {
    MathKernels math = Kernels.math();
    MemorySegment memory = state.segment();
    int pairs = cell.heads() * tokens;
    for (int head = 0; head < cell.heads(); head++) {
      for (int token = 0; token < tokens; token++) {
        int gate = inputs.forgetGate().at(first + token) + head;
        exponents[operands.index(head, token)] = inputs.forgetGate().data()[gate];
      }
    }
    math.logSigmoid(exponents, 0, pairs, logForget, 0);
    for (int head = 0; head < cell.heads(); head++) {
      float m = memory.get(FLOAT, cell.stabilizerOffset(head));
      for (int token = 0; token < tokens; token++) {
        int index = operands.index(head, token);
        int gate = inputs.inputGate().at(first + token) + head;
        float inputGate = inputs.inputGate().data()[gate];
        float kept = logForget[index] + m;
        m = Math.max(kept, inputGate);
        exponents[EXPONENTS * index] = kept - m;
        exponents[EXPONENTS * index + 1] = inputGate - m;
        exponents[EXPONENTS * index + 2] = -m;
      }
      memory.set(FLOAT, cell.stabilizerOffset(head), m);
    }
    math.exp(exponents, 0, EXPONENTS * pairs, exponents, 0);
  }

  /** The normalizers, what scales the results, and keys as the memories take them. */
  private void normalize(MlstmCell.Inputs inputs, int first, int tokens) {
    int width = cell.keyWidth();
    int pairs = cell.heads() * tokens;
    for (int head = 0; head < cell.heads(); head++) {
      for (int token = 0; token < tokens; token++) {
        int index = operands.index(head, token);
        int at = operands.keyAt(head, token);
        int keyFrom = inputs.key().at(first + token) + head * width;
        int queryFrom = inputs.query().at(first + token) + head * width;
        System.arraycopy(inputs.key().data(), keyFrom, operands.keys(), at, width);
        System.arraycopy(inputs.query().data(), queryFrom, operands.queries(), at, width);
        steps[STEP * index] = exponents[EXPONENTS * index + 1] * cell.keyScale();
        steps[STEP * index + 1] = exponents[EXPONENTS * index];
      }
    }
    int normalizers = cell.heads() * width;
    MemorySegment memory = state.segment();
    long at = cell.normalizerOffset(0);
    MemorySegment.copy(memory, FLOAT, at, steps, STEP * pairs, normalizers);
    Kernels.math()
        .normalizerSteps(cell.heads(), tokens, width, operands.keys(), operands.queries(), steps);
    MemorySegment.copy(steps, STEP * pairs, memory, FLOAT, at, normalizers);
    for (int head = 0; head < cell.heads(); head++) {
      for (int token = 0; token < tokens; token++) {
        int index = operands.index(head, token);
        // the queries' factor is put on what they are multiplied into
        float product = cell.queryScale() * steps[STEP * index + 2];
        float bound = exponents[EXPONENTS * index + 2];
        float scale = cell.queryScale() / (Math.max(Math.abs(product), bound) + cell.epsilon());
        operands.setGates(head, token, exponents[EXPONENTS * index], scale);
      }
    }
  }

  /** Computes some columns of the matrix memories, those of all heads side by side. */
  void run(int first, int last) {
    int width = cell.valueWidth();
    MlstmKernels kernels = cell.kernels(operands.count());
    for (int head = first / width; head * width < last; head++) {
      int from = Math.max(first - head * width, 0);
      int to = Math.min(last - head * width, width);
      long memory = cell.memoryOffset(head);
      kernels.matrixMemoryStep(operands, head, state.segment(), memory, from, to);
    }
  }
}
