package org.xlstm4j.models.large;

import org.xlstm4j.engine.cells.MlstmCell;
import org.xlstm4j.engine.cells.StateLayout;
import org.xlstm4j.engine.layers.Elementwise;
import org.xlstm4j.engine.layers.LayerNorm;
import org.xlstm4j.engine.threads.Workspace;
import org.xlstm4j.engine.tokens.Columns;
import org.xlstm4j.engine.tokens.TokenWork;
import org.xlstm4j.engine.weights.Linear;
import org.xlstm4j.loader.TensorReader;
import org.xlstm4j.models.blocks.Layer;
import org.xlstm4j.models.blocks.LinearReader;
import org.xlstm4j.models.blocks.Pass;
import org.xlstm4j.models.blocks.TokenBuffers;
import org.xlstm4j.models.blocks.Weights;

/**
 * The mLSTM layer of xLSTM-Large, without projection up (arXiv:2503.13427, section 3):
 *
 * <pre>
 * q, k, v, o, i, f = projections x          one matrix product, results side by side
 * i, f             = cap(i), cap(f)         cap(g) = gateCap tanh(g / gateCap)
 * h                = headnorm(mLSTM(q, k, v, i, f))    queries scaled by headWidth^-1/2
 * y                = out_proj(sigmoid(o) h)
 * </pre>
 *
 * <p>Immutable and thread-safe.
 */
final class XlstmLargeLayer implements Layer {
  private final Linear projections;
  private final float gateCap;
  private final int gates;
  private final int valueWidth;
  private final MlstmCell cell;
  private final LayerNorm headNorm;
  private final Linear outProjection;
  private final TokenBuffers<Activations> buffers;

  /**
   * Reads a layer.
   *
   * @param config sizes and constants
   * @param tensors those below {@code mlstm_layer.}
   * @param layout receives the cell's C, n and m
   * @param statePrefix of their names
   */
  XlstmLargeLayer(
      XlstmLargeConfig config, TensorReader tensors, StateLayout layout, String statePrefix) {
    int width = config.width();
    int key = config.keyWidth();
    int heads = config.heads();
    boolean bias = config.bias();
    gateCap = config.gateCap();
    gates = 2 * heads;
    valueWidth = config.valueWidth();
    LinearReader parts = new LinearReader(tensors, width);
    if (tensors.has("qkv_opreact.weight")) {
      parts.add("qkv_opreact", 2 * key + 2 * valueWidth, bias);
    } else {
      parts.add("q", key, bias);
      parts.add("k", key, bias);
      parts.add("v", valueWidth, bias);
      parts.add("ogate_preact", valueWidth, bias);
    }
    if (tensors.has("ifgate_preact.weight")) {
      parts.add("ifgate_preact", gates, true);
    } else {
      parts.add("igate_preact", heads, true);
      parts.add("fgate_preact", heads, true);
    }
    projections = parts.stack();
    cell =
        new MlstmCell(
            heads,
            key / heads,
            valueWidth / heads,
            MlstmCell.Scaled.QUERY,
            config.cellEpsilon(),
            layout,
            statePrefix);
    headNorm =
        new LayerNorm(
            tensors.vector("multihead_norm.weight", valueWidth),
            tensors.vector("multihead_norm.bias", valueWidth, bias),
            heads,
            config.normEpsilon());
    outProjection = LinearReader.one(tensors, "out_proj", width, valueWidth, bias);
    buffers =
        new TokenBuffers<>(
            Activations.class, tokens -> new Activations(config, tokens), key, valueWidth, heads);
  }

  /** Activations of some tokens, named as in the equations. */
  private static final class Activations {
    /** {@code [tokens][q k v o i f]}. */
    final Columns projected;

    final Columns o;
    final Columns rawGates;

    /** {@code [tokens][i f]}, capped. */
    final Columns gates;

    /** {@code [tokens][valueWidth]}. */
    final Columns h;

    final Columns gated;
    final MlstmCell.Inputs inputs;
    final TokenWork open = this::open;

    /** Whose tokens these are. */
    XlstmLargeLayer layer;

    @SuppressWarnings("NullAway.Init")
    Activations(XlstmLargeConfig config, int tokens) {
      int key = config.keyWidth();
      int value = config.valueWidth();
      int heads = config.heads();
      projected = Columns.allocate(tokens, 2 * key + 2 * value + 2 * heads);
      o = projected.from(2 * key + value);
      rawGates = projected.from(2 * key + 2 * value);
      boolean capped = config.gateCap() < Float.POSITIVE_INFINITY;
      gates = capped ? Columns.allocate(tokens, 2 * heads) : rawGates;
      h = Columns.allocate(tokens, value);
      gated = Columns.allocate(tokens, value);
      inputs =
          new MlstmCell.Inputs(
              projected, projected.from(key), projected.from(2 * key), gates, gates.from(heads));
    }

    private void open(int first, int count) {
      layer.open(this, first, count);
    }
  }

  @Override
  public void forward(Pass pass, TokenWork before, Columns x, Columns y) {
    Workspace workspace = pass.workspace();
    int tokens = pass.tokens();
    Activations b = buffers.of(workspace, tokens);
    b.layer = this;
    projections.apply(workspace, before, x, tokens, b.projected);
    if (gateCap < Float.POSITIVE_INFINITY) {
      Elementwise.softCap(b.rawGates, 0, tokens, gates, gateCap, b.gates);
    }
    cell.forward(workspace, pass.state(), b.inputs, tokens, b.h);
    outProjection.apply(workspace, b.open, b.gated, tokens, y);
  }

  /** From h and o to what goes out. */
  private void open(Activations b, int first, int count) {
    headNorm.apply(b.h, first, count, b.h);
    Elementwise.sigmoidGate(b.o, b.h, first, count, valueWidth, b.gated);
  }

  @Override
  public Weights weights() {
    return Weights.of(projections, outProjection);
  }
}
