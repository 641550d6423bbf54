package org.xlstm4j.bench.suite;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.xlstm4j.engine.WeightType;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.config.Config;
import org.xlstm4j.models.Models;
import org.xlstm4j.models.language.LanguageModel;

/** Models of random weights. */
public final class RandomModels {
  private static final int HEAD_WIDTH = 256;
  private static final int LEAST_HEADS = 4;
  private static final int VOCABULARY = 8192;

  private RandomModels() {}

  /**
   * A model of the xLSTM-Large family.
   *
   * @param width of the residual stream, a multiple of 8
   * @param blocks how many
   * @param type of the weights
   * @return the open model
   */
  public static LanguageModel large(int width, int blocks, WeightType type) {
    Config config =
        Config.empty(Path.of("random"))
            .with("embedding_dim", width)
            .with("num_blocks", blocks)
            .with("num_heads", Math.max(width / HEAD_WIDTH, LEAST_HEADS))
            .with("vocab_size", VOCABULARY);
    try {
      return Models.of(config, Checkpoint.random(config, type), LanguageModel.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
