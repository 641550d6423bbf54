package org.xlstm4j.models.blocks;

import org.xlstm4j.engine.layers.Elementwise;
import org.xlstm4j.engine.tokens.Columns;
import org.xlstm4j.engine.tokens.TokenWork;

/**
 * The stream that residual layers read and add to. What a layer gives is added when the next one
 * begins, together with that one's norm, while a token is in cache.
 */
final class ResidualStream {
  private final int width;

  /** The input of the current layer, {@code [tokens][width]}, tokens in its order. */
  private final Columns normed;

  /** What the last layer gave, tokens in its order. */
  private final Columns added;

  private final TokenWork normalize = this::normalize;
  private final TokenWork addAndNormalize = this::addAndNormalize;
  private final TokenWork add = this::add;
  private int tokens;

  /** The stream in natural order. */
  private Columns forward;

  /** The stream and {@link #added} from the last token to the first. */
  private Columns backward;

  private Columns addedReversed;

  /** What these two are views of. */
  private Columns reversed;

  private int reversedTokens;

  /** Of the current layer: its norm, and in its order the stream and what is to be added to it. */
  private TokenNorm norm = (from, first, count, to) -> {};

  private Columns x;
  private Columns sum;
  private boolean isBackward;
  private boolean isFirst;

  ResidualStream(int width, int capacity) {
    this.width = width;
    normed = Columns.allocate(capacity, width);
    added = Columns.allocate(capacity, width);
    forward = normed;
    backward = normed;
    addedReversed = added;
    reversed = normed;
    x = normed;
    sum = added;
  }

  /** Begins with some tokens. */
  void start(Columns stream, int count) {
    forward = stream;
    tokens = count;
    isFirst = true;
    isBackward = false;
  }

  /**
   * The next layer begins.
   *
   * @return makes its input
   */
  TokenWork enter(Residual next) {
    boolean first = isFirst;
    isFirst = false;
    turn(next.backward());
    norm = next.norm();
    return first ? normalize : addAndNormalize;
  }

  /** Adds what the last layer gave. */
  void finish(Pass pass) {
    turn(false);
    if (pass.endsOnly()) {
      add(0, 1);
      if (tokens > 1) {
        add(tokens - 1, 1);
      }
    } else {
      pass.run(add, 1);
    }
  }

  private void turn(boolean toBackward) {
    boolean turns = toBackward != isBackward;
    if (toBackward || turns) {
      reverse();
    }
    x = toBackward ? backward : forward;
    sum = turns ? addedReversed : added;
    isBackward = toBackward;
  }

  /** Views from the last token to the first, made once for the same stream and number of tokens. */
  private void reverse() {
    if (!forward.equals(reversed) || tokens != reversedTokens) {
      reversed = forward;
      reversedTokens = tokens;
      backward = forward.reversed(tokens);
      addedReversed = added.reversed(tokens);
    }
  }

  private void normalize(int first, int count) {
    norm.apply(x, first, count, normed);
  }

  private void addAndNormalize(int first, int count) {
    add(first, count);
    normalize(first, count);
  }

  private void add(int first, int count) {
    Elementwise.add(sum, first, count, width, x);
  }

  Columns normed() {
    return normed;
  }

  Columns added() {
    return added;
  }
}
