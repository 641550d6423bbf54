package org.xlstm4j.models.xlstm;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.engine.layers.Activation;
import org.xlstm4j.loader.config.Config;
import org.xlstm4j.loader.config.ConfigKeys;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.models.blocks.MlstmLayer;
import org.xlstm4j.models.blocks.PaperBlocks;
import org.xlstm4j.models.blocks.SlstmLayer;

/**
 * Sizes and options of a stack of the xLSTM paper's blocks, from the nested configuration that the
 * original package reads, in JSON or YAML.
 *
 * @param width width of the residual stream
 * @param scalarBlocks for each block whether it is an sLSTM block; the others are mLSTM blocks
 * @param mlstm sizes of the mLSTM layers
 * @param mlstmTaps taps of their convolution
 * @param slstm sizes of the sLSTM layers
 * @param feedForward of the sLSTM blocks, if they have one
 * @param outNorm whether a norm stands behind the blocks
 */
record BlockStackConfig(
    int width,
    List<Boolean> scalarBlocks,
    MlstmLayer.Sizes mlstm,
    int mlstmTaps,
    SlstmLayer.Sizes slstm,
    PaperBlocks.@Nullable FeedForward feedForward,
    boolean outNorm) {
  private static final int MAX_WIDTH = 1 << 20;
  private static final int MAX_BLOCKS = 4096;
  private static final int MAX_TAPS = 1024;

  /** Those of the blocks; a language model has some more. */
  static final ConfigKeys KEYS =
      ConfigKeys.used(
              "add_post_blocks_norm",
              "bias",
              "embedding_dim",
              "mlstm_block.mlstm.conv1d_kernel_size",
              "mlstm_block.mlstm.num_heads",
              "mlstm_block.mlstm.proj_factor",
              "mlstm_block.mlstm.qkv_proj_blocksize",
              "mlstm_block.mlstm.round_proj_up_dim_up",
              "mlstm_block.mlstm.round_proj_up_to_multiple_of",
              "num_blocks",
              "slstm_at",
              "slstm_block.feedforward.act_fn",
              "slstm_block.feedforward.bias",
              "slstm_block.feedforward.proj_factor",
              "slstm_block.feedforward.round_proj_up_dim_up",
              "slstm_block.feedforward.round_proj_up_to_multiple_of",
              "slstm_block.slstm.conv1d_kernel_size",
              "slstm_block.slstm.function",
              "slstm_block.slstm.group_norm_weight",
              "slstm_block.slstm.num_heads")
          .harmless(
              "context_length",
              // what the original sets from the values above
              "mlstm_block.mlstm.bias",
              "mlstm_block.mlstm.context_length",
              "mlstm_block.mlstm.dropout",
              "mlstm_block.mlstm.embedding_dim",
              "resolved",
              "slstm_block.feedforward.dropout",
              "slstm_block.feedforward.embedding_dim",
              "slstm_block.slstm.backend",
              "slstm_block.slstm.batch_size",
              "slstm_block.slstm.bias_init",
              "slstm_block.slstm.dropout",
              "slstm_block.slstm.dtype",
              "slstm_block.slstm.embedding_dim",
              "slstm_block.slstm.enable_automatic_mixed_precision",
              "slstm_block.slstm.gradient_recurrent_clipval",
              "slstm_block.slstm.gradient_recurrent_cut",
              "slstm_block.slstm.hidden_size",
              "slstm_block.slstm.recurrent_weight_init")
          .unsupported(
              "bidirectional",
              "bidirectional_strategy",
              "mlstm_block.mlstm.position_embeddings",
              "position_embeddings",
              "rcps",
              "rope_scaling",
              "rope_theta",
              "slstm_block.slstm.forward_clipval",
              "slstm_block.slstm.initial_val")
          .only("slstm_block.feedforward.ff_type", "ffn_gated")
          .only("slstm_block.slstm.num_gates", "4")
          .only("slstm_block.slstm.num_states", "4");

  /** Copies the list of blocks. */
  BlockStackConfig {
    scalarBlocks = List.copyOf(scalarBlocks);
  }

  /** Whether a configuration has the nested parts of these blocks. */
  static boolean isNested(Config config) {
    return config.has("mlstm_block") || config.has("slstm_block");
  }

  /**
   * Reads a configuration, whose keys have been checked.
   *
   * @param config as published
   * @return the checked sizes
   * @throws ModelFormatException if a value is missing, of the wrong kind or impossible, or asks
   *     for something that is not supported
   */
  static BlockStackConfig of(Config config) throws ModelFormatException {
    int width = config.integerOr("embedding_dim", 128, 1, MAX_WIDTH);
    boolean bias = config.boolOr("bias", false);
    List<Boolean> scalarBlocks = scalarBlocks(config);

    Config mlstm = layer(config, "mlstm_block", "mlstm");
    int heads = mlstm.integerOr("num_heads", 4, 1, MAX_WIDTH);
    int block = mlstm.integerOr("qkv_proj_blocksize", 4, 1, MAX_WIDTH);
    int taps = mlstm.integerOr("conv1d_kernel_size", 4, 1, MAX_TAPS);
    int inner = projectedWidth(mlstm, width, 2);
    if (scalarBlocks.contains(false) && (inner % heads != 0 || inner % block != 0)) {
      throw config.error(
          "mlstm_block.mlstm",
          "an inner width of " + inner,
          "a multiple of num_heads = " + heads + " and of qkv_proj_blocksize = " + block);
    }

    Config slstm = layer(config, "slstm_block", "slstm");
    int scalarHeads = slstm.integerOr("num_heads", 4, 1, MAX_WIDTH);
    if (scalarBlocks.contains(true)) {
      if (width % scalarHeads != 0) {
        throw slstm.error(
            "num_heads", String.valueOf(scalarHeads), "a divisor of embedding_dim = " + width);
      }
      String function = slstm.textOr("function", "slstm");
      if (!function.equals("slstm")) {
        throw slstm.error("function", function, "slstm");
      }
    }
    return new BlockStackConfig(
        width,
        scalarBlocks,
        PaperBlocks.mlstmSizes(width, inner, heads, block, bias, false),
        taps,
        SlstmLayer.Sizes.ofPaper(
            width,
            scalarHeads,
            slstm.integerOr("conv1d_kernel_size", 4, 0, MAX_TAPS),
            slstm.boolOr("group_norm_weight", true)),
        feedForward(config, width),
        config.boolOr("add_post_blocks_norm", true));
  }

  private static Config layer(Config config, String block, String layer)
      throws ModelFormatException {
    return config.childOrEmpty(block).childOrEmpty(layer);
  }

  /** Which blocks are sLSTM blocks: those listed, or all of them if there is no other kind. */
  private static List<Boolean> scalarBlocks(Config config) throws ModelFormatException {
    int blocks = config.integerOr("num_blocks", 1, 1, MAX_BLOCKS);
    boolean all =
        !config.has("mlstm_block")
            || (config.kind("slstm_at") == Config.Kind.TEXT
                && config.text("slstm_at").equals("all"));
    List<Boolean> scalar = new ArrayList<>();
    for (int i = 0; i < blocks; i++) {
      scalar.add(all);
    }
    if (!all && config.has("slstm_at")) {
      for (int block : config.integers("slstm_at", 0, blocks - 1)) {
        scalar.set(block, true);
      }
    }
    if (scalar.contains(true) && !config.has("slstm_block")) {
      throw config.error("slstm_block", "nothing", "the configuration of the sLSTM blocks");
    }
    return scalar;
  }

  /** The feed-forward of sLSTM blocks; an explicit null of it or of its type means none. */
  private static PaperBlocks.@Nullable FeedForward feedForward(Config config, int width)
      throws ModelFormatException {
    Config block = config.childOrEmpty("slstm_block");
    Config feedForward = block.childOrEmpty("feedforward");
    if (block.isNull("feedforward") || feedForward.isNull("ff_type")) {
      return null;
    }
    String name = feedForward.textOr("act_fn", "gelu").toLowerCase(Locale.ROOT);
    Activation activation =
        switch (name) {
          case "gelu" -> Activation.GELU;
          case "relu" -> Activation.RELU;
          case "relu^2" -> Activation.SQUARED_RELU;
          case "sigmoid" -> Activation.SIGMOID;
          case "swish" -> Activation.SWISH;
          case "selu" -> Activation.SELU;
          default ->
              throw feedForward.error(
                  "act_fn", name, "one of gelu, relu, relu^2, sigmoid, swish, selu");
        };
    return new PaperBlocks.FeedForward(
        projectedWidth(feedForward, width, 1.3), activation, feedForward.boolOr("bias", false));
  }

  private static int projectedWidth(Config config, int width, double standard)
      throws ModelFormatException {
    int multiple = config.integerOr("round_proj_up_to_multiple_of", 64, 1, MAX_WIDTH);
    double times = width * config.numberOr("proj_factor", standard) / multiple;
    boolean up = config.boolOr("round_proj_up_dim_up", true);
    double projected = (up ? Math.ceil(times) : Math.floor(times)) * multiple;
    if (!(projected >= 1 && projected <= 16.0 * MAX_WIDTH)) {
      throw config.error("proj_factor", "a width of " + projected, "1 to " + 16 * MAX_WIDTH);
    }
    return (int) projected;
  }
}
