package org.xlstm4j.models.vil;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.engine.cells.StateLayout;
import org.xlstm4j.engine.layers.DepthwiseCausalConvolution;
import org.xlstm4j.engine.layers.DepthwiseGridConvolution;
import org.xlstm4j.engine.layers.LayerNorm;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.engine.weights.Linear;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.TensorReader;
import org.xlstm4j.loader.config.Config;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.models.CheckpointModel;
import org.xlstm4j.models.StepCost;
import org.xlstm4j.models.blocks.CausalConvolution;
import org.xlstm4j.models.blocks.GridConvolution;
import org.xlstm4j.models.blocks.MlstmLayer;
import org.xlstm4j.models.blocks.Residual;
import org.xlstm4j.models.blocks.ResidualStack;
import org.xlstm4j.models.blocks.TokenConvolution;
import org.xlstm4j.models.blocks.TokenNorm;
import org.xlstm4j.models.blocks.Weights;
import org.xlstm4j.models.image.Size;
import org.xlstm4j.models.vision.VisionModel;

/**
 * A Vision-LSTM (arXiv:2406.04303): patches of a picture as tokens, through residual layers of the
 * mLSTM that walk over them from the top left and from the bottom right, one after the other:
 *
 * <pre>
 * x  = patch_embed(patches) + pos_embed
 * x += layer(norm(x))                        {@link MlstmLayer}, forward and backward
 * y  = head(norm(pool(norm(x))))
 * </pre>
 *
 * <p>Immutable and thread-safe.
 */
final class VilModel extends CheckpointModel implements VisionModel {
  /** The family, as people call it. */
  static final String FAMILY = "Vision-LSTM";

  /** Taps of a causal convolution where no tensor has them. */
  private static final int USUAL_TAPS = 4;

  private final VilConfig config;
  private final Linear patchEmbedding;
  private final PositionTable positions;
  private final StateLayout historyLayout = new StateLayout();
  private final ResidualStack blocks;
  private final @Nullable TokenNorm tokenNorm;
  private final @Nullable TokenNorm headNorm;
  private final @Nullable Linear head;

  private VilModel(Config configuration, Checkpoint checkpoint, TensorReader tensors)
      throws ModelFormatException {
    super(FAMILY, configuration, checkpoint);
    config = VilConfig.of(configuration);
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
    List<Residual> residuals = new ArrayList<>();
    for (int i = 0; i < config.blocks(); i++) {
      residuals.add(block(tensors.under("blocks." + i + "."), i));
    }
    blocks = new ResidualStack(width, residuals);
    tokenNorm = tokenNorm(tensors);
    headNorm = headNorm(tensors);
    head = head(tensors);
    tensors.finish();
    positions = stored.resized(config.grid(config.image()));
  }

  /** Even blocks walk from the top left, odd ones from the bottom right. */
  private Residual block(TensorReader block, int index) throws ModelFormatException {
    VilConfig.Epsilons epsilons = config.epsilons();
    TensorReader layer = block.under("layer.");
    MlstmLayer.Sizes sizes =
        new MlstmLayer.Sizes(
            config.width(),
            config.innerWidth(),
            config.heads(),
            config.projectionBlock(),
            config.projectionBias(),
            config.normBias(),
            epsilons.headNorm(),
            epsilons.cell());
    // a picture begins and ends with its pass, so matrix memories have no place in a state
    StateLayout none = new StateLayout();
    return new Residual(
        offsetNorm(block, "norm", epsilons.blockNorm()),
        new MlstmLayer(sizes, layer, convolution(layer, index + ".conv"), none, ""),
        index % 2 == 1);
  }

  private TokenConvolution convolution(TensorReader layer, String stateName)
      throws ModelFormatException {
    int inner = config.innerWidth();
    float[] bias = config.convolutionBias() ? layer.vector("conv.bias", inner) : new float[inner];
    if (config.gridConvolution()) {
      float[] kernel = layer.tensor("conv.weight", inner, 1, 3, 3);
      return new GridConvolution(new DepthwiseGridConvolution(inner, kernel, bias));
    }
    int taps = causalTaps(layer);
    float[] kernel = layer.tensor("conv.weight", inner, 1, taps);
    return new CausalConvolution(
        new DepthwiseCausalConvolution(inner, taps, kernel, bias, historyLayout, stateName));
  }

  /** The kernel's width is no option of the original's blocks: only the tensor has it. */
  private static int causalTaps(TensorReader layer) throws ModelFormatException {
    boolean there = layer.has("conv.weight");
    return there ? Math.max(layer.shape("conv.weight", 3)[2], 1) : USUAL_TAPS;
  }

  /**
   * Puts a model together.
   *
   * @param given its configuration, as far as there is one; the rest is read from the tensors, as
   *     far as they have it: the stride is taken to be the patch's size, and colors to be
   *     normalized as published
   * @param checkpoint its weights, closed with the model
   * @throws ModelFormatException if the weights do not fit the configuration
   */
  static VilModel of(Config given, Checkpoint checkpoint) throws ModelFormatException {
    VilNames names = new VilNames(checkpoint.names());
    TensorReader tensors = new TensorReader(checkpoint, names);
    return new VilModel(VilDetection.complete(given, checkpoint, names), checkpoint, tensors);
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
  private @Nullable TokenNorm tokenNorm(TensorReader tensors) {
    boolean first = config.version() == 1;
    VilConfig.Epsilons epsilons = config.epsilons();
    return first && !config.legacyNorm()
        ? null
        : offsetNorm(tensors, "token_norm", first ? epsilons.legacyNorm() : epsilons.finalNorm());
  }

  private TokenNorm offsetNorm(TensorReader tensors, String name, float epsilon) {
    int width = config.width();
    return LayerNorm.ofOffsets(
            tensors.vector(name + ".weight", width),
            tensors.vector(name + ".bias", width, config.normBias()),
            1,
            epsilon)
        ::apply;
  }

  /** Version 1 calls this norm {@code norm}, version 2 {@code legacy_norm}. */
  private @Nullable TokenNorm headNorm(TensorReader tensors) {
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
            first ? epsilons.finalNorm() : epsilons.legacyNorm())
        ::apply;
  }

  private @Nullable Linear head(TensorReader tensors) {
    int classes = config.classes();
    return classes == 0
        ? null
        : new Linear(
            List.of(tensors.matrix("head.weight", classes, config.featureWidth())),
            tensors.vector("head.bias", classes));
  }

  /** Sizes and variant. */
  VilConfig config() {
    return config;
  }

  @Override
  public int classes() {
    return config.classes();
  }

  @Override
  public String className(int index) {
    return config.className(index);
  }

  @Override
  public boolean pools() {
    return config.pooling().endsOnly();
  }

  @Override
  public int channels() {
    return config.channels();
  }

  @Override
  public Size pictureSize() {
    return config.image();
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
    return Weights.of(patchEmbedding).plus(blocks.weights());
  }

  @Override
  public VilSession newSession(Team team) {
    return new VilSession(this, team, config.image());
  }

  @Override
  public VilSession newSession(Team team, Size image) {
    return new VilSession(this, team, image);
  }

  Linear patchEmbedding() {
    return patchEmbedding;
  }

  PositionTable positions() {
    return positions;
  }

  StateLayout historyLayout() {
    return historyLayout;
  }

  ResidualStack blocks() {
    return blocks;
  }

  @Nullable TokenNorm tokenNorm() {
    return tokenNorm;
  }

  @Nullable TokenNorm headNorm() {
    return headNorm;
  }

  @Nullable Linear head() {
    return head;
  }
}
