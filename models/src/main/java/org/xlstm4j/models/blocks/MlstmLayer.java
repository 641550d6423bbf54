package org.xlstm4j.models.blocks;

import org.xlstm4j.engine.cells.MlstmCell;
import org.xlstm4j.engine.cells.Sequences;
import org.xlstm4j.engine.cells.StateLayout;
import org.xlstm4j.engine.layers.BlockDiagonal;
import org.xlstm4j.engine.layers.Elementwise;
import org.xlstm4j.engine.layers.LayerNorm;
import org.xlstm4j.engine.threads.Workspace;
import org.xlstm4j.engine.tokens.Columns;
import org.xlstm4j.engine.tokens.TokenWork;
import org.xlstm4j.engine.weights.Linear;
import org.xlstm4j.loader.TensorReader;

/**
 * The mLSTM layer of the xLSTM paper, with projections up before and down behind the cell
 * (arXiv:2405.04517, figure 11). With inner width D:
 *
 * <pre>
 * m, z = proj_up x
 * a    = silu(conv(m))
 * q, k = q_proj a, k_proj a                block-diagonal
 * v    = v_proj m                          block-diagonal
 * i, f = igate [q k v], fgate [q k v]
 * h    = headnorm(mLSTM(q, k, v, i, f))    keys scaled by headWidth^-1/2
 * y    = proj_down((h + learnable_skip a) silu(z))
 * </pre>
 *
 * <p>Immutable and thread-safe.
 */
public final class MlstmLayer implements Layer {
  private final int inner;
  private final Linear up;
  private final TokenConvolution convolution;
  private final BlockDiagonal query;
  private final BlockDiagonal key;
  private final BlockDiagonal value;
  private final Linear gates;
  private final MlstmCell cell;
  private final LayerNorm headNorm;
  private final float[] skip;
  private final Linear down;
  private final TokenBuffers<Activations> buffers;

  /**
   * The sizes of a layer.
   *
   * @param width of the residual stream
   * @param innerWidth D, a multiple of {@code heads} and of {@code projectionBlock}
   * @param heads number of heads
   * @param projectionBlock width of the blocks of q, k and v
   * @param bias whether the projections have biases; the gates always do
   * @param normBias whether the norm behind the cell has a bias
   * @param normEpsilon of that norm
   * @param cellEpsilon added to the cell's normalizer
   */
  public record Sizes(
      int width,
      int innerWidth,
      int heads,
      int projectionBlock,
      boolean bias,
      boolean normBias,
      float normEpsilon,
      float cellEpsilon) {}

  /**
   * Reads a layer.
   *
   * @param sizes its sizes
   * @param tensors reads {@code proj_up}, {@code q_proj} and so on, below the layer's prefix
   * @param convolution over the inner width
   * @param layout receives the cell's C, n and m
   * @param statePrefix of their names
   */
  public MlstmLayer(
      Sizes sizes,
      TensorReader tensors,
      TokenConvolution convolution,
      StateLayout layout,
      String statePrefix) {
    this.convolution = convolution;
    inner = sizes.innerWidth();
    int heads = sizes.heads();
    int headWidth = inner / heads;
    up = LinearReader.one(tensors, "proj_up", 2 * inner, sizes.width(), sizes.bias());
    query = blockDiagonal(sizes, tensors, "q_proj");
    key = blockDiagonal(sizes, tensors, "k_proj");
    value = blockDiagonal(sizes, tensors, "v_proj");
    gates =
        new LinearReader(tensors, 3 * inner)
            .add("mlstm_cell.igate", heads, true)
            .add("mlstm_cell.fgate", heads, true)
            .stack();
    cell =
        new MlstmCell(
            heads,
            headWidth,
            headWidth,
            MlstmCell.Scaled.KEY,
            sizes.cellEpsilon(),
            layout,
            statePrefix);
    headNorm =
        LayerNorm.ofOffsets(
            tensors.vector("mlstm_cell.outnorm.weight", inner),
            tensors.vector("mlstm_cell.outnorm.bias", inner, sizes.normBias()),
            heads,
            sizes.normEpsilon());
    skip = tensors.vector("learnable_skip", inner);
    down = LinearReader.one(tensors, "proj_down", sizes.width(), inner, sizes.bias());
    buffers =
        new TokenBuffers<>(
            Activations.class, tokens -> new Activations(inner, heads, tokens), inner, heads);
  }

