package org.xlstm4j.models.vision;

import java.util.function.UnaryOperator;
import org.xlstm4j.engine.Columns;
import org.xlstm4j.engine.State;
import org.xlstm4j.engine.StateLayout;
import org.xlstm4j.engine.Team;
import org.xlstm4j.engine.TokenWork;
import org.xlstm4j.engine.Workspace;
import org.xlstm4j.engine.cells.MlstmCell;
import org.xlstm4j.engine.layers.Elementwise;
import org.xlstm4j.models.image.Size;

/**
 * One session's way through the blocks, and its activations. For a block, from the residual stream
 * x, tokens in the block's own order:
 *
 * <pre>
 * [a z] = up(norm(x))
 * c     = silu(convolution(a))
 * q, k  = blocks of 4 times c        v = blocks of 4 times a
 * i, f  = gates([q k v])
 * h     = headnorm(mLSTM(q, k, v, i, f))
 * x    += down((h + skip * c) * silu(z))
 * </pre>
 *
 * <p>A block of the other direction sees the residual stream through a view with the last token
 * first; everything inside is the same. What is done token by token right before a projection is
 * shared by the team there. From the convolution to the values, tokens are cut into bands of whole
 * grid rows, one a member of the team: each band's activations stay in its cache.
 */
final class VilPass {
  private final VilConfig config;
  private final MlstmCell cell;
  private final Workspace workspace;
  private final Size grid;
  private final State history;

  /** The residual stream, {@code [tokens][width]}, in natural order. */
  private final Columns x;

  /** {@code [tokens][width]}. */
  private final Columns normed;

  /** {@code [tokens][a z]}. */
  private final Columns projected;

  /** {@code [tokens][innerWidth]}: c. */
  private final Columns activated;

  /** {@code [tokens][q k v]}, then the input of down in the place of q. */
  private final Columns queryKeyValue;

  /** {@code [tokens][i f]}. */
  private final Columns gates;

  /** {@code [tokens][innerWidth]}: what the convolution gives, then h. */
  private final Columns h;

  /** {@code [tokens][width]}. */
  private final Columns added;

  private final MlstmCell.Inputs cellInputs;
  private final Band[] bands;
  private final Band all;

  /** The first and the last token: all that counts behind the last block if they are pooled. */
  private final Band ends;

  private final TokenWork norms;
  private final Team.Region projections;
  private final TokenWork outputs;
  private final Team.Region sums;
  private VilBlock block;
  private boolean reversed;

  /**
   * Room for one image.
   *
   * @param config sizes and variant
   * @param cell the cell all blocks have in common
   * @param historyLayout of the causal convolutions' states
   * @param workspace the session's
   * @param grid of tokens
   */
  @SuppressWarnings("NullAway.Init")
  VilPass(
      VilConfig config, MlstmCell cell, StateLayout historyLayout, Workspace workspace, Size grid) {
    this.config = config;
    this.cell = cell;
    this.workspace = workspace;
    this.grid = grid;
    int tokens = grid.area();
    int inner = config.innerWidth();
    int heads = config.heads();
    history = new State(historyLayout);
    x = Columns.allocate(tokens, config.width());
    normed = Columns.allocate(tokens, config.width());
    projected = Columns.allocate(tokens, 2 * inner);
    activated = Columns.allocate(tokens, inner);
    queryKeyValue = Columns.allocate(tokens, 3 * inner);
    gates = Columns.allocate(tokens, 2 * heads);
    h = Columns.allocate(tokens, inner);
    added = Columns.allocate(tokens, config.width());
    cellInputs =
        new MlstmCell.Inputs(
            queryKeyValue,
            queryKeyValue.from(inner),
            queryKeyValue.from(2 * inner),
            gates,
            gates.from(heads));
    bands = new Band[workspace.team().size()];
    for (int member = 0; member < bands.length; member++) {
      int first = grid.height() * member / bands.length;
      int last = grid.height() * (member + 1) / bands.length;
      int firstToken = first * grid.width();
      int count = (last - first) * grid.width();
      bands[member] = new Band(first, last, count, view -> view.fromToken(firstToken));
    }
    all = new Band(0, grid.height(), tokens, view -> view);
    norms = this::norm;
    projections = (member, members) -> project(bands[member]);
    outputs = (first, count) -> gate(all, first, count);
    sums = (member, members) -> add(bands[member]);
    ends = tokens == 1 ? all : new Band(0, 0, 2, view -> view.ends(tokens));
  }

