package org.xlstm4j.models.large;

import org.xlstm4j.loader.config.Config;
import org.xlstm4j.loader.config.ConfigKeys;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.models.blocks.OutputGatedMlstmLayer;

/**
 * Sizes and constants of an xLSTM-Large model, from the official flat configuration or Hugging
 * Face's {@code config.json}.
 *
 * @param vocabularySize rows of embedding and output head
 * @param width width of the residual stream
 * @param blocks number of blocks
 * @param heads mLSTM heads a block
 * @param keyWidth width of all heads' queries (and keys) together
 * @param valueWidth width of all heads' values together
 * @param feedForwardWidth inner width of the feed-forward
 * @param bias whether projections and norms have biases
 * @param outNorm whether a norm stands before the output head
 * @param tiedEmbeddings whether the output head may be the embedding table
 * @param gateCap soft cap of the gates' preactivations; infinite for none
 * @param logitCap soft cap of the logits; infinite for none
 * @param normEpsilon epsilon of all norms
 * @param cellEpsilon added to the cell's normalizer
 */
record XlstmLargeConfig(
    int vocabularySize,
    int width,
    int blocks,
    int heads,
    int keyWidth,
    int valueWidth,
    int feedForwardWidth,
    boolean bias,
    boolean outNorm,
    boolean tiedEmbeddings,
    float gateCap,
    float logitCap,
    float normEpsilon,
    float cellEpsilon) {
  private static final int MAX_WIDTH = 1 << 20;

  private static final ConfigKeys KEYS =
      ConfigKeys.used(
              "add_out_norm",
              "embedding_dim",
              "eps",
              "ffn_proj_factor",
              "ffn_round_up_to_multiple_of",
              "gate_soft_cap",
              "hidden_size",
              "norm_eps",
              "num_blocks",
              "num_heads",
              "num_hidden_layers",
              "output_logit_soft_cap",
              "qk_dim_factor",
              "tie_word_embeddings",
              "use_bias",
              "v_dim_factor",
              "vocab_size")
          .harmless(
              "add_embedding_dropout",
              "add_forward_backend_padding",
              "add_post_blocks_norm",
              "autocast_kernel_dtype",
              "cell_norm_eps",
              "chunk_size",
              "chunkwise_kernel",
              "context_length",
              "force_bos_token_insert",
              "forward_backend_name",
              "gate_bias",
              "head_dim",
              "igate_bias_init_range",
              "inference_state_dtype",
              "max_inference_chunksize",
              "mlstm_round_up_to_multiple_of",
              "mode",
              "norm_reduction_force_float32",
              "prefill",
              "qk_head_dim",
              "resolved",
              "return_last_states",
              "sequence_kernel",
              "step_backend_name",
              "step_kernel",
              "v_head_dim",
              "weight_mode")
          .unsupported(
              "add_post_norm",
              "add_qk_norm",
              "attention_window",
              "bidirectional",
              "embedding_multiplier",
              "logits_scaling",
              "num_experts",
              "position_embeddings",
              "residual_multiplier",
              "rope_scaling",
              "rope_theta",
              "sliding_window");

  private static int width(Config config, String key, int width, double otherwise)
      throws ModelFormatException {
    double factor = config.numberOr(key, otherwise);
    double scaled = width * factor;
    if (!(scaled >= 1 && scaled <= MAX_WIDTH)) {
      throw config.error(key, String.valueOf(factor), "a factor that gives 1 to " + MAX_WIDTH);
    }
    return (int) scaled;
  }

  /**
   * Reads a configuration.
   *
   * @param config as published
   * @return the checked sizes
   * @throws ModelFormatException if a value is missing, of the wrong kind or impossible, or asks
   *     for something that is not supported
   */
  static XlstmLargeConfig of(Config config) throws ModelFormatException {
    KEYS.check(config);
    int width =
        config.has("embedding_dim")
            ? config.integer("embedding_dim", 1, MAX_WIDTH)
            : config.integer("hidden_size", 1, MAX_WIDTH);
    int blocks =
        config.has("num_blocks")
            ? config.integer("num_blocks", 1, 4096)
            : config.integer("num_hidden_layers", 1, 4096);
    int heads = config.integer("num_heads", 1, 4096);
    int keyWidth = width(config, "qk_dim_factor", width, 0.5);
    int valueWidth = width(config, "v_dim_factor", width, 1);
    checkHeads(config, "qk_dim_factor", keyWidth, heads);
    checkHeads(config, "v_dim_factor", valueWidth, heads);
    boolean huggingFace = config.has("hidden_size") || config.has("num_hidden_layers");
    double factor = config.numberOr("ffn_proj_factor", huggingFace ? 2.667 : 2.6667);
    int multiple = config.integerOr("ffn_round_up_to_multiple_of", 64, 1, MAX_WIDTH);
    double feedForward = Math.floor((width * factor + multiple - 1) / multiple) * multiple;
    if (!(feedForward >= 1 && feedForward <= 16.0 * MAX_WIDTH)) {
      throw config.error(
          "ffn_proj_factor", String.valueOf(factor), "a factor that gives a feed-forward width");
    }
    return new XlstmLargeConfig(
        config.integer("vocab_size", 1, 1 << 28),
        width,
        blocks,
        heads,
        keyWidth,
        valueWidth,
        (int) feedForward,
        config.boolOr("use_bias", false),
        config.boolOr("add_out_norm", true),
        config.boolOr("tie_word_embeddings", false),
        cap(config, "gate_soft_cap", 15),
        cap(config, "output_logit_soft_cap", 30),
        config.floatOr("norm_eps", 1e-6, 0, 1),
        config.floatOr("eps", 1e-6, 0, 1));
  }

  /** An explicit null switches a cap off; a missing key is the default. */
  private static float cap(Config config, String key, double standard) throws ModelFormatException {
    if (config.kind(key) == Config.Kind.NULL) {
      return Float.POSITIVE_INFINITY;
    }
    return config.floatOr(key, standard, Float.MIN_NORMAL, Float.MAX_VALUE);
  }

  private static void checkHeads(Config config, String key, int width, int heads)
      throws ModelFormatException {
    if (width < 1 || width % heads != 0) {
      throw config.error(key, "a width of " + width, "one that num_heads = " + heads + " divides");
    }
  }

  /** Sizes of the mLSTM layers. */
  OutputGatedMlstmLayer.Sizes layer() {
    return new OutputGatedMlstmLayer.Sizes(
        width, heads, keyWidth, valueWidth, bias, gateCap, normEpsilon, cellEpsilon);
  }
}
