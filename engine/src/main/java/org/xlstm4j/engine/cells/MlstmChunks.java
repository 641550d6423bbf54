package org.xlstm4j.engine.cells;

import org.jspecify.annotations.Nullable;
import org.xlstm4j.engine.kernels.dispatch.KernelFamily;
import org.xlstm4j.engine.kernels.dispatch.KernelNeeds;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.engine.threads.Workspace;
import org.xlstm4j.engine.tokens.Columns;

/**
 * Many tokens of an {@link MlstmCell}: the chunk-parallel form, or with a chunk as long as the
 * whole sequence the quadratic one. Heads are independent; each member of the team takes some,
 * chunk after chunk, with the head's memory in an array meanwhile.
 */
final class MlstmChunks implements Team.Region {
  private final Team team;
  private final @Nullable MlstmHead[] heads;
  private MlstmCell cell;
  private @Nullable State state;
  private int chunk;
  private MlstmCell.Inputs inputs;
  private Columns h;
  private int tokens;

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
    cell = newCell;
    state = newState;
    inputs = from;
    h = to;
    tokens = tokenCount;
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
    int first = cell.heads() * member / members;
    int last = cell.heads() * (member + 1) / members;
    for (int index = first; index < last; index++) {
      head.begin(cell, state, index, chunk);
      for (int token = 0; token < tokens; token += chunk) {
        int length = Math.min(chunk, tokens - token);
        boolean ends = state == null && token + length == tokens;
        head.chunk(inputs, token, length, ends, h);
      }
      if (state != null) {
        head.end(state);
      }
    }
  }
}
