package org.xlstm4j.models.tirex2;

import org.xlstm4j.engine.tokens.Columns;

/**
 * Attention of the rows of a group at the same patch. In each head a row gets the mean of the rows'
 * values, weighted with the exponentials of {@code q k / sqrt(headWidth)}. Covariates do not see
 * targets; else all see all, themselves included. Immutable and thread-safe.
 *
 * <p>The weights are kept relative to the largest score so far, so nothing is stored for each pair
 * of rows.
 */
final class GroupAttention {
  private final int width;
  private final int headWidth;
  private final double scale;

  /**
   * An attention.
   *
   * @param width of queries, keys and values, a multiple of {@code heads}
   * @param heads number of heads
   */
  GroupAttention(int width, int heads) {
    this.width = width;
    headWidth = width / heads;
    scale = 1 / Math.sqrt(headWidth);
  }

  int width() {
    return width;
  }

  /**
   * Computes what some tokens see.
   *
   * @param batch whose tokens these are, those of groups only
   * @param q queries, keys and values side by side
   * @param first index of the first token
   * @param count how many
   * @param y result, {@code [tokens][width]}
   */
  void apply(RowBatch batch, Columns q, int first, int count, Columns y) {
    for (int token = first; token < first + count; token++) {
      RowBatch.Row row = batch.rowOfMixed(token);
      for (int head = 0; head < width; head += headWidth) {
        see(row, token, q.from(head), y.data(), y.at(token) + head);
      }
    }
  }

  /** One head of one token. */
  private void see(RowBatch.Row row, int token, Columns q, float[] y, int to) {
    float[] data = q.data();
    int query = q.at(token);
    double largest = Double.NEGATIVE_INFINITY;
    double sum = 0;
    for (RowBatch.Row other : row.members()) {
      if (other.target() && !row.target()) {
        continue;
      }
      int key = q.at(token + other.start() - row.start()) + width;
      double score = scale * product(data, query, key);
      if (score > largest) {
        float faded = (float) Math.exp(largest - score);
        for (int i = 0; i < headWidth; i++) {
          y[to + i] = sum == 0 ? 0 : faded * y[to + i];
        }
        sum *= faded;
        largest = score;
      }
      float weight = (float) Math.exp(score - largest);
      sum += weight;
      int value = key + width;
      for (int i = 0; i < headWidth; i++) {
        y[to + i] += weight * data[value + i];
      }
    }
    float factor = (float) (1 / sum);
    for (int i = 0; i < headWidth; i++) {
      y[to + i] *= factor;
    }
  }

  private float product(float[] data, int query, int key) {
    float even = 0;
    float odd = 0;
    int i = 0;
    for (; i + 1 < headWidth; i += 2) {
      even += data[query + i] * data[key + i];
      odd += data[query + i + 1] * data[key + i + 1];
    }
    return i < headWidth ? even + odd + data[query + i] * data[key + i] : even + odd;
  }
}
