package org.xlstm4j.models.embedding;

import org.jspecify.annotations.Nullable;

/**
 * How series are embedded.
 *
 * @param augment whether the embedding of the differences and statistics are added
 * @param statistics what the statistics are relative to; null for those of the series themselves
 */
public record EmbeddingOptions(boolean augment, @Nullable SeriesStatistics statistics) {
  /** Embeddings alone. */
  public static final EmbeddingOptions PLAIN = new EmbeddingOptions(false, null);

  /** With differences and statistics, relative to the series that are embedded together. */
  public static final EmbeddingOptions AUGMENTED = new EmbeddingOptions(true, null);

  /** Checks that statistics have a use. */
  public EmbeddingOptions {
    if (statistics != null && !augment) {
      throw new IllegalArgumentException("statistics without augmentation");
    }
  }

  /**
   * With differences and statistics, relative to stored ones.
   *
   * @param statistics such as those of the series that a head was fitted to
   * @return the options
   */
  public static EmbeddingOptions augmented(SeriesStatistics statistics) {
    return new EmbeddingOptions(true, statistics);
  }
}
