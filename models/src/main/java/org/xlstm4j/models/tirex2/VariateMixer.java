package org.xlstm4j.models.tirex2;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.engine.layers.Elementwise;
import org.xlstm4j.engine.layers.RmsNorm;
import org.xlstm4j.engine.threads.Workspace;
import org.xlstm4j.engine.tokens.Columns;
import org.xlstm4j.engine.tokens.TokenWork;
import org.xlstm4j.engine.weights.Linear;
import org.xlstm4j.models.blocks.Pass;
import org.xlstm4j.models.blocks.Residual;
import org.xlstm4j.models.blocks.ResidualStack;
import org.xlstm4j.models.blocks.TokenBuffers;
import org.xlstm4j.models.blocks.TokenNorm;

/**
 * The part of a block in which the rows of a group see each other, each patch by itself:
 *
 * <pre>
 * q, k, v = WQ RMS(x), WK RMS(x), WV RMS(x)
 * q, k    = RMS(q), RMS(k)                      within each head, if the model has it so
 * x      += WO attention(q, k, v)               {@link GroupAttention}
 * x      += feedForward(RMS(x))
 * </pre>
 *
 * <p>Immutable and thread-safe.
 */
final class VariateMixer {
  private final int width;
  private final TokenNorm norm;
  private final Linear queriesKeysValues;
  private final @Nullable RmsNorm headNorm;
  private final GroupAttention attention;
  private final Linear output;
  private final ResidualStack feedForward;
  private final TokenBuffers<Activations> buffers;

  /**
   * A mixer.
   *
   * @param norm of the attention's input
   * @param queriesKeysValues side by side
   * @param headNorm of queries and keys, if there is one
   * @param attention of the stream's width
   * @param output what heads become
   * @param feedForward with its norm
   */
  VariateMixer(
      TokenNorm norm,
      Linear queriesKeysValues,
      @Nullable RmsNorm headNorm,
      GroupAttention attention,
      Linear output,
      Residual feedForward) {
    this.width = attention.width();
    this.norm = norm;
    this.queriesKeysValues = queriesKeysValues;
    this.headNorm = headNorm;
    this.attention = attention;
    this.output = output;
    this.feedForward = new ResidualStack(width, List.of(feedForward));
    buffers =
        new TokenBuffers<>(Activations.class, tokens -> new Activations(width, tokens), width);
  }

  /** Activations of some tokens, named as in the equations. */
  private static final class Activations {
    /** {@code [tokens][width]}. */
    private final Columns normed;

    /** {@code [tokens][q k v]}. */
    private final Columns q;

    private final Columns k;

    /** {@code [tokens][width]}: what the heads see, and what is added to the stream. */
    private final Columns seen;

    private final Columns added;
    private final TokenWork normalize = this::normalize;
    private final TokenWork normalizeHeads = this::normalizeHeads;
    private final TokenWork attend = this::attend;
    private final TokenWork add = this::add;

    /** Whose tokens these are. */
    private VariateMixer mixer;

    private RowBatch batch;
    private Columns x;

    @SuppressWarnings("NullAway.Init")
    Activations(int width, int capacity) {
      normed = Columns.allocate(capacity, width);
      q = Columns.allocate(capacity, 3 * width);
      k = q.from(width);
      seen = Columns.allocate(capacity, width);
      added = Columns.allocate(capacity, width);
    }

    private void normalize(int first, int count) {
      mixer.norm.apply(x, first, count, normed);
    }

    private void normalizeHeads(int first, int count) {
      RmsNorm headNorm = mixer.headNorm;
      if (headNorm != null) {
        headNorm.apply(q, first, count, q);
        headNorm.apply(k, first, count, k);
      }
    }

    private void attend(int first, int count) {
      mixer.attention.apply(batch, q, first, count, seen);
    }

    private void add(int first, int count) {
      Elementwise.add(added, first, count, mixer.width, x);
    }
  }

  /**
   * Adds to the stream of the rows that are in groups.
   *
   * @param batch whose tokens these are
   * @param all the stream of all rows, {@code [tokens][width]}
   */
  void forward(RowBatch batch, Columns all) {
    Pass pass = batch.mixed();
    if (pass == null) {
      return;
    }
    Workspace workspace = pass.workspace();
    int tokens = pass.tokens();
    Activations b = buffers.of(workspace, tokens);
    b.mixer = this;
    b.batch = batch;
    b.x = all.fromToken(batch.firstMixed());
    queriesKeysValues.apply(workspace, b.normalize, b.normed, tokens, b.q);
    pass.run(b.normalizeHeads, 1);
    output.apply(workspace, b.attend, b.seen, tokens, b.added);
    pass.run(b.add, 1);
    feedForward.forward(pass, b.x);
  }
}