  /** Some tokens of every buffer. */
  private final class Band {
    final int firstRow;
    final int lastRow;
    final int tokens;
    final Columns natural;
    final Columns reverse;
    final Columns a;
    final Columns z;
    final Columns c;
    final Columns query;
    final Columns key;
    final Columns value;
    final Columns hBand;
    final Columns addedBand;

    Band(int firstRow, int lastRow, int tokens, UnaryOperator<Columns> part) {
      int inner = config.innerWidth();
      this.firstRow = firstRow;
      this.lastRow = lastRow;
      this.tokens = tokens;
      natural = part.apply(x);
      reverse = part.apply(x.reversed(grid.area()));
      a = part.apply(projected);
      z = part.apply(projected.from(inner));
      c = part.apply(activated);
      query = part.apply(queryKeyValue);
      key = part.apply(queryKeyValue.from(inner));
      value = part.apply(queryKeyValue.from(2 * inner));
      hBand = part.apply(h);
      addedBand = part.apply(added);
    }

    Columns stream() {
      return reversed ? reverse : natural;
    }
  }

  /**
   * Runs one block.
   *
   * @param newBlock its weights
   * @param backwards whether it walks from the last token to the first
   * @param endsOnly whether its result matters for the first and the last token only
   */
  void run(VilBlock newBlock, boolean backwards, boolean endsOnly) {
    block = newBlock;
    reversed = backwards;
    Team team = workspace.team();
    int tokens = all.tokens;
    block.up.apply(workspace, norms, normed, tokens, projected);
    if (block.causalConvolution != null) {
      block.causalConvolution.forward(workspace, history, projected, tokens, h);
    }
    team.run(projections);
    block.gates.apply(workspace, queryKeyValue, tokens, gates);
    cell.forwardWhole(workspace, cellInputs, tokens, h);
    if (endsOnly) {
      gate(ends, 0, ends.tokens);
      block.down.apply(workspace, ends.query, ends.tokens, ends.addedBand);
      add(ends);
    } else {
      block.down.apply(workspace, outputs, queryKeyValue, tokens, added);
      team.run(sums);
    }
  }

  /** Forgets the image before. */
  void reset() {
    history.reset();
  }

  private void norm(int first, int count) {
    block.norm.apply(all.stream(), first, count, normed);
  }

  private void project(Band band) {
    if (block.gridConvolution != null) {
      block.gridConvolution.apply(
          projected, grid.height(), grid.width(), band.firstRow, band.lastRow, h);
    }
    Elementwise.silu(band.hBand, band.tokens, config.innerWidth(), band.c);
    block.query.apply(band.c, band.tokens, band.query);
    block.key.apply(band.c, band.tokens, band.key);
    block.value.apply(band.a, band.tokens, band.value);
  }

  /** The queries are not needed any more: they make room for the gated heads. */
  private void gate(Band band, int first, int count) {
    int inner = config.innerWidth();
    block.headNorm.apply(band.hBand, first, count, band.hBand);
    Elementwise.multiplyAdd(block.skip, band.c, first, count, inner, band.hBand);
    Elementwise.siluGate(band.z, band.hBand, first, count, inner, band.query);
  }

  private void add(Band band) {
    Elementwise.add(band.addedBand, band.tokens, config.width(), band.stream());
  }

  /** The residual stream, {@code [tokens][width]}, in natural order. */
  Columns x() {
    return x;
  }

  /** The first and the last token of the residual stream. */
  Columns endsOfX() {
    return ends.natural;
  }

  /** How many different tokens these are. */
  int endCount() {
    return ends.tokens;
  }

  /** For tests: the buffers as the last block left them, tokens in its order. */
  Columns buffer(String name) {
    return switch (name) {
      case "norm" -> normed;
      case "proj_up" -> projected;
      case "k" -> all.key;
      case "v" -> all.value;
      case "igate" -> gates;
      case "fgate" -> gates.from(config.heads());
      case "gated" -> all.query;
      case "layer_out" -> added;
      default -> throw new IllegalArgumentException(name);
    };
  }
}
