package org.xlstm4j.models.language;

import org.xlstm4j.engine.Columns;
import org.xlstm4j.engine.State;
import org.xlstm4j.engine.TokenWork;
import org.xlstm4j.engine.Workspace;
import org.xlstm4j.engine.cells.MlstmCell;
import org.xlstm4j.engine.layers.Elementwise;
import org.xlstm4j.engine.layers.RmsNorm;

/**
 * One session's pass through {@link XlstmLarge}:
 *
 * <pre>
 * x += out_proj(sigmoid(o) * headnorm(mLSTM(q, k, v, i, f)))   from RMS(x)
 * x += down(silu(gate) * up)                                   from RMS(x)
 * </pre>
 *
 * <p>What happens to each token by itself is done right before the projection that needs it, by all
 * threads; a layer's result is added to x where the next one begins.
 */
final class XlstmLargeNetwork implements LanguageNetwork {
  private final XlstmLarge model;
  private final XlstmLargeConfig config;
  private final Workspace workspace;
  private final State state;
  private final XlstmLargeBlock[] blocks;
  private final TokenWork normalize = this::normalize;
  private final TokenWork addAndNormalize = this::addAndNormalize;
  private final TokenWork openHeads = this::openHeads;
  private final TokenWork activate = this::activate;
  private int capacity;
  private Buffers buffers;

  /** What is being computed: a block, and the norm before its current layer. */
  private XlstmLargeBlock block;

  private RmsNorm norm;

  XlstmLargeNetwork(XlstmLarge model, Workspace workspace, State state) {
    this.model = model;
    this.config = model.config();
    this.workspace = workspace;
    this.state = state;
    blocks = model.blocks().toArray(XlstmLargeBlock[]::new);
    block = blocks[0];
    norm = block.mlstmNorm();
    capacity = 1;
    buffers = new Buffers(config, 1);
  }

  /** Activations of up to {@code tokens} tokens. */
  private static final class Buffers {
    /** {@code [tokens][width]}: the residual stream, its norm, and what a layer adds to it. */
    final Columns x;

    final Columns normed;
    final Columns added;

    /** {@code [tokens][q k v o i f]}. */
    final Columns projected;

    final Columns outputGate;

    /** {@code [tokens][i f]}, capped. */
    final Columns gates;

    /** {@code [tokens][valueWidth]}. */
    final Columns h;

    final Columns gated;

    /** {@code [tokens][gate up]} and {@code [tokens][feedForwardWidth]}. */
    final Columns gateAndUp;

    final Columns up;
    final Columns activated;
    final MlstmCell.Inputs cellInputs;
    final Columns rawGates;
    private final int vocabularySize;
    private Columns rawLogits;

    Buffers(XlstmLargeConfig config, int tokens) {
      int key = config.keyWidth();
      int value = config.valueWidth();
      int heads = config.heads();
      x = Columns.allocate(tokens, config.width());
      normed = Columns.allocate(tokens, config.width());
      added = Columns.allocate(tokens, config.width());
      projected = Columns.allocate(tokens, 2 * key + 2 * value + 2 * heads);
      outputGate = projected.from(2 * key + value);
      rawGates = projected.from(2 * key + 2 * value);
      boolean capped = config.gateCap() < Float.POSITIVE_INFINITY;
      gates = capped ? Columns.allocate(tokens, 2 * heads) : rawGates;
      cellInputs =
          new MlstmCell.Inputs(
              projected, projected.from(key), projected.from(2 * key), gates, gates.from(heads));
      h = Columns.allocate(tokens, value);
      gated = Columns.allocate(tokens, value);
      gateAndUp = Columns.allocate(tokens, 2 * config.feedForwardWidth());
      up = gateAndUp.from(config.feedForwardWidth());
      activated = Columns.allocate(tokens, config.feedForwardWidth());
      vocabularySize = config.vocabularySize();
      rawLogits = Columns.allocate(1, vocabularySize);
    }

    /** Logits before their cap; few callers ask for more than one token's. */
    Columns rawLogits(int tokens) {
      if (rawLogits.data().length < tokens * vocabularySize) {
        rawLogits = Columns.allocate(tokens, vocabularySize);
      }
      return rawLogits;
    }
  }

  @Override
  public void forward(int[] ids, int first, int count) {
    if (count > capacity) {
      capacity = count;
      buffers = new Buffers(config, capacity);
    }
    Columns x = buffers.x;
    for (int token = 0; token < count; token++) {
      model.embedding().copyRow(ids[first + token], x.data(), x.at(token));
    }
    for (XlstmLargeBlock next : blocks) {
      block = next;
      mlstmLayer(count);
      feedForward(count);
    }
    Elementwise.add(buffers.added, count, config.width(), x);
  }

  private void mlstmLayer(int count) {
    Buffers b = buffers;
    norm = block.mlstmNorm();
    TokenWork work = block == blocks[0] ? normalize : addAndNormalize;
    block.projections().apply(workspace, work, b.normed, count, b.projected);
    if (config.gateCap() < Float.POSITIVE_INFINITY) {
      Elementwise.softCap(b.rawGates, count, 2 * config.heads(), config.gateCap(), b.gates);
    }
    block.cell().forward(workspace, state, b.cellInputs, count, b.h);
    block.outProjection().apply(workspace, openHeads, b.gated, count, b.added);
  }

  private void feedForward(int count) {
    Buffers b = buffers;
    norm = block.feedForwardNorm();
    block.gateAndUp().apply(workspace, addAndNormalize, b.normed, count, b.gateAndUp);
    block.down().apply(workspace, activate, b.activated, count, b.added);
  }

  private void normalize(int first, int count) {
    norm.apply(buffers.x, first, count, buffers.normed);
  }

  private void addAndNormalize(int first, int count) {
    Elementwise.add(buffers.added, first, count, config.width(), buffers.x);
    normalize(first, count);
  }

  private void openHeads(int first, int count) {
    Buffers b = buffers;
    int width = config.valueWidth();
    block.headNorm().apply(b.h, first, count, b.h);
    Elementwise.sigmoidGate(b.outputGate, b.h, first, count, width, b.gated);
  }

  private void activate(int first, int count) {
    Buffers b = buffers;
    int width = config.feedForwardWidth();
    Elementwise.siluGate(b.gateAndUp, b.up, first, count, width, b.activated);
  }

  @Override
  public void logits(int token, int count, Columns logits) {
    Buffers b = buffers;
    Columns x = token == 0 ? b.x : new Columns(b.x.data(), b.x.at(token), b.x.stride());
    Columns normed = x;
    if (model.normalizesOutput()) {
      model.outNorm().apply(x, count, b.normed);
      normed = b.normed;
    }
    if (config.logitCap() == Float.POSITIVE_INFINITY) {
      model.head().apply(workspace, normed, count, logits);
      return;
    }
    model.head().apply(workspace, normed, count, b.rawLogits(count));
    Elementwise.softCap(
        b.rawLogits(count), count, config.vocabularySize(), config.logitCap(), logits);
  }
}
