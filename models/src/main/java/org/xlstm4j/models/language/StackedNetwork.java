package org.xlstm4j.models.language;

import org.xlstm4j.engine.layers.Elementwise;
import org.xlstm4j.engine.threads.Workspace;
import org.xlstm4j.engine.tokens.Columns;
import org.xlstm4j.engine.weights.Linear;
import org.xlstm4j.models.blocks.Pass;
import org.xlstm4j.models.blocks.TokenNorm;

/** Computes tokens with a {@link StackedLanguageModel}. */
final class StackedNetwork implements LanguageNetwork {
  private final StackedLanguageModel.Parts parts;
  private final Workspace workspace;
  private int capacity;

  /** The residual stream and its norm, {@code [capacity][width]}. */
  private Columns x = Columns.allocate(0, 0);

  private Columns normed = x;

  /** Logits before their cap, {@code [tokens][vocabularySize]}. */
  private Columns rawLogits = x;

  StackedNetwork(StackedLanguageModel.Parts parts, Workspace workspace) {
    this.parts = parts;
    this.workspace = workspace;
  }

  @Override
  public void forward(Pass pass, int[] ids, int first) {
    int count = pass.tokens();
    if (count > capacity) {
      int width = parts.embedding().columns();
      capacity = count;
      x = Columns.allocate(capacity, width);
      normed = Columns.allocate(capacity, width);
    }
    for (int token = 0; token < count; token++) {
      parts.embedding().copyRow(ids[first + token], x.data(), x.at(token));
    }
    parts.stack().forward(pass, x);
  }

  @Override
  public void logits(int token, int count, Columns logits) {
    Columns hidden = token == 0 ? x : x.fromToken(token);
    TokenNorm norm = parts.outNorm();
    if (norm != null) {
      norm.apply(hidden, 0, count, normed);
      hidden = normed;
    }
    Linear head = parts.head();
    if (parts.logitCap() == Float.POSITIVE_INFINITY) {
      head.apply(workspace, hidden, count, logits);
      return;
    }
    int size = head.rows();
    if (rawLogits.data().length < count * size) {
      rawLogits = Columns.allocate(count, size);
    }
    head.apply(workspace, hidden, count, rawLogits);
    Elementwise.softCap(rawLogits, 0, count, size, parts.logitCap(), logits);
  }
}
