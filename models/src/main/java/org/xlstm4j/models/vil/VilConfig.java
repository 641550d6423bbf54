package org.xlstm4j.models.vil;

import java.util.Arrays;
import java.util.List;
import org.xlstm4j.loader.config.Config;
import org.xlstm4j.loader.config.ConfigKeys;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.models.image.Size;

/**
 * Sizes, variant and constants of a Vision-LSTM, from a flat configuration.
 *
 * @param version 1 for class {@code VisionLSTM}, 2 for {@code VisionLSTM2} of the original code
 * @param width width of the residual stream
 * @param blocks number of blocks, each of one direction: even ones walk from the top left
 * @param innerWidth width inside a block
 * @param heads mLSTM heads a block
 * @param projectionBlock width of the blocks of the query, key and value projections
 * @param channels channels of the input, 1 or 3
 * @param image size of the input the model was made for
 * @param patch size of a patch
 * @param stride distance between two patches
 * @param pooling what becomes of the tokens
 * @param classes number of logits; 0 for a model without a head, whose output is features
 * @param legacyNorm whether both norms stand behind the blocks or only one
 * @param gridConvolution whether the convolution is 3 x 3 over the grid or causal over the tokens
 * @param convolutionBias whether the convolution has a bias
 * @param projectionBias whether the projections have biases
 * @param normBias whether the norms whose weights are offsets from one have biases
 * @param epsilons what keeps the norms' roots and the cell's normalizer away from 0
 * @param mean what is subtracted from values between 0 and 1, one a channel
 * @param std what they are divided by then, one a channel
 * @param classNames names of the classes, in order; empty if the configuration has none
 */
