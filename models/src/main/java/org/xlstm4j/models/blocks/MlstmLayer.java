package org.xlstm4j.models.blocks;

import org.xlstm4j.engine.Columns;
import org.xlstm4j.engine.Linear;
import org.xlstm4j.engine.State;
import org.xlstm4j.engine.StateLayout;
import org.xlstm4j.engine.Workspace;
import org.xlstm4j.engine.cells.MlstmCell;
import org.xlstm4j.engine.layers.BlockDiagonal;
import org.xlstm4j.engine.layers.CausalConv;
import org.xlstm4j.engine.layers.Elementwise;
import org.xlstm4j.engine.layers.LayerNorm;
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
public final class MlstmLayer implements TokenLayer {
  private static final float CELL_EPSILON = 1e-6f;
  private static final float NORM_EPSILON = 1e-5f;

  private final Sizes sizes;
  private final Linear up;
  private final TokenLayer convolution;
  private final BlockDiagonal query;
  private final BlockDiagonal key;
  private final BlockDiagonal value;
  private final Linear gates;
  private final MlstmCell cell;
  private final LayerNorm headNorm;
  private final float[] skip;
  private final Linear down;

  /**
   * The sizes of a layer.
   *
   * @param width of the residual stream
   * @param innerWidth D, a multiple of {@code heads} and of {@code projectionBlock}
   * @param heads number of heads
   * @param projectionBlock width of the blocks of q, k and v
   * @param bias whether the projections have biases; the gates always do
   * @param normBias whether the norm behind the cell has a bias
   */
  public record Sizes(
      int width, int innerWidth, int heads, int projectionBlock, boolean bias, boolean normBias) {}

  /**
   * Reads a layer.
   *
   * @param sizes its sizes
   * @param tensors reads {@code proj_up}, {@code q_proj} and so on, below the layer's prefix
   * @param convolution over the inner width, in the layer's order of tokens
   * @param layout receives the cell's C, n and m
   * @param statePrefix of their names
   */
  public MlstmLayer(
      Sizes sizes,
      TensorReader tensors,
      TokenLayer convolution,
      StateLayout layout,
      String statePrefix) {
    this.sizes = sizes;
    this.convolution = convolution;
    int inner = sizes.innerWidth();
    int heads = sizes.heads();
    up = LinearReader.one(tensors, "proj_up", 2 * inner, sizes.width(), sizes.bias());
    query = blocks(tensors, "q_proj");
    key = blocks(tensors, "k_proj");
    value = blocks(tensors, "v_proj");
    gates =
        new LinearReader(tensors, 3 * inner)
            .add("mlstm_cell.igate", heads, true)
            .add("mlstm_cell.fgate", heads, true)
            .stack();
    cell =
        new MlstmCell(
            heads,
            inner / heads,
            inner / heads,
            MlstmCell.Scaled.KEY,
            CELL_EPSILON,
            layout,
            statePrefix);
    headNorm =
        LayerNorm.ofOffsets(
            tensors.vector("mlstm_cell.outnorm.weight", inner),
            sizes.normBias() ? tensors.vector("mlstm_cell.outnorm.bias", inner) : new float[0],
            heads,
            NORM_EPSILON);
    skip = tensors.vector("learnable_skip", inner);
    down = LinearReader.one(tensors, "proj_down", sizes.width(), inner, sizes.bias());
  }

  private BlockDiagonal blocks(TensorReader tensors, String name) {
    int inner = sizes.innerWidth();
    int block = sizes.projectionBlock();
    return new BlockDiagonal(
        inner,
        block,
        tensors.tensor(name + ".weight", inner / block, block, block),
        sizes.bias() ? tensors.vector(name + ".bias", inner) : new float[0]);
  }

  /**
   * Reads the causal convolution that goes with the layer in language and action models.
   *
   * @param tensors reads {@code conv1d.conv}, below the layer's prefix
   * @param width number of channels
   * @param taps how many tokens an output sees
   * @param layout receives the last inputs
   * @param stateName their name
   * @return the convolution
   */
  public static CausalConv causalConv(
      TensorReader tensors, int width, int taps, StateLayout layout, String stateName) {
    return new CausalConv(
        width,
        taps,
        tensors.tensor("conv1d.conv.weight", width, 1, taps),
        tensors.vector("conv1d.conv.bias", width),
        layout,
        stateName);
  }

  /** The weights that a token is multiplied with, without the convolution's. */
  public Weights weights() {
    return Weights.of(up, gates, down).plus(Weights.of(query, key, value));
  }

  /** Activations of up to {@code capacity} tokens. */
  private static final class Buffers {
    private final int width;
    private final int heads;
    private final int capacity;

    /** {@code [tokens][m z]}. */
    private final Columns up;

    private final Columns z;

    /** {@code [tokens][innerWidth]}. */
    private final Columns convolved;

    private final Columns a;
    private final Columns gated;
    private final Columns h;

    /** {@code [tokens][q k v]}. */
    private final Columns projected;

    private final Columns key;
    private final Columns value;

    /** {@code [tokens][i f]}. */
    private final Columns gates;

    private final MlstmCell.Inputs inputs;

    Buffers(int width, int heads, int capacity) {
      this.width = width;
      this.heads = heads;
      this.capacity = capacity;
      up = Columns.allocate(capacity, 2 * width);
      z = up.from(width);
      convolved = Columns.allocate(capacity, width);
      a = Columns.allocate(capacity, width);
      gated = convolved;
      h = Columns.allocate(capacity, width);
      projected = Columns.allocate(capacity, 3 * width);
      key = projected.from(width);
      value = projected.from(2 * width);
      gates = Columns.allocate(capacity, 2 * heads);
      inputs = new MlstmCell.Inputs(projected, key, value, gates, gates.from(heads));
    }
  }

  /** Where a workspace keeps its buffers. */
  private static final class Scratch {
    private Buffers buffers = new Buffers(1, 1, 0);

    Buffers of(Sizes sizes, int tokens) {
      if (buffers.width != sizes.innerWidth()
          || buffers.heads != sizes.heads()
          || buffers.capacity < tokens) {
        buffers = new Buffers(sizes.innerWidth(), sizes.heads(), tokens);
      }
      return buffers;
    }
  }

  @Override
  public void forward(Workspace workspace, State state, Columns x, int tokens, Columns y) {
    Buffers b = workspace.scratch(Scratch.class, unused -> new Scratch()).of(sizes, tokens);
    int inner = sizes.innerWidth();
    up.apply(workspace, x, tokens, b.up);
    convolution.forward(workspace, state, b.up, tokens, b.convolved);
    Elementwise.silu(b.convolved, tokens, inner, b.a);
    query.apply(b.a, tokens, b.projected);
    key.apply(b.a, tokens, b.key);
    value.apply(b.up, tokens, b.value);
    gates.apply(workspace, b.projected, tokens, b.gates);
    cell.forward(workspace, state, b.inputs, tokens, b.h);
    headNorm.apply(b.h, tokens, b.h);
    Elementwise.multiplyAdd(skip, b.a, tokens, inner, b.h);
    Elementwise.siluGate(b.z, b.h, 0, tokens, inner, b.gated);
    down.apply(workspace, b.gated, tokens, y);
  }
}
