package org.xlstm4j.models.lram;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.loader.config.Config;
import org.xlstm4j.loader.config.ConfigKeys;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.models.action.ActionTask;
import org.xlstm4j.models.action.ImageShape;

/**
 * Sizes and options of a Large Recurrent Action Model.
 *
 * @param width of the tokens
 * @param slstm for each block whether it is an sLSTM block, else an mLSTM block
 * @param heads of every block
 * @param convolution taps of the causal convolutions
 * @param projectionBlock width of the blocks that make up query, key and value projections
 * @param innerWidth of an mLSTM block
 * @param feedForwardWidth of an sLSTM block
 * @param blockBiases whether the blocks' norms have biases
 * @param stateWidth numbers that every vector observation is padded to
 * @param image the pictures it takes, or null if it takes vectors only
 * @param actionWidth dimensions of a continuous action, padding included
 * @param discreteActions tokens for discrete actions
 * @param actionBins tokens for the values of a continuous action's dimension
 * @param codeName rule of those values: {@code minmax}, {@code minmax2} or {@code mulaw}
 * @param lowestAction value of the first bin
 * @param highestAction value that ends the last bin
 * @param returnTokens whether there is a return-to-go token
 * @param rewardTokens whether there is a reward token
 * @param actionTokens whether the dimensions of the action are tokens
 * @param sharedHead whether one token predicts all dimensions of the action
 * @param timeEmbeddings whether the step's number is added to its tokens
 * @param maxEpisode longest episode that {@code timeEmbeddings} has numbers for
 * @param symlog whether returns and rewards are compressed as {@code sign(x) log(1 + |x|)}
 * @param separateNorms whether each kind of token has a norm of its own
 * @param embeddingEpsilon of the norm of the tokens
 * @param window steps that the windowed mode looks back on
 * @param stateDropEvery after how many steps the state is dropped, 0 for never
 * @param tasks environments by name, in the file's order; empty if the file names none
 */
