package org.xlstm4j.engine.cells;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.xlstm4j.engine.kernels.MlstmKernels;
import org.xlstm4j.engine.kernels.MlstmTokens;
import org.xlstm4j.engine.kernels.dispatch.Kernels;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.engine.threads.Workspace;
import org.xlstm4j.engine.tokens.Columns;

/**
 * A few tokens of an {@link MlstmCell}: the recurrent form. Gates, stabilizers and normalizers are
 * a few numbers a head and computed by the caller; the matrix memories are cut into bands of value
 * columns, one band a member of the team, each read and written once for all tokens.
 */
final class MlstmStep implements Team.Region {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

  /** Bands start at multiples of this many columns: one 512-bit vector. */
  private static final int BAND = 16;

  /** Most tokens of a call. */
  static final int MAX_TOKENS = MlstmKernels.MAX_TOKENS;

  private final Team team;
  private final MlstmTokens operands = new MlstmTokens();
  private float[] normalizer = new float[0];
  private MlstmCell cell;
  private State state;

  @SuppressWarnings("NullAway.Init")
  MlstmStep(Workspace workspace) {
    team = workspace.team();
  }

  void run(MlstmCell newCell, State newState, MlstmCell.Inputs inputs, int tokens, Columns to) {
    cell = newCell;
    state = newState;
    cell.wantKernels(tokens);
    operands.begin(tokens, cell.heads(), cell.keyWidth(), inputs.value(), cell.valueWidth(), to);
    if (normalizer.length < cell.keyWidth()) {
      normalizer = new float[cell.keyWidth()];
    }
    for (int head = 0; head < cell.heads(); head++) {
      for (int token = 0; token < tokens; token++) {
        gate(inputs, head, token);
      }
    }
    team.run(this);
  }

  /** Gates, stabilizer, normalizer and what scales the result, for one head and token. */
  private void gate(MlstmCell.Inputs inputs, int head, int token) {
    MemorySegment memory = state.segment();
    float inputGate = inputs.inputGate().data()[inputs.inputGate().at(token) + head];
    float forgetGate = inputs.forgetGate().data()[inputs.forgetGate().at(token) + head];
    float m = memory.get(FLOAT, cell.stabilizerOffset(head));

    float logForget = logSigmoid(forgetGate);
    float stabilizer = Math.max(logForget + m, inputGate);
    float forget = (float) Math.exp(logForget + m - stabilizer);
    float input = (float) Math.exp(inputGate - stabilizer);
    memory.set(FLOAT, cell.stabilizerOffset(head), stabilizer);

    int width = cell.keyWidth();
    float[] key = operands.keys();
    float[] query = operands.queries();
    int at = operands.keyAt(head, token);
    int keyFrom = inputs.key().at(token) + head * width;
    int queryFrom = inputs.query().at(token) + head * width;
    System.arraycopy(inputs.key().data(), keyFrom, key, at, width);
    System.arraycopy(inputs.query().data(), queryFrom, query, at, width);

    long normalizerAt = cell.normalizerOffset(head);
    MemorySegment.copy(memory, FLOAT, normalizerAt, normalizer, 0, width);
    float unscaled =
        Kernels.math()
            .normalizerStep(input * cell.keyScale(), forget, key, query, at, width, normalizer);
    MemorySegment.copy(normalizer, 0, memory, FLOAT, normalizerAt, width);

    // the queries' factor is put on what they are multiplied into
    float product = cell.queryScale() * unscaled;
    float bound = (float) Math.exp(-stabilizer);
    float scale = cell.queryScale() / (Math.max(Math.abs(product), bound) + cell.epsilon());
    operands.setGates(head, token, forget, scale);
  }

  /** Log of the logistic function, without overflow for any input. */
  private static float logSigmoid(float x) {
    return (float) (Math.min(x, 0) - Math.log1p(Math.exp(-Math.abs((double) x))));
  }

  @Override
  public void run(int member, int members) {
    int width = cell.valueWidth();
    int bands = (cell.heads() * width + BAND - 1) / BAND;
    int first = (int) ((long) bands * member / members) * BAND;
    int last = Math.min((int) ((long) bands * (member + 1) / members) * BAND, cell.heads() * width);
    MlstmKernels kernels = cell.kernels(operands.count());
    for (int head = first / width; head * width < last; head++) {
      int from = Math.max(first - head * width, 0);
      int to = Math.min(last - head * width, width);
      long memory = cell.memoryOffset(head);
      kernels.matrixMemoryStep(operands, head, state.segment(), memory, from, to);
    }
  }
}