record VilConfig(
    int version,
    int width,
    int blocks,
    int innerWidth,
    int heads,
    int projectionBlock,
    int channels,
    Size image,
    Size patch,
    Size stride,
    Pooling pooling,
    int classes,
    boolean legacyNorm,
    boolean gridConvolution,
    boolean convolutionBias,
    boolean projectionBias,
    boolean normBias,
    Epsilons epsilons,
    List<Float> mean,
    List<Float> std,
    List<String> classNames) {
  private static final int MAX_WIDTH = 1 << 16;
  private static final int MAX_PIXELS = 1 << 14;
  private static final int MAX_TOKENS = 1 << 16;

  private static final ConfigKeys KEYS =
      ConfigKeys.used(
              "block_norm_eps",
              "class_names",
              "conv_bias",
              "conv_kind",
              "depth",
              "dim",
              "expansion",
              "final_norm_eps",
              "image_channels",
              "image_height",
              "image_mean",
              "image_std",
              "image_width",
              "inner_dim",
              "legacy_norm",
              "legacy_norm_eps",
              "mlstm_eps",
              "mode",
              "norm_bias",
              "num_classes",
              "num_mlstm_heads",
              "num_sub_blocks",
              "outnorm_eps",
              "patch_height",
              "patch_width",
              "pooling",
              "proj_bias",
              "qkv_block_size",
              "stride_height",
              "stride_width",
              "version")
          .harmless(
              "conv_kernel_size",
              "drop_path_decay",
              "drop_path_rate",
              "init_weights",
              "weights_dtype",
              "weights_seed")
          .unsupported("layer_scale", "layerscale", "position_embeddings", "rope_theta")
          .only("alternation", "bidirectional");

  /**
   * The constants of the norms and of the cell.
   *
   * @param blockNorm of the norm before each block
   * @param headNorm of the norm behind each cell
   * @param finalNorm of {@code norm} behind the blocks
   * @param legacyNorm of {@code legacy_norm} behind the blocks
   * @param cell added to the cell's normalizer
   */
  public record Epsilons(
      float blockNorm, float headNorm, float finalNorm, float legacyNorm, float cell) {}

  /** Copies the lists. */
  public VilConfig {
    mean = List.copyOf(mean);
    std = List.copyOf(std);
    classNames = List.copyOf(classNames);
  }

  /**
   * Reads a configuration.
   *
   * @param config with the constructor's options of the original code under their names there
   * @return the checked sizes
   * @throws ModelFormatException if a value is missing, of the wrong kind or impossible
   */
  public static VilConfig of(Config config) throws ModelFormatException {
    KEYS.check(config);
    int version = config.integer("version", 1, 2);
    int width = config.integer("dim", 1, MAX_WIDTH);
    int inner = config.integerOr("expansion", 2, 1, 16) * width;
    checkSame(config, "inner_dim", inner);
    int blocks = config.integer("depth", 1, 2048) * version;
    checkSame(config, "num_sub_blocks", blocks);
    int projectionBlock = config.integerOr("qkv_block_size", 4, 1, MAX_WIDTH);
    int heads = config.integerOr("num_mlstm_heads", projectionBlock, 1, MAX_WIDTH);
    if (inner % projectionBlock != 0) {
      throw config.error(
          "qkv_block_size",
          String.valueOf(projectionBlock),
          "a divisor of the inner width " + inner);
    }
    if (inner % heads != 0) {
      throw config.error(
          "num_mlstm_heads", String.valueOf(heads), "a divisor of the inner width " + inner);
    }
    int channels = config.integerOr("image_channels", 3, 1, 3);
    if (channels == 2) {
      throw config.error("image_channels", "2", "1 or 3");
    }
    boolean grid = gridConvolution(config, version);
    Pooling pooling = pooling(config, version);
    boolean classifies = config.textOr("mode", "classifier").equals("classifier");
    if (classifies && pooling == Pooling.TO_IMAGE) {
      throw config.error("pooling", "to_image", "no picture of features for a classifier");
    }
    VilConfig result =
        new VilConfig(
            version,
            width,
            blocks,
            inner,
            heads,
            projectionBlock,
            channels,
            size(config, "image", new Size(224, 224)),
            size(config, "patch", new Size(16, 16)),
            size(config, "stride", size(config, "patch", new Size(16, 16))),
            pooling,
            classifies ? config.integer("num_classes", 1, 1 << 24) : 0,
            config.boolOr("legacy_norm", true),
            grid,
            config.boolOr("conv_bias", true),
            config.boolOr("proj_bias", version == 2),
            config.boolOr("norm_bias", version == 2),
            epsilons(config),
            statistics(config, "image_mean", channels, List.of(0.485f, 0.456f, 0.406f)),
            statistics(config, "image_std", channels, List.of(0.229f, 0.224f, 0.225f)),
            config.has("class_names") ? config.texts("class_names") : List.of());
    result.check(config);
    return result;
  }

  private static void checkSame(Config config, String key, int expected)
      throws ModelFormatException {
    int found = config.integerOr(key, expected, 1, Integer.MAX_VALUE);
    if (found != expected) {
      throw config.error(key, String.valueOf(found), expected + ", as the other values say");
    }
  }

  private static boolean gridConvolution(Config config, int version) throws ModelFormatException {
    String kind = config.textOr("conv_kind", version == 2 ? "2d" : "causal1d");
    if (kind.equals("2d") && version == 2) {
      return true;
    }
    if (!kind.equals("causal1d")) {
      throw config.error("conv_kind", kind, version == 2 ? "2d or causal1d" : "causal1d");
    }
    return false;
  }

  private static Pooling pooling(Config config, int version) throws ModelFormatException {
    if (config.kind("pooling") == Config.Kind.NULL) {
      return Pooling.NONE;
    }
    String name = config.textOr("pooling", version == 2 ? "bilateral_flatten" : "bilateral_avg");
    return switch (name) {
      case "bilateral_avg" -> Pooling.BILATERAL_AVERAGE;
      case "bilateral_flatten", "bilateral_concat" -> Pooling.BILATERAL_FLATTEN;
      case "to_image" -> Pooling.TO_IMAGE;
      case "none" -> Pooling.NONE;
      default ->
          throw config.error("pooling", name, "bilateral_avg, bilateral_flatten, to_image or null");
    };
  }

  private static Size size(Config config, String what, Size otherwise) throws ModelFormatException {
    return new Size(
        config.integerOr(what + "_height", otherwise.height(), 1, MAX_PIXELS),
        config.integerOr(what + "_width", otherwise.width(), 1, MAX_PIXELS));
  }

  private static Epsilons epsilons(Config config) throws ModelFormatException {
    return new Epsilons(
        config.floatOr("block_norm_eps", 1e-5, 0, 1),
        config.floatOr("outnorm_eps", 1e-5, 0, 1),
        config.floatOr("final_norm_eps", 1e-6, 0, 1),
        config.floatOr("legacy_norm_eps", 1e-5, 0, 1),
        config.floatOr("mlstm_eps", 1e-6, 0, 1));
  }

  /** A model of gray images may list values of three channels; the first one counts. */
  private static List<Float> statistics(
      Config config, String key, int channels, List<Float> otherwise) throws ModelFormatException {
    if (!config.has(key)) {
      return otherwise.subList(0, channels);
    }
    double[] numbers = config.numbers(key);
    if (numbers.length < channels) {
      throw config.error(
          key, numbers.length + " numbers", "one for each of " + channels + " channels");
    }
    Float[] values = new Float[channels];
    for (int i = 0; i < channels; i++) {
      values[i] = (float) numbers[i];
      if (!Float.isFinite(values[i])) {
        throw config.error(key, String.valueOf(numbers[i]), "numbers within the range of floats");
      }
      if (key.equals("image_std") && !(values[i] >= Float.MIN_NORMAL)) {
        throw config.error(key, String.valueOf(numbers[i]), "a number above 0");
      }
    }
    return Arrays.asList(values);
  }

  private void check(Config config) throws ModelFormatException {
    if (legacyNorm && classes == 0 && pooling == Pooling.BILATERAL_FLATTEN) {
      throw config.error(
          "pooling", "bilateral_flatten", "a classifier or no legacy_norm for this pooling");
    }
    if (!classNames.isEmpty() && classNames.size() != classes) {
      throw config.error(
          "class_names", classNames.size() + " names", "one for each of " + classes + " classes");
    }
    String problem = problemOf(image);
    if (!problem.isEmpty()) {
      throw config.error("image_height", image.toString(), problem);
    }
  }

  /** Why the model cannot take images of this size, or an empty text. */
  private String problemOf(Size size) {
    if (size.height() % patch.height() != 0 || size.width() % patch.width() != 0) {
      return "an image of whole patches of " + patch;
    }
    long tokens =
        (long) steps(size.height(), patch.height(), stride.height())
            * steps(size.width(), patch.width(), stride.width());
    return tokens > MAX_TOKENS ? "an image of at most " + MAX_TOKENS + " patches" : "";
  }

  private static int steps(int pixels, int patch, int stride) {
    return (pixels - patch) / stride + 1;
  }

  /**
   * The grid of tokens that an image becomes.
   *
   * @param size of the prepared image, whole patches
   * @return rows and columns of tokens
   */
  public Size grid(Size size) {
    String problem = problemOf(size);
    if (!problem.isEmpty()) {
      throw new IllegalArgumentException("expected " + problem + ", found " + size);
    }
    return new Size(
        steps(size.height(), patch.height(), stride.height()),
        steps(size.width(), patch.width(), stride.width()));
  }

  /**
   * What a class is called.
   *
   * @param index from 0
   * @return its name, or its number if the configuration has no names
   */
  public String className(int index) {
    return classNames.isEmpty() ? Integer.toString(index) : classNames.get(index);
  }

  /** Values of the head's input: of one token, or of the two pooled ones. */
  int featureWidth() {
    return pooling == Pooling.BILATERAL_FLATTEN ? 2 * width : width;
  }
}
