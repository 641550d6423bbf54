package org.xlstm4j.models.tirex2;

import java.util.ArrayList;
import java.util.List;
import org.xlstm4j.engine.layers.Activation;
import org.xlstm4j.loader.config.Config;
import org.xlstm4j.loader.config.ConfigKeys;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.models.forecast.QuantileLevels;

/**
 * Sizes and settings of a TiRex-2 model.
 *
 * @param contextLength values of the past that a pass sees
 * @param futureLength values that a pass forecasts, a multiple of {@code patch}
 * @param patch values of a patch, in the past and in the forecast
 * @param width of the residual stream
 * @param blocks in the order in which tokens pass them
 * @param embeddingWidth inner width of the network that embeds patches
 * @param readOutWidth inner width of the network that reads forecasts out
 * @param feedForwardWidth inner width of the gated feed-forwards
 * @param activation of these two networks and of the feed-forwards behind the attention
 * @param scaler how values are scaled
 * @param headNorm whether queries and keys of the attention are normed
 * @param outNorm whether a norm stands behind the blocks
 * @param outNormEpsilon of that norm
 * @param levels of the quantiles, each between 0 and 1
 * @param signFlip whether forecasts are averaged with those of the negated series by default
 * @param differencing whether series with a trend are forecast by their differences by default
 */
