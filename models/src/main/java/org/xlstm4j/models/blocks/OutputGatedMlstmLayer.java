package org.xlstm4j.models.blocks;

import org.xlstm4j.engine.cells.MlstmCell;
import org.xlstm4j.engine.cells.Sequences;
import org.xlstm4j.engine.cells.StateLayout;
import org.xlstm4j.engine.layers.Elementwise;
import org.xlstm4j.engine.layers.LayerNorm;
import org.xlstm4j.engine.threads.Workspace;
import org.xlstm4j.engine.tokens.Columns;
import org.xlstm4j.engine.tokens.TokenWork;
import org.xlstm4j.engine.weights.Linear;
import org.xlstm4j.loader.TensorReader;

/**
 * The mLSTM layer without projection up (arXiv:2503.13427, section 3):
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
public final class OutputGatedMlstmLayer implements Layer {
  private final Linear projections;
  private final float gateCap;
  private final int gates;
  private final int valueWidth;
  private final MlstmCell cell;
  private final LayerNorm headNorm;
  private final Linear outProjection;
  private final TokenBuffers<Activations> buffers;

  /**
   * The sizes and constants of a layer.
   *
   * @param width of the residual stream
   * @param heads number of heads
   * @param keyWidth width of all heads' queries (and keys) together
   * @param valueWidth width of all heads' values together
   * @param bias whether projections and the norm have biases; the gates always do
   * @param gateCap soft cap of the gates' preactivations; infinite for none
   * @param normEpsilon of the norm behind the cell
   * @param cellEpsilon added to the cell's normalizer
   */
  public record Sizes(
      int width,
      int heads,
      int keyWidth,
      int valueWidth,
      boolean bias,
      float gateCap,
      float normEpsilon,
      float cellEpsilon) {
    private int projected() {
      return 2 * keyWidth + 2 * valueWidth + 2 * heads;
    }
  }

  /**
   * Reads a layer.
   *
   * @param sizes its sizes
   * @param tensors reads {@code q}, {@code igate_preact} and so on, below the layer's prefix; of
   *     the projections some or all may be one tensor
   * @param layout receives the cell's C, n and m
   * @param statePrefix of their names
   */
  public OutputGatedMlstmLayer(
      Sizes sizes, TensorReader tensors, StateLayout layout, String statePrefix) {
    int key = sizes.keyWidth();
    int heads = sizes.heads();
    boolean bias = sizes.bias();
    gateCap = sizes.gateCap();
    gates = 2 * heads;
    valueWidth = sizes.valueWidth();
    projections = projections(sizes, tensors);
    cell =
        new MlstmCell(
            heads,
            key / heads,
            valueWidth / heads,
            MlstmCell.Scaled.QUERY,
            sizes.cellEpsilon(),
            layout,
            statePrefix);
    headNorm =
        new LayerNorm(
            tensors.vector("multihead_norm.weight", valueWidth),
            tensors.vector("multihead_norm.bias", valueWidth, bias),
            heads,
            sizes.normEpsilon());
    outProjection = LinearReader.one(tensors, "out_proj", sizes.width(), valueWidth, bias);
    buffers =
        new TokenBuffers<>(
            Activations.class, tokens -> new Activations(sizes, tokens), key, valueWidth, heads);
  }

  private static Linear projections(Sizes sizes, TensorReader tensors) {
    LinearReader parts = new LinearReader(tensors, sizes.width());
    if (tensors.has("in_proj.weight")) {
      return parts.add("in_proj", sizes.projected(), true).stack();
    }
    int key = sizes.keyWidth();
    int value = sizes.valueWidth();
    boolean bias = sizes.bias();
    if (tensors.has("qkv_opreact.weight")) {
      parts.add("qkv_opreact", 2 * key + 2 * value, bias);
    } else {
      parts.add("q", key, bias);
      parts.add("k", key, bias);
      parts.add("v", value, bias);
      parts.add("ogate_preact", value, bias);
    }
    int heads = sizes.heads();
    if (tensors.has("ifgate_preact.weight")) {
      parts.add("ifgate_preact", 2 * heads, true);
    } else {
      parts.add("igate_preact", heads, true);
      parts.add("fgate_preact", heads, true);
    }
    return parts.stack();
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
    OutputGatedMlstmLayer layer;

    @SuppressWarnings("NullAway.Init")
    Activations(Sizes sizes, int tokens) {
      int key = sizes.keyWidth();
      int value = sizes.valueWidth();
      int heads = sizes.heads();
      projected = Columns.allocate(tokens, sizes.projected());
      o = projected.from(2 * key + value);
      rawGates = projected.from(2 * key + 2 * value);
      boolean capped = sizes.gateCap() < Float.POSITIVE_INFINITY;
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
    Sequences sequences = pass.sequences();
    if (sequences == null) {
      cell.forward(workspace, pass.state(), b.inputs, tokens, b.h);
    } else {
      cell.forward(workspace, sequences, b.inputs, b.h);
    }
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
