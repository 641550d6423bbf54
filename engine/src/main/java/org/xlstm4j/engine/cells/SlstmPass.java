package org.xlstm4j.engine.cells;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.xlstm4j.engine.kernels.Bfloat16;
import org.xlstm4j.engine.kernels.MathKernels;
import org.xlstm4j.engine.kernels.SlstmKernels;
import org.xlstm4j.engine.kernels.dispatch.Kernels;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.engine.threads.Workspace;
import org.xlstm4j.engine.tokens.Columns;

/**
 * Some tokens of an {@link SlstmCell}. Heads and sequences are independent of each other, so with
 * many tokens each member of the team walks the whole of some sequences in some heads; with one
 * token the members share the panels of all heads' recurrent weights, and the caller does the few
 * elementwise operations.
 */
final class SlstmPass implements Team.Region {
  private static final int GATES = RecurrentWeights.GATES;

  /** Multiplications below which a single member is faster than calling the others. */
  private static final long WORTH_SHARING = 1 << 17;

  private final Team team;

  /** {@code [sequences][heads][channels]} each: the states in padded rows while the pass runs. */
  private float[] y = new float[0];

  private float[] c = new float[0];
  private float[] n = new float[0];
  private float[] m = new float[0];

  /**
   * {@code [sequences][heads][i f z o][channels]}: R y, then raw gates; and what the functions make
   * of them.
   */
  private float[] raw = new float[0];

  private float[] gates = new float[0];

  private SlstmCell cell;
  private RecurrentWeights weights;
  private Columns inputs;
  private Columns h;
  private boolean shared;

  /** State, number of tokens and first token of each sequence. */
  private State[] states = new State[1];

  private int[] lengths = new int[1];
  private int[] starts = new int[1];
  private int sequences;

  @SuppressWarnings("NullAway.Init")
  SlstmPass(Workspace workspace) {
    team = workspace.team();
  }

  void run(SlstmCell newCell, State state, Columns from, int tokens, Columns to) {
    states[0] = state;
    lengths[0] = tokens;
    starts[0] = 0;
    sequences = 1;
    run(newCell, from, tokens, to);
  }

  void run(SlstmCell newCell, Sequences several, Columns from, Columns to) {
    sequences = several.count();
    if (states.length < sequences) {
      states = new State[sequences];
      lengths = new int[sequences];
      starts = new int[sequences];
    }
    int tokens = 0;
    for (int sequence = 0; sequence < sequences; sequence++) {
      states[sequence] = several.states().get(sequence);
      lengths[sequence] = several.lengths().get(sequence);
      starts[sequence] = tokens;
      tokens += lengths[sequence];
    }
    run(newCell, from, tokens, to);
  }

  private void run(SlstmCell newCell, Columns from, int tokens, Columns to) {
    cell = newCell;
    weights = cell.weights();
    inputs = from;
    h = to;
    int heads = weights.heads();
    reserve(sequences * heads * weights.channels());
    copyStates(true);
    long products = (long) tokens * GATES * heads * weights.headWidth() * weights.headWidth();
    shared = false;
    if (team.size() == 1 || products < WORTH_SHARING) {
      run(0, 1);
    } else if (tokens > 1) {
      team.run(this);
    } else {
      shared = true;
      team.run(this);
      for (int head = 0; head < heads; head++) {
        update(head, head, 0);
      }
    }
    copyStates(false);
  }

  private void reserve(int width) {
    if (y.length < width) {
      y = new float[width];
      c = new float[width];
      n = new float[width];
      m = new float[width];
      raw = new float[GATES * width];
      gates = new float[GATES * width];
    }
  }

  /** Padding channels start at zero; nothing ever reads what becomes of them. */
  private void copyStates(boolean in) {
    int heads = weights.heads();
    for (int sequence = 0; sequence < sequences; sequence++) {
      MemorySegment state = states[sequence].segment();
      for (int head = 0; head < heads; head++) {
        int row = (sequence * heads + head) * weights.channels();
        copy(state, cell.memoryOffset(0, head), y, row, in);
        copy(state, cell.memoryOffset(1, head), c, row, in);
        copy(state, cell.memoryOffset(2, head), n, row, in);
        copy(state, cell.memoryOffset(3, head), m, row, in);
      }
    }
  }