record Tirex2Config(
    int contextLength,
    int futureLength,
    int patch,
    int width,
    List<Block> blocks,
    int embeddingWidth,
    int readOutWidth,
    int feedForwardWidth,
    Activation activation,
    Scaler scaler,
    boolean headNorm,
    boolean outNorm,
    float outNormEpsilon,
    List<Double> levels,
    boolean signFlip,
    boolean differencing) {
  private static final int MAX_WIDTH = 1 << 20;
  private static final int MAX_PATCHES = 1 << 14;
  private static final int MAX_BLOCKS = 1024;
  private static final int MAX_HEADS = 1024;

  /** Fixed in the original code. */
  private static final double FEED_FORWARD_FACTOR = 2.6667;

  private static final int FEED_FORWARD_MULTIPLE = 64;

  private static final String TEMPLATES = "stack_config.templates";
  private static final String RECIPE = "stack_config.recipe";

  private static final ConfigKeys KEYS =
      ConfigKeys.used(
              "act_func",
              "context_len",
              "embedding_dim",
              "future_len",
              "h_expand",
              "input_ff_dim",
              "input_patch_size",
              "num_blocks",
              "output_patch_size",
              "quantiles",
              "scaler_cfg.binaryaware",
              "scaler_cfg.eps",
              "scaler_cfg.use_arcsinh",
              RECIPE,
              TEMPLATES + ".*.time_mixer.embedding_dim",
              TEMPLATES + ".*.time_mixer.model_type",
              TEMPLATES + ".*.time_mixer.num_heads",
              TEMPLATES + ".*.time_mixer.num_slstm_heads",
              TEMPLATES + ".*.variate_mixer.embedding_dim",
              TEMPLATES + ".*.variate_mixer.num_heads",
              "stack_out_norm_config.eps",
              "tokenizer_cfg.input_patch_size",
              "tokenizer_cfg.input_patch_stride",
              "tokenizer_cfg.output_patch_size",
              "tta_diff",
              "tta_sign_flip",
              "use_qk_norm")
          .harmless(
              "device",
              "matmul_precision",
              "postprocessor_cfg",
              TEMPLATES + ".*.dropout",
              TEMPLATES + ".*.eps",
              TEMPLATES + ".*.time_mixer.device",
              TEMPLATES + ".*.time_mixer.rnn_backend",
              TEMPLATES + ".*.variate_mixer.use_flex_attention",
              "stack_out_norm_config.use_rmsnorm");

  /**
   * A block.
   *
   * @param matrixMemory whether its cell is an mLSTM; else it is an sLSTM
   * @param cellHeads heads of the cell
   * @param attentionHeads heads of the attention over the rows of a group
   */
  record Block(boolean matrixMemory, int cellHeads, int attentionHeads) {}

  /**
   * How values are scaled.
   *
   * @param epsilon the least scale, above 0
   * @param arcsinh whether large values are drawn in
   * @param binaryAware whether rows of zeros and ones stay as they are
   */
  record Scaler(double epsilon, boolean arcsinh, boolean binaryAware) {}

  /** Copies the lists. */
  Tirex2Config {
    blocks = List.copyOf(blocks);
    levels = List.copyOf(levels);
  }

  /** Whether a configuration is one of this architecture. */
  static boolean matches(Config config) {
    return config.has(TEMPLATES) && config.has(RECIPE);
  }

  /**
   * Reads a configuration.
   *
   * @throws ModelFormatException if a value is missing, of the wrong kind or impossible, or asks
   *     for something that is not supported
   */
  static Tirex2Config of(Config config) throws ModelFormatException {
    KEYS.check(config);
    int patch = config.integer("input_patch_size", 1, MAX_WIDTH);
    requirePatch(config, "output_patch_size", patch);
    Config tokenizer = config.child("tokenizer_cfg");
    requirePatch(tokenizer, "input_patch_size", patch);
    requirePatch(tokenizer, "output_patch_size", patch);
    requirePatch(tokenizer, "input_patch_stride", patch);
    int most = (int) Math.min((long) MAX_PATCHES * patch, 1 << 28);
    int contextLength = config.integer("context_len", 1, most);
    int futureLength = config.integer("future_len", 1, most);
    if (futureLength % patch != 0) {
      throw config.error(
          "future_len", String.valueOf(futureLength), "a multiple of input_patch_size = " + patch);
    }
    int width = config.integer("embedding_dim", 1, MAX_WIDTH);
    double expansion = config.number("h_expand");
    double readOutWidth = Math.floor(width * expansion);
    if (!(readOutWidth >= 1 && readOutWidth <= MAX_WIDTH)) {
      throw config.error(
          "h_expand", String.valueOf(expansion), "a factor that gives 1 to " + MAX_WIDTH);
    }
    Config outNorm = config.childOrEmpty("stack_out_norm_config");
    return new Tirex2Config(
        contextLength,
        futureLength,
        patch,
        width,
        blocks(config, width),
        config.integer("input_ff_dim", 1, MAX_WIDTH),
        (int) readOutWidth,
        feedForwardWidth(width),
        activation(config),
        scaler(config.child("scaler_cfg")),
        config.boolOr("use_qk_norm", true),
        config.has("stack_out_norm_config"),
        outNorm.floatOr("eps", 1e-7, 0, 1),
        QuantileLevels.of(config),
        config.boolOr("tta_sign_flip", false),
        config.boolOr("tta_diff", true));
  }

  private static void requirePatch(Config config, String key, int patch)
      throws ModelFormatException {
    int size = config.integer(key, 1, MAX_WIDTH);
    if (size != patch) {
      throw config.error(key, String.valueOf(size), "input_patch_size = " + patch);
    }
  }

  private static List<Block> blocks(Config config, int width) throws ModelFormatException {
    int count = config.integer("num_blocks", 1, MAX_BLOCKS);
    List<String> recipe = config.texts(RECIPE);
    if (recipe.size() != count) {
      throw config.error(RECIPE, recipe.size() + " names", "num_blocks = " + count + " of them");
    }
    Config templates = config.child(TEMPLATES);
    List<Block> blocks = new ArrayList<>();
    for (String name : recipe) {
      if (!templates.has(name)) {
        throw config.error(RECIPE, name, "a name among the templates");
      }
      blocks.add(block(templates.child(name), width));
    }
    return blocks;
  }

  private static Block block(Config template, int width) throws ModelFormatException {
    Config time = template.child("time_mixer");
    String type = time.text("model_type");
    boolean matrixMemory = type.equals("bi-mlstm");
    if (!matrixMemory && !type.equals("bi-slstm")) {
      throw time.error("model_type", type, "bi-mlstm or bi-slstm");
    }
    int heads = heads(time, "num_heads", 4, width, matrixMemory ? 2 : 1);
    int cellHeads = matrixMemory ? heads : heads(time, "num_slstm_heads", heads, width, 1);
    Config variates = template.child("variate_mixer");
    return new Block(matrixMemory, cellHeads, heads(variates, "num_heads", 4, width, 1));
  }

  /** Heads that cut the width, or a part of it, into whole columns. */
  private static int heads(Config mixer, String key, int otherwise, int width, int part)
      throws ModelFormatException {
    int ownWidth = mixer.integer("embedding_dim", 1, MAX_WIDTH);
    if (ownWidth != width) {
      throw mixer.error("embedding_dim", String.valueOf(ownWidth), "that of the model, " + width);
    }
    int heads = mixer.integerOr(key, otherwise, 1, MAX_HEADS);
    if (width % ((long) part * heads) != 0) {
      String divided = part == 1 ? "embedding_dim = " : "half of embedding_dim = ";
      throw mixer.error(key, String.valueOf(heads), "a divisor of " + divided + width);
    }
    return heads;
  }

  private static int feedForwardWidth(int width) {
    int multiple = FEED_FORWARD_MULTIPLE;
    int pieces = (int) ((width * FEED_FORWARD_FACTOR + multiple - 1) / multiple);
    return pieces * multiple;
  }

  /** A class of PyTorch, with its package or without. */
  private static Activation activation(Config config) throws ModelFormatException {
    String name = config.text("act_func");
    return switch (name.substring(name.lastIndexOf('.') + 1)) {
      case "SiLU" -> Activation.SWISH;
      case "ReLU" -> Activation.RELU;
      case "GELU" -> Activation.GELU;
      case "SELU" -> Activation.SELU;
      case "Sigmoid" -> Activation.SIGMOID;
      default -> throw config.error("act_func", name, "SiLU, ReLU, GELU, SELU or Sigmoid");
    };
  }

  private static Scaler scaler(Config config) throws ModelFormatException {
    double epsilon = config.numberOr("eps", 1e-8);
    if (!(epsilon >= Float.MIN_NORMAL && epsilon <= 1)) {
      throw config.error(
          "eps", String.valueOf(epsilon), "a number from " + Float.MIN_NORMAL + " to 1");
    }
    return new Scaler(
        epsilon, config.boolOr("use_arcsinh", false), config.boolOr("binaryaware", false));
  }

  /** Patches that a pass takes: its past and its future, filled up in front to whole patches. */
  int patches() {
    return (contextLength + futureLength - 1) / patch + 1;
  }

  /** The patch whose output is the first of the forecast. */
  int firstForecastPatch() {
    return patches() - futureLength / patch - 1;
  }

  /** Index of the level that the original takes for the median. */
  int median() {
    return levels.size() / 2;
  }
}