  private static BlockDiagonal blockDiagonal(Sizes sizes, TensorReader tensors, String name) {
    int inner = sizes.innerWidth();
    int block = sizes.projectionBlock();
    return new BlockDiagonal(
        inner,
        block,
        tensors.tensor(name + ".weight", inner / block, block, block),
        tensors.vector(name + ".bias", inner, sizes.bias()));
  }

  /** Activations of some tokens, named as in the equations. */
  static final class Activations {
    /** {@code [tokens][m z]}. */
    final Columns m;

    final Columns z;

    /** {@code [tokens][innerWidth]}: what the convolution gives, then what goes down. */
    final Columns gated;

    /** {@code [tokens][innerWidth]}. */
    final Columns a;

    /** {@code [tokens][q k v]}. */
    final Columns q;

    final Columns k;
    final Columns v;

    /** {@code [tokens][i f]}. */
    final Columns gates;

    /** {@code [tokens][innerWidth]}. */
    final Columns h;

    final MlstmCell.Inputs inputs;
    private final TokenWork project = this::project;
    private final TokenWork open = this::open;

    /** Whose tokens these are. */
    private MlstmLayer layer;

    private Pass pass;

    /** The first and the last token of what goes down and of the result. */
    private Columns endsOfGated;

    private Columns endsOfY;
    private Columns y;
    private int tokens;

    @SuppressWarnings("NullAway.Init")
    Activations(int inner, int heads, int capacity) {
      m = Columns.allocate(capacity, 2 * inner);
      z = m.from(inner);
      gated = Columns.allocate(capacity, inner);
      a = Columns.allocate(capacity, inner);
      q = Columns.allocate(capacity, 3 * inner);
      k = q.from(inner);
      v = q.from(2 * inner);
      gates = Columns.allocate(capacity, 2 * heads);
      h = Columns.allocate(capacity, inner);
      inputs = new MlstmCell.Inputs(q, k, v, gates, gates.from(heads));
    }

    private void project(int first, int count) {
      layer.project(this, first, count);
    }

    private void open(int first, int count) {
      layer.open(this, first, count);
    }

    /** Views of both ends, made once for the same result and number of tokens. */
    private void findEnds(Columns result) {
      if (!result.equals(y) || tokens != pass.tokens()) {
        y = result;
        tokens = pass.tokens();
        endsOfGated = gated.ends(tokens);
        endsOfY = y.ends(tokens);
      }
    }
  }

  @Override
  public void forward(Pass pass, TokenWork before, Columns x, Columns y) {
    Workspace workspace = pass.workspace();
    int tokens = pass.tokens();
    Activations b = buffers.of(workspace, tokens);
    b.layer = this;
    b.pass = pass;
    up.apply(workspace, before, x, tokens, b.m);
    convolution.begin(pass, b.m);
    pass.run(b.project, convolution.unit(pass));
    gates.apply(workspace, b.q, tokens, b.gates);
    Sequences sequences = pass.sequences();
    if (pass.whole()) {
      cell.forwardWhole(workspace, b.inputs, tokens, b.h);
    } else if (sequences != null) {
      cell.forward(workspace, sequences, b.inputs, b.h);
    } else {
      cell.forward(workspace, pass.state(), b.inputs, tokens, b.h);
    }
    if (pass.endsOnly() && tokens > 2) {
      b.findEnds(y);
      open(b, 0, 1);
      open(b, tokens - 1, 1);
      down.apply(workspace, b.endsOfGated, 2, b.endsOfY);
    } else {
      down.apply(workspace, b.open, b.gated, tokens, y);
    }
  }

  /** From m to a, q, k and v. */
  private void project(Activations b, int first, int count) {
    convolution.apply(b.pass, b.m, first, count, b.gated);
    Elementwise.silu(b.gated, first, count, inner, b.a);
    query.apply(b.a, first, count, b.q);
    key.apply(b.a, first, count, b.k);
    value.apply(b.m, first, count, b.v);
  }

  /** From h, a and z to what goes down. */
  private void open(Activations b, int first, int count) {
    headNorm.apply(b.h, first, count, b.h);
    Elementwise.multiplyAdd(skip, b.a, first, count, inner, b.h);
    Elementwise.siluGate(b.z, b.h, first, count, inner, b.gated);
  }

  @Override
  public Weights weights() {
    return Weights.of(up, gates, down)
        .plus(Weights.of(query, key, value))
        .plus(convolution.weights());
  }

  /** For tests: what the last layer of these sizes left in a workspace. */
  Activations activations(Workspace workspace) {
    return buffers.of(workspace, 1);
  }
}
