package org.xlstm4j.engine.cells;

import org.jspecify.annotations.Nullable;
import org.xlstm4j.engine.kernels.dispatch.KernelFamily;
import org.xlstm4j.engine.kernels.dispatch.KernelNeeds;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.engine.threads.Workspace;
import org.xlstm4j.engine.tokens.Columns;

/**
 * Many tokens of an {@link MlstmCell}: the chunk-parallel form, or with a chunk as long as the
 * whole sequence the quadratic one. Heads and sequences are independent of each other; each member
 * of the team takes some heads of some sequences, chunk after chunk, with the head's memory in an
 * array meanwhile.
 */
final class MlstmChunks implements Team.Region {
  private final Team team;
  private final @Nullable MlstmHead[] heads;
  private MlstmCell cell;
  private int chunk;
  private MlstmCell.Inputs inputs;
  private Columns h;

  /** State, number of tokens and first token of each sequence. */
  private @Nullable State[] states = new State[1];

  private int[] lengths = new int[1];
  private int[] starts = new int[1];
  private int sequences;

  @SuppressWarnings("NullAway.Init")
  MlstmChunks(Workspace workspace) {
    team = workspace.team();
    heads = new MlstmHead[team.size()];
  }

  /**
   * Runs some tokens.
   *
   * @param newState the session's, updated; or null to begin with an empty memory, which nobody
   *     needs afterwards
   * @param chunkLength most tokens a chunk
   */
  void run(
      MlstmCell newCell,
      @Nullable State newState,
      MlstmCell.Inputs from,
      int tokenCount,
      int chunkLength,
      Columns to) {
    states[0] = newState;
    lengths[0] = tokenCount;
    starts[0] = 0;
    sequences = 1;
    run(newCell, from, chunkLength, to);
  }

  /**
   * Runs the tokens of several sequences.
   *
   * @param several with their states, which are updated
   * @param chunkLength most tokens a chunk
   */
  void run(
      MlstmCell newCell, Sequences several, MlstmCell.Inputs from, int chunkLength, Columns to) {
    sequences = several.count();
    if (states.length < sequences) {
      states = new State[sequences];
      lengths = new int[sequences];
      starts = new int[sequences];
    }
    int start = 0;
    for (int sequence = 0; sequence < sequences; sequence++) {
      states[sequence] = several.states().get(sequence);
      lengths[sequence] = several.lengths().get(sequence);
      starts[sequence] = start;
      start += lengths[sequence];
    }
    run(newCell, from, chunkLength, to);
  }

  private void run(MlstmCell newCell, MlstmCell.Inputs from, int chunkLength, Columns to) {
    cell = newCell;
    inputs = from;
    h = to;
    chunk = chunkLength;
    KernelNeeds.want(KernelFamily.TILES);
    team.run(this);
  }

  @Override
  public void run(int member, int members) {
    MlstmHead head = heads[member];
    if (head == null) {
      head = new MlstmHead();
      heads[member] = head;
    }
    int units = sequences * cell.heads();
    for (int unit = units * member / members; unit < units * (member + 1) / members; unit++) {
      run(head, unit / cell.heads(), unit % cell.heads());
    }
  }

  private void run(MlstmHead head, int sequence, int index) {
    State state = states[sequence];
    int end = starts[sequence] + lengths[sequence];
    head.begin(cell, state, index, Math.min(chunk, lengths[sequence]));
    for (int token = starts[sequence]; token < end; token += chunk) {
      int length = Math.min(chunk, end - token);
      boolean ends = state == null && token + length == end;
      head.chunk(inputs, token, length, ends, h);
    }
    if (state != null) {
      head.end(state);
    }
  }
}
