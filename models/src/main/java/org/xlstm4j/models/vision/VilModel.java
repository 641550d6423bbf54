package org.xlstm4j.models.vision;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.engine.Linear;
import org.xlstm4j.engine.StateLayout;
import org.xlstm4j.engine.Team;
import org.xlstm4j.engine.cells.MlstmCell;
import org.xlstm4j.engine.layers.LayerNorm;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.Config;
import org.xlstm4j.loader.LoadOption;
import org.xlstm4j.loader.ModelFormatException;
import org.xlstm4j.loader.TensorReader;
import org.xlstm4j.models.Model;
import org.xlstm4j.models.StepCost;
import org.xlstm4j.models.blocks.Preparation;
import org.xlstm4j.models.blocks.Weights;
import org.xlstm4j.models.image.Size;

/**
 * A Vision-LSTM (arXiv:2406.04303): patches of an image as tokens, through blocks of the mLSTM that
 * walk over them from the top left and from the bottom right in turn.
 *
 * <p>Immutable and thread-safe; each thread that runs images has a {@link VilSession} of its own.
 */
public final class VilModel implements Model {
  private final Checkpoint checkpoint;
  private final VilConfig config;
  private final Linear patchEmbedding;
  private final PositionTable positions;
  private final MlstmCell cell;
  private final StateLayout historyLayout = new StateLayout();
  private final List<VilBlock> blocks = new ArrayList<>();
  private final @Nullable LayerNorm tokenNorm;
  private final @Nullable LayerNorm headNorm;
  private final @Nullable Linear head;

  private VilModel(VilConfig config, Checkpoint checkpoint, TensorReader tensors)
      throws ModelFormatException {
    this.config = config;
    this.checkpoint = checkpoint;
    int width = config.width();
    Size patch = config.patch();
    patchEmbedding =
        new Linear(
            List.of(
                tensors.matrix(
                    "patch_embed.proj.weight",
                    new int[] {width, config.channels(), patch.height(), patch.width()},
                    width,
                    config.channels() * patch.area())),
            tensors.vector("patch_embed.proj.bias", width));
    PositionTable stored = positions(tensors, width, config.grid(config.image()));
    for (int i = 0; i < config.blocks(); i++) {
      blocks.add(
          new VilBlock(config, tensors.under("blocks." + i + "."), historyLayout, i + ".conv"));
    }
    tokenNorm = tokenNorm(tensors);
    headNorm = headNorm(tensors);
    head = head(tensors);
    tensors.finish();
    positions = stored.resized(config.grid(config.image()));
    int headWidth = config.innerWidth() / config.heads();
    cell =
        new MlstmCell(
            config.heads(),
            headWidth,
            headWidth,
            MlstmCell.Scaled.KEY,
            config.epsilons().cell(),
            new StateLayout(),
            "");
  }

  /**
   * Opens a model: a folder with weights and {@code config.json}, or a checkpoint file alone as it
   * is published ({@code .th}), from whose tensors the configuration is read as far as they tell
   * it: the stride is taken to be the patch's size, and colours to be normalized as published.
   *
   * @param path a folder or a file
   * @param options how the files are opened; mapped unless told otherwise
   * @return the model; closing it frees the weights
   * @throws ModelFormatException if there is no Vision-LSTM, or a damaged one
   * @throws IOException if a file cannot be read
   */
  public static VilModel open(Path path, LoadOption... options) throws IOException {
    Preparation.begin();
    Config given = Files.isDirectory(path) ? Config.ofFolder(path) : Config.empty(path);
    return of(given, Checkpoint.open(path, given, options));
  }

  /**
   * Puts a model together.
   *
   * @param given its configuration, as far as there is one
   * @param checkpoint its weights, which are closed with the model, or at once if there is none
   * @return the model
   * @throws ModelFormatException if the weights do not fit the configuration
   */
  public static VilModel of(Config given, Checkpoint checkpoint) throws ModelFormatException {
    Preparation.begin(checkpoint);
    try {
      VilNames names = new VilNames(checkpoint.names());
      TensorReader tensors = new TensorReader(checkpoint, names);
      Config config = VilDetection.complete(given, checkpoint, names);
      return new VilModel(VilConfig.of(config), checkpoint, tensors);
    } catch (ModelFormatException | RuntimeException | Error e) {
      checkpoint.close();
      throw e;
    }
  }

