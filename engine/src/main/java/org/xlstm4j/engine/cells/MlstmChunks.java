package org.xlstm4j.engine.cells;

import org.jspecify.annotations.Nullable;
import org.xlstm4j.engine.Columns;
import org.xlstm4j.engine.State;
import org.xlstm4j.engine.Team;
import org.xlstm4j.engine.Workspace;

/**
 * Many tokens of an {@link MlstmCell}: the chunk-parallel form. Heads are independent; each member
 * of the team takes some, chunk after chunk, with the head's memory in an array meanwhile.
 */
final class MlstmChunks implements Team.Region {
  private final Team team;
  private final @Nullable MlstmHead[] heads;
  private MlstmCell cell;
  private State state;
  private MlstmCell.Inputs inputs;
  private Columns h;
  private int tokens;

  @SuppressWarnings("NullAway.Init")
  MlstmChunks(Workspace workspace) {
    team = workspace.team();
    heads = new MlstmHead[team.size()];
  }

  void run(MlstmCell newCell, State newState, MlstmCell.Inputs from, int tokenCount, Columns to) {
    cell = newCell;
    state = newState;
    inputs = from;
    h = to;
    tokens = tokenCount;
    team.run(this);
  }

  @Override
  public void run(int member, int members) {
    MlstmHead head = heads[member];
    if (head == null) {
      head = new MlstmHead();
      heads[member] = head;
    }
    int first = cell.heads() * member / members;
    int last = cell.heads() * (member + 1) / members;
    for (int index = first; index < last; index++) {
      head.begin(cell, state, index);
      for (int token = 0; token < tokens; token += MlstmCell.CHUNK) {
        head.chunk(inputs, token, Math.min(MlstmCell.CHUNK, tokens - token), h);
      }
      head.end(state);
    }
  }
}
