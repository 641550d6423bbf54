package org.xlstm4j.models.vil;

import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.TensorReader;
import org.xlstm4j.loader.config.Config;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.loader.tensors.Tensor;

/**
 * Reads off the tensors what a published file without a configuration does not say. The stride, the
 * preparation of images, and an image size that does not follow from the position table cannot be
 * told; a configuration may give them, and whatever it gives goes before.
 */
final class VilDetection {
  private static final String PATCHES = "patch_embed.proj.weight";

  private final TensorReader tensors;
  private Config config;

  private VilDetection(Config given, TensorReader tensors) {
    this.config = given;
    this.tensors = tensors;
  }

  /** Whether a checkpoint has the tensor that all of the family have. */
  static boolean recognizes(Checkpoint checkpoint) {
    VilNames names = new VilNames(checkpoint.names());
    return checkpoint.names().stream().map(names).anyMatch(PATCHES::equals);
  }

  /**
   * Completes a configuration.
   *
   * @param given what there is; returned as it is if it has the sizes
   * @param checkpoint the tensors
   * @param names how they are named
   * @return a configuration with all that the tensors tell
   * @throws ModelFormatException if the configuration is of another family, or the tensors are of
   *     no Vision-LSTM
   */
  static Config complete(Config given, Checkpoint checkpoint, VilNames names)
      throws ModelFormatException {
    String family = given.textOr("model_type", "vil");
    if (!family.equals("vil")) {
      throw given.error("model_type", family, "vil");
    }
    if (given.has("version") && given.has("dim")) {
      return given;
    }
    TensorReader tensors = new TensorReader(checkpoint, names);
    if (!tensors.has(PATCHES)) {
      throw ModelFormatException.of(
          checkpoint.path(),
          "tensors",
          "those of a Vision-LSTM, or a config.json beside the file that tells another family",
          "no " + PATCHES);
    }
    VilDetection detection = new VilDetection(given.with("model_type", "vil"), tensors);
    return detection.detect(names.pairs(), hasGridKernel(checkpoint, names));
  }

  private Config detect(boolean pairs, boolean grid) throws ModelFormatException {
    int[] patch = tensors.shape(PATCHES, 4);
    int[] table = tensors.shape("pos_embed.embed", 4);
    TensorReader first = tensors.under("blocks.0.");
    TensorReader layer = first.under("layer.");
    boolean projectionBias = layer.has("proj_up.bias");
    boolean normBias = first.has("norm.bias");
    int version = pairs || grid || projectionBias || normBias ? 2 : 1;
    int width = patch[0];
    add("version", version);
    add("dim", width);
    add("depth", blocks() / version);
    add("expansion", layer.shape("proj_down.weight", 2)[1] / Math.max(width, 1));
    add("qkv_block_size", layer.shape("q_proj.weight", 3)[1]);
    add("num_mlstm_heads", layer.shape("mlstm_cell.igate.weight", 2)[0]);
    add("image_channels", patch[1]);
    add("patch_height", patch[2]);
    add("patch_width", patch[3]);
    add("image_height", Math.min((long) table[1] * patch[2], Integer.MAX_VALUE));
    add("image_width", Math.min((long) table[2] * patch[3], Integer.MAX_VALUE));
    add("conv_kind", grid ? "2d" : "causal1d");
    add("conv_bias", layer.has("conv.bias"));
    add("proj_bias", projectionBias);
    add("norm_bias", normBias);
    add("legacy_norm", tensors.has(version == 1 ? "token_norm.weight" : "head_norm.weight"));
    addHead(width);
    return config;
  }

  /** A kernel over the grid has rows and columns, one over the tokens only one dimension. */
  private static boolean hasGridKernel(Checkpoint checkpoint, VilNames names) {
    for (Tensor tensor : checkpoint) {
      if (names.apply(tensor.name()).equals("blocks.0.layer.conv.weight")) {
        return tensor.shape().length == 4;
      }
    }
    return false;
  }

  private void addHead(int width) throws ModelFormatException {
    if (!tensors.has("head.weight")) {
      add("mode", "features");
      add("pooling", "none");
      return;
    }
    int[] head = tensors.shape("head.weight", 2);
    add("mode", "classifier");
    add("num_classes", head[0]);
    add("pooling", head[1] == 2L * width ? "bilateral_flatten" : "bilateral_avg");
  }

  /** One more than the largest index of a block, without gaps. */
  private int blocks() {
    int count = 0;
    while (tensors.has("blocks." + count + ".norm.weight")) {
      count++;
    }
    return count;
  }

  private void add(String key, Object value) {
    if (config.kind(key) == Config.Kind.ABSENT) {
      config = config.with(key, value);
    }
  }
}
