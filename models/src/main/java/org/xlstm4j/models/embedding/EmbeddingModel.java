package org.xlstm4j.models.embedding;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.files.LoadOption;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.models.Model;
import org.xlstm4j.models.Models;
import org.xlstm4j.models.NamedTensor;
import org.xlstm4j.models.RunOptions;

/**
 * A model that makes vectors of time series, for example for a {@link LinearHead}. Immutable and
 * thread-safe.
 */
public interface EmbeddingModel extends Model {
  /**
   * Opens a model.
   *
   * @param path a model folder, or a checkpoint file as it is published
   * @param options how the files are opened; mapped unless they say otherwise
   * @return the model; closing it frees the weights
   * @throws ModelFormatException if there is no such model, or a damaged one
   * @throws IOException if a file cannot be read
   */
  static EmbeddingModel open(Path path, LoadOption... options) throws IOException {
    return Models.open(path, EmbeddingModel.class, options);
  }

  /**
   * How long an embedding is.
   *
   * @param variates of a series, at least 1
   * @param length values of each variate, at least 1; it matters with augmentation only
   * @param augment whether it is augmented
   * @return at least 1
   */
  int embeddingWidth(int variates, int length, boolean augment);

  /**
   * Embeds several series. A plain embedding depends on its series alone. In an augmented one the
   * statistics are relative to those of all series given here, unless the options have stored ones.
   *
   * @param series at least one, each {@code [variates][values]}, NaN where a value is missing. All
   *     have the same number of variates; the variates of a series have one length, at least 1. For
   *     augmented embeddings all series have one length, at least 2
   * @param options how
   * @param team the threads to compute with
   * @return an array of {@link #embeddingWidth} values for each series
   * @throws IllegalArgumentException naming the series whose shape does not fit or whose value is
   *     too large, or if stored statistics are of other series
   * @throws IllegalStateException if an embedding is not finite, since the weights are damaged
   */
  List<float[]> embed(List<float[][]> series, EmbeddingOptions options, Team team);

  @Override
  default List<NamedTensor> run(Checkpoint inputs, RunOptions options) throws IOException {
    return new EmbeddingRun(this, options).run(inputs);
  }
}
