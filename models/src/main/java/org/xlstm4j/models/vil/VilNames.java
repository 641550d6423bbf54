package org.xlstm4j.models.vil;

import java.util.Collection;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Turns the names of tensors in published files into the names this package reads:
 *
 * <pre>
 * patch_embed.proj.{weight,bias}, pos_embed.embed
 * blocks.i.norm.*, blocks.i.layer.*       i counts blocks of one direction
 * blocks.i.layer.conv.{weight,bias}       whatever its kind
 * token_norm.*                            on all tokens behind the blocks, weights are offsets
 * head_norm.*                             on what is pooled, an ordinary layer norm
 * head.{weight,bias}
 * </pre>
 *
 * <p>There are three namings: the training code's ({@code xlstm.blocks...}, of the published {@code
 * .th} files) and those of the two versions of the package, in which {@code norm} and {@code
 * legacy_norm} change places.
 */
final class VilNames implements UnaryOperator<String> {
  private static final Pattern TRAINING_BLOCK =
      Pattern.compile("xlstm\\.blocks\\.(\\d+)\\.(xlstm_norm|xlstm)\\.(.*)");
  private static final Pattern BLOCK_PAIR =
      Pattern.compile("blocks\\.(\\d{1,6})\\.rowwise_from_(top_left|bot_right)\\.(.*)");
  private static final Pattern CONVOLUTION =
      Pattern.compile("(blocks\\.\\d+\\.layer\\.)(?:conv1d\\.conv|conv1d|conv\\.conv)\\.(.*)");

  private final boolean training;
  private final boolean pairs;

  /**
   * Tells the naming from all names of a file.
   *
   * @param names as the file has them
   */
  VilNames(Collection<String> names) {
    training = names.stream().anyMatch(name -> name.startsWith("xlstm."));
    pairs = names.stream().anyMatch(name -> BLOCK_PAIR.matcher(name).matches());
  }

  /** Whether the blocks are stored in pairs of directions, as only version 2 does. */
  boolean pairs() {
    return pairs;
  }

  @Override
  public String apply(String name) {
    String result = training ? ofTraining(name) : ofPackage(name);
    return CONVOLUTION.matcher(result).replaceFirst("$1conv.$2");
  }

  private static String ofTraining(String name) {
    Matcher block = TRAINING_BLOCK.matcher(name);
    if (block.matches()) {
      String part = block.group(2).equals("xlstm_norm") ? "norm" : "layer";
      return "blocks." + block.group(1) + "." + part + "." + block.group(3);
    }
    return moved(
        moved(moved(name, "xlstm.post_blocks_norm.", "token_norm."), "head.0.", "head_norm."),
        "head.1.",
        "head.");
  }

  private String ofPackage(String name) {
    Matcher pair = BLOCK_PAIR.matcher(name);
    if (pair.matches()) {
      int direction = pair.group(2).equals("top_left") ? 0 : 1;
      int index = 2 * Integer.parseInt(pair.group(1)) + direction;
      return "blocks." + index + "." + pair.group(3);
    }
    return pairs
        ? moved(moved(name, "norm.", "token_norm."), "legacy_norm.", "head_norm.")
        : moved(moved(name, "norm.", "head_norm."), "legacy_norm.", "token_norm.");
  }

  private static String moved(String name, String from, String to) {
    return name.startsWith(from) ? to + name.substring(from.length()) : name;
  }
}