  private void copy(MemorySegment state, long at, float[] part, int from, boolean in) {
    int channels = weights.channels();
    int width = weights.headWidth();
    if (in) {
      MemorySegment.copy(state, ValueLayout.JAVA_FLOAT, at, part, from, width);
      for (int padding = width; padding < channels; padding++) {
        part[from + padding] = 0;
      }
    } else {
      MemorySegment.copy(part, from, state, ValueLayout.JAVA_FLOAT, at, width);
    }
  }

  @Override
  public void run(int member, int members) {
    int heads = weights.heads();
    int panels = weights.panelsOfHead();
    if (shared) {
      int first = (int) ((long) heads * panels * member / members);
      int last = (int) ((long) heads * panels * (member + 1) / members);
      for (int head = first / panels; head * panels < last; head++) {
        int from = Math.max(first - head * panels, 0);
        multiply(head, head, from, Math.min(last - head * panels, panels));
      }
      return;
    }
    // sequences of one head in a row: its weights then stay in the cache
    int units = heads * sequences;
    for (int unit = units * member / members; unit < units * (member + 1) / members; unit++) {
      int head = unit / sequences;
      int sequence = unit % sequences;
      int row = sequence * heads + head;
      for (int token = 0; token < lengths[sequence]; token++) {
        multiply(row, head, 0, panels);
        update(row, head, starts[sequence] + token);
      }
    }
  }

  /** R y of some panels; {@code row} is the sequence's head among all of all sequences. */
  private void multiply(int row, int head, int firstPanel, int lastPanel) {
    int channels = weights.channels();
    int from = row * channels;
    weights.multiply(head, firstPanel, lastPanel, y, from, raw, GATES * from);
    if (cell.rounds()) {
      int at = GATES * from + firstPanel * SlstmKernels.PANEL;
      Bfloat16.round(raw, at, (lastPanel - firstPanel) * SlstmKernels.PANEL);
    }
  }

  /** Everything of a step after R y, for one head of one sequence. */
  private void update(int sequenceHead, int head, int token) {
    int channels = weights.channels();
    int width = weights.headWidth();
    int row = sequenceHead * channels;
    int first = GATES * row;
    addInputs(head, token, first);

    MathKernels math = Kernels.math();
    int forget = first + channels;
    if (cell.forgetCeiling() < Float.POSITIVE_INFINITY) {
      for (int channel = 0; channel < channels; channel++) {
        raw[forget + channel] = Math.min(raw[forget + channel], cell.forgetCeiling());
      }
    }
    System.arraycopy(raw, first, gates, first, channels);
    math.logSigmoid(raw, forget, channels, gates, forget);
    math.tanh(raw, forget + channels, channels, gates, forget + channels);
    math.sigmoid(raw, forget + 2 * channels, channels, gates, forget + 2 * channels);
    Kernels.slstm().stabilizeGates(gates, first, channels, n, m, row, channels);
    math.exp(gates, first, 2 * channels, gates, first);
    Kernels.slstm().scalarMemoryStep(gates, first, channels, c, n, row, channels);
    System.arraycopy(gates, first + 3 * channels, y, row, channels);
    if (cell.rounds()) {
      Bfloat16.round(y, row, channels);
      Bfloat16.round(c, row, channels);
      Bfloat16.round(n, row, channels);
      Bfloat16.round(m, row, channels);
    }
    System.arraycopy(y, row, h.data(), h.at(token) + head * width, width);
  }

  private void addInputs(int head, int token, int first) {
    int width = weights.headWidth();
    int channels = weights.channels();
    int stored = GATES * head * width;
    float[] x = inputs.data();
    int from = inputs.at(token) + stored;
    if (cell.rounds()) {
      Bfloat16.round(x, from, GATES * width);
    }
    // without padding the four gates lie side by side
    int pieces = width == channels ? 1 : GATES;
    int length = GATES * width / pieces;
    MathKernels math = Kernels.math();
    for (int piece = 0; piece < pieces; piece++) {
      int to = first + piece * channels;
      math.add(x, from + piece * width, length, raw, to);
      math.add(cell.bias(), stored + piece * width, length, raw, to);
    }
  }
}