record LramConfig(
    int width,
    List<Boolean> slstm,
    int heads,
    int convolution,
    int projectionBlock,
    int innerWidth,
    int feedForwardWidth,
    boolean blockBiases,
    int stateWidth,
    @Nullable ImageShape image,
    int actionWidth,
    int discreteActions,
    int actionBins,
    String codeName,
    float lowestAction,
    float highestAction,
    boolean returnTokens,
    boolean rewardTokens,
    boolean actionTokens,
    boolean sharedHead,
    boolean timeEmbeddings,
    int maxEpisode,
    boolean symlog,
    boolean separateNorms,
    float embeddingEpsilon,
    int window,
    int stateDropEvery,
    Map<String, ActionTask> tasks) {
  private static final int MAX_WIDTH = 1 << 20;

  /** Largest magnitude of an action, in the model's unit. */
  private static final double LARGEST_ACTION = 1e15;

  /** The options that are not supported are those of the original's other models. */
  private static final ConfigKeys KEYS =
      ConfigKeys.used(
              "a_tok_kind",
              "a_tok_max",
              "a_tok_min",
              "act_dim",
              "action_channels",
              "action_condition",
              "block_norm_eps",
              "conv1d_kernel_size",
              "discrete_actions",
              "embed_ln_eps",
              "ffn_proj_factor",
              "hidden_size",
              "image_shape",
              "ln_bias",
              "max_ep_len",
              "max_length",
              "mlstm_eps",
              "mlstm_proj_factor",
              "n_layer_head",
              "num_blocks",
              "num_heads",
              "num_task_heads",
              "qkv_proj_blocksize",
              "reset_inf_cache_freq",
              "reward_condition",
              "rtg_condition",
              "separate_ln",
              "shared_a_head",
              "slstm_at",
              "state_dim",
              "symlog_transform",
              "tasks.*.act",
              "tasks.*.act_scale",
              "tasks.*.capped_return",
              "tasks.*.discrete",
              "tasks.*.obs",
              "tasks.*.scale",
              "tasks.*.slots",
              "tasks.*.target",
              "tokenize_a",
              "use_time_embds")
          .harmless(
              "context_length",
              "episodes",
              "slstm_backend",
              "slstm_bias_init",
              "tasks.*.steps",
              "train_action_space",
              "untrained_tensors",
              "use_inference_cache",
              "weights_seed")
          .unsupported(
              "a_pos_embds",
              "a_sample_kwargs",
              "both_time_embds",
              "chunkwise_step",
              "embed_rms_norm",
              "global_pos_embds",
              "img_is_encoded",
              "num_learned_s_tok",
              "patch_size",
              "relative_pos_embds",
              "rms_norm",
              "stochastic_policy",
              "tok_a_target_only",
              "tok_rtg_target_only",
              "tokenize_r",
              "tokenize_rtg",
              "tokenize_s")
          .only("ffn_act_fn", "gelu")
          .only("image_encoder", "impala");

  /** Copies the collections. */
  public LramConfig {
    slstm = List.copyOf(slstm);
    tasks = Collections.unmodifiableMap(new LinkedHashMap<>(tasks));
  }

  /**
   * Reads a configuration.
   *
   * @param config with the original's option names
   * @return the checked options
   * @throws ModelFormatException if a value is missing, impossible, or asks for something that is
   *     not supported
   */
  public static LramConfig of(Config config) throws ModelFormatException {
    String family = config.textOr("model_type", "lram");
    if (!family.equals("lram")) {
      throw config.error("model_type", family, "an action model, lram");
    }
    KEYS.check(config);
    refuseOtherValues(config);
    int width = config.integer("hidden_size", 1, MAX_WIDTH);
    int blocks = config.integer("num_blocks", 1, 4096);
    int heads = config.integerOr("num_heads", 4, 1, 4096);
    if (width % heads != 0) {
      throw config.error("num_heads", String.valueOf(heads), "a divisor of hidden_size = " + width);
    }
    int inner = rounded(config, "mlstm_proj_factor", 2.0, width);
    int projectionBlock = config.integerOr("qkv_proj_blocksize", 4, 1, MAX_WIDTH);
    if (inner % heads != 0 || inner % projectionBlock != 0) {
      throw config.error(
          "mlstm_proj_factor",
          "an inner width of " + inner,
          "one that num_heads and qkv_proj_blocksize divide");
    }
    boolean returns = config.boolOr("rtg_condition", true);
    boolean rewards = config.boolOr("reward_condition", true);
    boolean actions = config.boolOr("action_condition", false);
    int actionWidth = config.integer("act_dim", 1, MAX_WIDTH);
    int tokensWithoutReturn = rewards ? 2 : 1;
    if (!returns && !actions && actionWidth > tokensWithoutReturn) {
      throw config.error(
          "act_dim",
          String.valueOf(actionWidth),
          "at most "
              + tokensWithoutReturn
              + ", since there are neither return nor action tokens to predict more from");
    }
    int stateWidth = config.integer("state_dim", 1, MAX_WIDTH);
    ImageShape image = image(config);
    float lowest = config.floatOr("a_tok_min", -1, -LARGEST_ACTION, LARGEST_ACTION);
    float highest = config.floatOr("a_tok_max", 1, -LARGEST_ACTION, LARGEST_ACTION);
    if (!(lowest < highest)) {
      throw config.error(
          "a_tok_max", String.valueOf(highest), "a number above a_tok_min = " + lowest);
    }
    return new LramConfig(
        width,
        slstm(config, blocks),
        heads,
        config.integerOr("conv1d_kernel_size", 4, 1, 1024),
        projectionBlock,
        inner,
        rounded(config, "ffn_proj_factor", 1.3, width),
        config.boolOr("ln_bias", false),
        stateWidth,
        image,
        actionWidth,
        config.integerOr("discrete_actions", 18, 0, MAX_WIDTH),
        config.integerOr("action_channels", 256, 2, MAX_WIDTH),
        code(config),
        lowest,
        highest,
        returns,
        rewards,
        actions,
        config.boolOr("shared_a_head", true),
        config.boolOr("use_time_embds", false),
        config.integerOr("max_ep_len", 1000, 1, 1 << 24),
        config.boolOr("symlog_transform", false),
        config.boolOr("separate_ln", false),
        embeddingEpsilon(config),
        config.integerOr("max_length", 50, 1, 1 << 16),
        config.integerOr("reset_inf_cache_freq", 0, 1, Integer.MAX_VALUE),
        tasks(config, stateWidth, actionWidth, image != null));
  }

  /** Tokens an action is chosen from: discrete actions first, bins behind them. */
  public int actionChoices() {
    return discreteActions + actionBins;
  }

  /** Number of blocks. */
  public int blocks() {
    return slstm.size();
  }

  ActionCode code() {
    ActionCode.Kind kind =
        switch (codeName) {
          case "minmax" -> ActionCode.Kind.MINMAX;
          case "minmax2" -> ActionCode.Kind.MINMAX2;
          default -> ActionCode.Kind.MULAW;
        };
    return new ActionCode(kind, actionBins, discreteActions, lowestAction, highestAction);
  }

  private static void refuseOtherValues(Config config) throws ModelFormatException {
    refuseOther(
        config, "num_task_heads", config.integerOr("num_task_heads", 1, 1, 1 << 16) == 1, "1");
    refuseOther(config, "n_layer_head", config.integerOr("n_layer_head", 1, 1, 1 << 16) == 1, "1");
    refuseOther(config, "block_norm_eps", config.numberOr("block_norm_eps", 1e-5) == 1e-5, "1e-5");
    refuseOther(config, "mlstm_eps", config.numberOr("mlstm_eps", 1e-6) == 1e-6, "1e-6");
    refuseOther(config, "tokenize_a", config.boolOr("tokenize_a", true), "true");
  }

  private static void refuseOther(Config config, String key, boolean supported, String only)
      throws ModelFormatException {
    if (!supported) {
      throw config.error(key, "another value", only + ", the only supported value");
    }
  }

  private static List<Boolean> slstm(Config config, int blocks) throws ModelFormatException {
    List<Boolean> slstm = new ArrayList<>(Collections.nCopies(blocks, false));
    if (config.has("slstm_at")) {
      for (int block : config.integers("slstm_at", 0, blocks - 1)) {
        slstm.set(block, true);
      }
    }
    return slstm;
  }

  private static int rounded(Config config, String key, double standard, int width)
      throws ModelFormatException {
    double inner = Math.ceil(config.numberOr(key, standard) * width / 64) * 64;
    if (!(inner >= 64 && inner <= MAX_WIDTH)) {
      throw config.error(
          key, "one that gives " + inner, "a factor that gives a width of 64 to " + MAX_WIDTH);
    }
    return (int) inner;
  }

  private static float embeddingEpsilon(Config config) throws ModelFormatException {
    double epsilon = config.numberOr("embed_ln_eps", 1e-5);
    if (!(epsilon >= 0 && epsilon <= 1)) {
      throw config.error("embed_ln_eps", String.valueOf(epsilon), "a number from 0 to 1");
    }
    return (float) epsilon;
  }

  private static @Nullable ImageShape image(Config config) throws ModelFormatException {
    if (!config.has("image_shape")) {
      return null;
    }
    int[] shape = config.integers("image_shape", 1, 4096);
    if (shape.length != 3 || shape[0] > 64) {
      throw config.error(
          "image_shape",
          Arrays.toString(shape),
          "[channels, height, width] with at most 64 channels");
    }
    return new ImageShape(shape[0], shape[1], shape[2]);
  }

  private static String code(Config config) throws ModelFormatException {
    String kind = config.textOr("a_tok_kind", "minmax");
    if (!List.of("minmax", "minmax2", "mulaw").contains(kind)) {
      throw config.error("a_tok_kind", kind, "minmax, minmax2 or mulaw");
    }
    return kind;
  }

  private static Map<String, ActionTask> tasks(
      Config config, int stateWidth, int actionWidth, boolean pictures)
      throws ModelFormatException {
    Map<String, ActionTask> tasks = new LinkedHashMap<>();
    Config entries = config.childOrEmpty("tasks");
    for (String name : entries.keys()) {
      tasks.put(name, ActionTask.of(entries.child(name), stateWidth, actionWidth, pictures));
    }
    return tasks;
  }
}
