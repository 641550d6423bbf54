package org.xlstm4j.models.tirex2;

import java.util.List;
import org.xlstm4j.engine.layers.Elementwise;
import org.xlstm4j.engine.tokens.Columns;
import org.xlstm4j.engine.tokens.TokenWork;
import org.xlstm4j.engine.weights.Linear;
import org.xlstm4j.models.blocks.Layer;
import org.xlstm4j.models.blocks.Pass;
import org.xlstm4j.models.blocks.Residual;
import org.xlstm4j.models.blocks.ResidualStack;
import org.xlstm4j.models.blocks.TokenBuffers;
import org.xlstm4j.models.blocks.TokenNorm;
import org.xlstm4j.models.blocks.Weights;

/**
 * The part of a block in which each row sees its own past:
 *
 * <pre>
 * u  = cell(RMS(x))
 * w  = cell(RMS(x)) from the last token to the first      rows that are known ahead
 * u  = combination [u w]                                  likewise
 * x += u
 * x += feedForward(RMS(x))
 * </pre>
 *
 * <p>Both directions share their weights. Immutable and thread-safe.
 */
final class TimeMixer {
  private final TokenNorm norm;
  private final Layer cell;
  private final Linear combination;
  private final ResidualStack feedForward;
  private final TokenBuffers<Activations> buffers;

  /**
   * A mixer.
   *
   * @param width of the stream
   * @param norm of the cell's input
   * @param cell with its projections and the norm behind it
   * @param combination of both directions, {@code [width, 2 * width]}
   * @param feedForward with its norm
   */
  TimeMixer(int width, TokenNorm norm, Layer cell, Linear combination, Residual feedForward) {
    this.norm = norm;
    this.cell = cell;
    this.combination = combination;
    this.feedForward = new ResidualStack(width, List.of(feedForward));
    buffers =
        new TokenBuffers<>(Activations.class, tokens -> new Activations(width, tokens), width);
  }

  /** Activations of some tokens, named as in the equations. */
  private static final class Activations {
    private final int width;

    /** {@code [tokens][width]}: the cell's input in its own order. */
    private final Columns normed;

    private final Columns u;
    private final Columns w;

    /** {@code [tokens][u w]}. */
    private final Columns both;

    private final TokenWork normalize = this::normalize;
    private final TokenWork join = this::join;
    private final TokenWork add = this::add;
    private TokenNorm norm = (from, first, count, to) -> {};

    /** The stream, in the cell's order. */
    private Columns x;

    /** Of the rows that are walked backward. */
    private Columns known;

    private int knownTokens;

    Activations(int width, int capacity) {
      this.width = width;
      normed = Columns.allocate(capacity, width);
      u = Columns.allocate(capacity, width);
      w = Columns.allocate(capacity, width);
      both = Columns.allocate(capacity, 2 * width);
      x = normed;
      known = u;
    }

    private void normalize(int first, int count) {
      norm.apply(x, first, count, normed);
    }

    private void join(int first, int count) {
      for (int token = first; token < first + count; token++) {
        int to = both.at(token);
        System.arraycopy(known.data(), known.at(token), both.data(), to, width);
        int from = w.at(knownTokens - 1 - token);
        System.arraycopy(w.data(), from, both.data(), to + width, width);
      }
    }

    private void add(int first, int count) {
      Elementwise.add(u, first, count, width, x);
    }
  }

  /**
   * Adds to the stream.
   *
   * @param batch whose tokens these are
   * @param x the stream, {@code [tokens][width]}
   */
  void forward(RowBatch batch, Columns x) {
    Pass pass = batch.pass();
    Activations b = cell(pass, x);
    Pass backward = batch.backward();
    if (backward != null) {
      b.knownTokens = backward.tokens();
      b.known = b.u.fromToken(batch.firstKnown());
      b.x = x.fromToken(batch.firstKnown()).reversed(b.knownTokens);
      cell.forward(backward, b.normalize, b.normed, b.w);
      b.x = x;
      // the input is copied before the result takes its place
      combination.apply(backward.workspace(), b.join, b.both, b.knownTokens, b.known);
    }
    pass.run(b.add, 1);
    feedForward.forward(pass, x);
  }

  /**
   * Adds to the stream of rows that are not known ahead.
   *
   * @param pass the tokens
   * @param x the stream, {@code [tokens][width]}
   */
  void forward(Pass pass, Columns x) {
    Activations b = cell(pass, x);
    pass.run(b.add, 1);
    feedForward.forward(pass, x);
  }

  private Activations cell(Pass pass, Columns x) {
    Activations b = buffers.of(pass.workspace(), pass.tokens());
    b.norm = norm;
    b.x = x;
    cell.forward(pass, b.normalize, b.normed, b.u);
    return b;
  }

  /** The weights that a token of a row is multiplied with that is walked in one direction. */
  Weights weights() {
    return cell.weights().plus(feedForward.weights());
  }
}