  private static PositionTable positions(TensorReader tensors, int width, Size own)
      throws ModelFormatException {
    String name = "pos_embed.embed";
    Size grid = own;
    if (tensors.has(name)) {
      int[] shape = tensors.shape(name, 4);
      grid = new Size(Math.max(shape[1], 1), Math.max(shape[2], 1));
    }
    float[] values = tensors.tensor(name, 1, grid.height(), grid.width(), width);
    return new PositionTable(values, grid, width);
  }

  /** Version 1 calls this norm {@code legacy_norm}, version 2 {@code norm}. */
  private @Nullable LayerNorm tokenNorm(TensorReader tensors) throws ModelFormatException {
    boolean first = config.version() == 1;
    if (first && !config.legacyNorm()) {
      return null;
    }
    int width = config.width();
    VilConfig.Epsilons epsilons = config.epsilons();
    return LayerNorm.ofOffsets(
        tensors.vector("token_norm.weight", width),
        VilBlock.optional(tensors, "token_norm.bias", width, config.normBias()),
        1,
        first ? epsilons.legacyNorm() : epsilons.finalNorm());
  }

  /** Version 1 calls this norm {@code norm}, version 2 {@code legacy_norm}. */
  private @Nullable LayerNorm headNorm(TensorReader tensors) throws ModelFormatException {
    boolean first = config.version() == 1;
    if (!first && !config.legacyNorm()) {
      return null;
    }
    int width = config.featureWidth();
    VilConfig.Epsilons epsilons = config.epsilons();
    return new LayerNorm(
        tensors.vector("head_norm.weight", width),
        tensors.vector("head_norm.bias", width),
        1,
        first ? epsilons.finalNorm() : epsilons.legacyNorm());
  }

  private @Nullable Linear head(TensorReader tensors) throws ModelFormatException {
    int classes = config.classes();
    return classes == 0
        ? null
        : new Linear(
            List.of(tensors.matrix("head.weight", classes, config.featureWidth())),
            tensors.vector("head.bias", classes));
  }

  /**
   * Sizes and variant.
   *
   * @return the checked configuration
   */
  public VilConfig config() {
    return config;
  }

  @Override
  public String family() {
    return "Vision-LSTM";
  }

  @Override
  public StepCost stepCost() {
    long tokens = config.grid(config.image()).area();
    Weights ofEach = weightsOfEachToken();
    Weights ofPicture = head == null ? Weights.NONE : Weights.of(head);
    return new StepCost(
        "picture",
        ofEach.bytes() + ofPicture.bytes(),
        0,
        ofEach.count() * tokens + ofPicture.count(),
        ofEach.quantized() * tokens + ofPicture.quantized());
  }

  private Weights weightsOfEachToken() {
    Weights all = Weights.of(patchEmbedding);
    for (VilBlock block : blocks) {
      all = all.plus(block.weights());
    }
    return all;
  }

  @Override
  public Checkpoint checkpoint() {
    return checkpoint;
  }

  /**
   * Room to run images of the model's own size.
   *
   * @param team the threads to compute with
   * @return a session for one thread at a time
   */
  public VilSession newSession(Team team) {
    return new VilSession(this, team, config.image());
  }

  /**
   * Room to run images of another size; the position table is resized for it once.
   *
   * @param team the threads to compute with
   * @param image whole patches
   * @return a session for one thread at a time
   */
  public VilSession newSession(Team team, Size image) {
    return new VilSession(this, team, image);
  }

  Linear patchEmbedding() {
    return patchEmbedding;
  }

  PositionTable positions() {
    return positions;
  }

  MlstmCell cell() {
    return cell;
  }

  StateLayout historyLayout() {
    return historyLayout;
  }

  List<VilBlock> blocks() {
    return blocks;
  }

  @Nullable LayerNorm tokenNorm() {
    return tokenNorm;
  }

  @Nullable LayerNorm headNorm() {
    return headNorm;
  }

  @Nullable Linear head() {
    return head;
  }

  @Override
  public void close() {
    checkpoint.close();
  }
}
