package org.xlstm4j.models.language;

import org.xlstm4j.engine.Columns;
import org.xlstm4j.engine.State;
import org.xlstm4j.engine.Workspace;
import org.xlstm4j.models.blocks.Residual;
import org.xlstm4j.models.blocks.TokenNorm;

/** One session's pass through a {@link PaperXlstm}: its residual layers one after the other. */
final class PaperXlstmNetwork implements LanguageNetwork {
  private final PaperXlstm model;
  private final int width;
  private final Workspace workspace;
  private final State state;
  private final Residual[] residuals;
  private int capacity;

  /** The residual stream and its norm, {@code [capacity][width]}. */
  private Columns x;

  private Columns normed;

  PaperXlstmNetwork(PaperXlstm model, Workspace workspace, State state) {
    this.model = model;
    this.width = model.config().width();
    this.workspace = workspace;
    this.state = state;
    residuals = model.residuals().toArray(Residual[]::new);
    capacity = 1;
    x = Columns.allocate(1, width);
    normed = Columns.allocate(1, width);
  }

  @Override
  public void forward(int[] ids, int first, int count) {
    if (count > capacity) {
      capacity = count;
      x = Columns.allocate(capacity, width);
      normed = Columns.allocate(capacity, width);
    }
    for (int token = 0; token < count; token++) {
      model.embedding().copyRow(ids[first + token], x.data(), x.at(token));
    }
    for (Residual residual : residuals) {
      residual.forward(workspace, state, x, count);
    }
  }

  @Override
  public void logits(int token, int count, Columns logits) {
    Columns from = token == 0 ? x : new Columns(x.data(), x.at(token), x.stride());
    TokenNorm norm = model.outNorm();
    if (norm != null) {
      norm.apply(from, count, normed);
    }
    model.head().apply(workspace, norm == null ? from : normed, count, logits);
  }
}
