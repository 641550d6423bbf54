package org.xlstm4j.models.tirex;

import java.util.List;
import org.xlstm4j.loader.config.Config;
import org.xlstm4j.loader.config.ConfigKeys;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.models.forecast.QuantileLevels;

/**
 * Sizes of a TiRex model, from the hyper-parameters that its checkpoint carries.
 *
 * @param contextLength values of the past that a pass sees, a multiple of {@code patch}
 * @param patch values of a patch, in the past and in the forecast
 * @param width of the residual stream, a multiple of {@code heads}
 * @param heads number of heads
 * @param blocks number of blocks
 * @param embeddingWidth inner width of the networks that embed patches and read forecasts out
 * @param feedForwardWidth inner width of the blocks' feed-forwards
 * @param levels of the quantiles, each between 0 and 1
 * @param missing what stands for a missing value behind the scaling
 */
record TirexConfig(
    int contextLength,
    int patch,
    int width,
    int heads,
    int blocks,
    int embeddingWidth,
    int feedForwardWidth,
    List<Double> levels,
    float missing) {
  private static final int MAX_WIDTH = 1 << 20;
  private static final int MAX_PATCHES = 1 << 14;
  private static final int FEED_FORWARD_MULTIPLE = 64;

  private static final ConfigKeys KEYS =
      ConfigKeys.used(
              "model_config.block_kwargs.embedding_dim",
              "model_config.block_kwargs.ffn_proj_factor",
              "model_config.block_kwargs.num_blocks",
              "model_config.block_kwargs.num_heads",
              "model_config.input_ff_dim",
              "model_config.input_patch_size",
              "model_config.output_patch_size",
              "model_config.quantiles",
              "nan_mask_value",
              "train_ctx_len")
          .harmless(
              "model_config.block_kwargs.dropout", "model_config.dropout", "prediction_length")
          .unsupported(
              "model_config.block_kwargs.add_qk_norm",
              "model_config.block_kwargs.position_embeddings",
              "model_config.position_embeddings");

  /** The nested part that tells this architecture from all others. */
  private static final String BLOCKS = "model_config.block_kwargs";

  /** Copies the levels. */
  TirexConfig {
    levels = List.copyOf(levels);
  }

  /** Whether a configuration is one of this architecture. */
  static boolean matches(Config config) {
    return config.has(BLOCKS) && config.has("model_config.input_patch_size");
  }

  /**
   * Reads a configuration.
   *
   * @param config {@code model_config} and {@code train_ctx_len}
   * @throws ModelFormatException if a value is missing, of the wrong kind or impossible, or asks
   *     for something that is not supported
   */
  static TirexConfig of(Config config) throws ModelFormatException {
    KEYS.check(config);
    Config model = config.child("model_config");
    int patch = model.integer("input_patch_size", 1, MAX_WIDTH);
    int outputPatch = model.integerOr("output_patch_size", patch, 1, MAX_WIDTH);
    if (outputPatch != patch) {
      throw model.error(
          "output_patch_size", String.valueOf(outputPatch), "input_patch_size = " + patch);
    }
    int contextLength = config.integer("train_ctx_len", 1, 1 << 28);
    if (contextLength % patch != 0 || contextLength / patch > MAX_PATCHES) {
      throw config.error(
          "train_ctx_len",
          String.valueOf(contextLength),
          "a multiple of input_patch_size = " + patch + ", at most " + MAX_PATCHES + " of it");
    }
    Config blocks = config.child(BLOCKS);
    int width = blocks.integer("embedding_dim", 1, MAX_WIDTH);
    int heads = blocks.integer("num_heads", 1, MAX_WIDTH);
    if (width % heads != 0) {
      throw blocks.error(
          "num_heads", String.valueOf(heads), "a divisor of embedding_dim = " + width);
    }
    return new TirexConfig(
        contextLength,
        patch,
        width,
        heads,
        blocks.integer("num_blocks", 1, 4096),
        model.integer("input_ff_dim", 1, MAX_WIDTH),
        feedForwardWidth(blocks, width),
        QuantileLevels.of(model),
        config.floatOr("nan_mask_value", 0, -Float.MAX_VALUE, Float.MAX_VALUE));
  }

  private static int feedForwardWidth(Config blocks, int width) throws ModelFormatException {
    double factor = blocks.numberOr("ffn_proj_factor", 2.6667);
    int multiple = FEED_FORWARD_MULTIPLE;
    double feedForward = Math.floor((width * factor + multiple - 1) / multiple) * multiple;
    if (!(feedForward >= 1 && feedForward <= 16.0 * MAX_WIDTH)) {
      throw blocks.error(
          "ffn_proj_factor", String.valueOf(factor), "a factor that gives a feed-forward width");
    }
    return (int) feedForward;
  }

  /** Patches of a pass's past. */
  int patches() {
    return contextLength / patch;
  }
}
