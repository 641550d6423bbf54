package org.xlstm4j.engine.cells;

import java.util.ArrayList;
import java.util.List;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.engine.threads.Workspace;
import org.xlstm4j.engine.tokens.Columns;

/**
 * A few tokens of each of some sequences in an {@link MlstmCell}, in the recurrent form. The caller
 * computes what is small; the matrix memories of all sequences and heads are cut into bands of
 * value columns, one band a member of the team.
 */
final class MlstmSteps implements Team.Region {
  /** Bands start at multiples of this many columns: one 512-bit vector. */
  private static final int BAND = 16;

  private final Team team;
  private final List<MlstmStep> steps = new ArrayList<>();
  private int sequences;

  /** Columns of all heads' memories of a sequence. */
  private int columns;

  MlstmSteps(Workspace workspace) {
    team = workspace.team();
  }

  /** Whether the tokens of all sequences are so few. */
  static boolean take(Sequences several) {
    for (int sequence = 0; sequence < several.count(); sequence++) {
      if (several.lengths().get(sequence) > MlstmStep.MAX_TOKENS) {
        return false;
      }
    }
    return true;
  }

  void run(MlstmCell cell, State state, MlstmCell.Inputs inputs, int tokens, Columns to) {
    sequences = 1;
    columns = cell.heads() * cell.valueWidth();
    step(0).begin(cell, state, inputs, 0, tokens, to);
    team.run(this);
  }

  void run(MlstmCell cell, Sequences several, MlstmCell.Inputs inputs, Columns to) {
    sequences = several.count();
    columns = cell.heads() * cell.valueWidth();
    int first = 0;
    for (int sequence = 0; sequence < sequences; sequence++) {
      int tokens = several.lengths().get(sequence);
      step(sequence).begin(cell, several.states().get(sequence), inputs, first, tokens, to);
      first += tokens;
    }
    team.run(this);
  }

  private MlstmStep step(int sequence) {
    while (steps.size() <= sequence) {
      steps.add(new MlstmStep());
    }
    return steps.get(sequence);
  }

  @Override
  public void run(int member, int members) {
    int bands = (columns + BAND - 1) / BAND;
    long all = (long) sequences * bands;
    int first = (int) (all * member / members);
    int last = (int) (all * (member + 1) / members);
    for (int sequence = first / bands; sequence * bands < last; sequence++) {
      int from = Math.max(first - sequence * bands, 0) * BAND;
      int to = Math.min(Math.min(last - sequence * bands, bands) * BAND, columns);
      steps.get(sequence).run(from, to);
    }
  }
}
