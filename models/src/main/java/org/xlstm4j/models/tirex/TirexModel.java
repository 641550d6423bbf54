package org.xlstm4j.models.tirex;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.xlstm4j.engine.WarmUp;
import org.xlstm4j.engine.cells.SlstmCell;
import org.xlstm4j.engine.cells.State;
import org.xlstm4j.engine.cells.StateLayout;
import org.xlstm4j.engine.layers.Activation;
import org.xlstm4j.engine.layers.RmsNorm;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.engine.threads.Workspace;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.TensorReader;
import org.xlstm4j.loader.config.Config;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.models.CheckpointModel;
import org.xlstm4j.models.ModelOption;
import org.xlstm4j.models.NamedTensor;
import org.xlstm4j.models.RunOptions;
import org.xlstm4j.models.StepCost;
import org.xlstm4j.models.blocks.GatedFeedForward;
import org.xlstm4j.models.blocks.LinearReader;
import org.xlstm4j.models.blocks.PatchNetwork;
import org.xlstm4j.models.blocks.Residual;
import org.xlstm4j.models.blocks.ResidualStack;
import org.xlstm4j.models.blocks.SlstmLayer;
import org.xlstm4j.models.blocks.SlstmRecurrence;
import org.xlstm4j.models.blocks.TokenNorm;
import org.xlstm4j.models.blocks.Weights;
import org.xlstm4j.models.embedding.EmbeddingModel;
import org.xlstm4j.models.embedding.EmbeddingOptions;
import org.xlstm4j.models.embedding.SeriesStatistics;
import org.xlstm4j.models.forecast.AnchoredSession;
import org.xlstm4j.models.forecast.Forecast;
import org.xlstm4j.models.forecast.ForecastModel;
import org.xlstm4j.models.forecast.ForecastOptions;
import org.xlstm4j.models.forecast.ForecastSession;
import org.xlstm4j.models.forecast.PatchCost;
import org.xlstm4j.models.forecast.PhasedSession;
import org.xlstm4j.models.forecast.SeriesGroup;

/**
 * TiRex (arXiv:2505.23719), a forecaster of time series it was not trained on: the past in patches,
 * a stack of sLSTM blocks, and the next patch as quantiles.
 *
 * <pre>
 * x = input_patch_embedding(scaled values and which of them are there)
 * x = block(x)                                               for each block
 * quantiles = output_patch_embedding(RMS(x; out_norm))       of the last patch
 * </pre>
 *
 * <p>A forecast equals that of the original code: a pass over the last {@link #contextLength()}
 * values gives the next {@link #patchLength()}; what lies beyond is forecast by further passes
 * whose past ends in missing values, or by the same pass if the caller allows it that many patches.
 * Forecasts are never fed back.
 *
 * <p>What the blocks give can also be had as an embedding of the series ({@link TirexEmbedder}).
 *
 * <p>Immutable and thread-safe; closing it ends all of its sessions.
 */
final class TirexModel extends CheckpointModel implements ForecastModel, EmbeddingModel {
  /** The family, as people call it. */
  static final String FAMILY = "TiRex";

  /** Part of the names in checkpoints of the training code. */
  private static final String STACK = "block_stack.";

  /** The raw forget gate is cut here before its sigmoid. */
  private static final float FORGET_CEILING = 15;

  private static final float NORM_EPSILON = 1e-6f;

  private final TirexConfig config;
  private final StateLayout layout = new StateLayout();
  private final PatchNetwork embedding;
  private final ResidualStack blocks;

  /** The same layers, a stack a block, for those who want to see what each block gives. */
  private final List<ResidualStack> eachBlock;

  private final TokenNorm outNorm;
  private final PatchNetwork readOut;

  /** What a number of patches without values leaves behind: the same for every series. */
  private final ConcurrentMap<Integer, State> paddings = new ConcurrentHashMap<>();

  private TirexModel(
      Config configuration,
      SlstmCell.Arithmetic arithmetic,
      Checkpoint checkpoint,
      TensorReader tensors)
      throws ModelFormatException {
    super(FAMILY, configuration, checkpoint);
    config = TirexConfig.of(configuration);
    int width = config.width();
    int inner = config.embeddingWidth();
    embedding =
        new PatchNetwork(
            tensors.under("input_patch_embedding."),
            2 * config.patch(),
            inner,
            width,
            Activation.RELU);
    List<Residual> residuals = new ArrayList<>();
    for (int i = 0; i < config.blocks(); i++) {
      TensorReader block = tensors.under("blocks." + i + ".");
      residuals.add(scalarLayer(block, arithmetic, "block_" + i + "."));
      residuals.add(feedForward(block));
    }
    blocks = new ResidualStack(width, residuals);
    eachBlock =
        IntStream.range(0, config.blocks())
            .mapToObj(i -> new ResidualStack(width, residuals.subList(2 * i, 2 * i + 2)))
            .toList();
    outNorm = norm(tensors, "out_norm");
    readOut =
        new PatchNetwork(
            tensors.under("output_patch_embedding."),
            width,
            inner,
            config.levels().size() * config.patch(),
            Activation.RELU);
    tensors.finish();
  }

  /** {@code x += slstm(RMS(x))}. */
  private Residual scalarLayer(
      TensorReader block, SlstmCell.Arithmetic arithmetic, String statePrefix)
      throws ModelFormatException {
    int width = config.width();
    int heads = config.heads();
    SlstmLayer.Sizes sizes =
        new SlstmLayer.Sizes(
            width, heads, 0, SlstmLayer.HeadNorm.OFFSETS, FORGET_CEILING, arithmetic);
    TensorReader layer = block.under("slstm_layer.");
    SlstmRecurrence recurrence =
        SlstmRecurrence.ofThreeDimensions(layer.under("slstm_cell."), heads, width / heads);
    return new Residual(
        norm(block, "norm_slstm"), new SlstmLayer(sizes, layer, recurrence, layout, statePrefix));
  }

  /** {@code x += proj_down(silu(proj_up_gate r) * proj_up r)} with {@code r = RMS(x)}. */
  private Residual feedForward(TensorReader block) {
    int width = config.width();
    int inner = config.feedForwardWidth();
    return new Residual(
        norm(block, "norm_ffn"),
        new GatedFeedForward(
            new LinearReader(block, width)
                .add("ffn.proj_up_gate", inner, false)
                .add("ffn.proj_up", inner, false)
                .stack(),
            Activation.SWISH,
            LinearReader.one(block, "ffn.proj_down", width, inner, false)));
  }

  private TokenNorm norm(TensorReader tensors, String name) {
    float[] gain = tensors.vector(name + ".weight", config.width());
    return new RmsNorm(gain, new float[0], NORM_EPSILON)::apply;
  }

  /**
   * Puts a model together.
   *
   * @param config its hyper-parameters
   * @param checkpoint its weights, closed with the model
   * @param arithmetic of the cell
   * @throws ModelFormatException naming every tensor that is missing or has another shape
   */
  static TirexModel of(Config config, Checkpoint checkpoint, SlstmCell.Arithmetic arithmetic)
      throws ModelFormatException {
    boolean stacked = checkpoint.names().stream().anyMatch(name -> name.contains(STACK));
    TensorReader tensors =
        stacked
            ? new TensorReader(checkpoint, name -> name.replace(STACK, ""))
            : new TensorReader(checkpoint);
    return new TirexModel(config, arithmetic, checkpoint, tensors);
  }

  @Override
  public int contextLength() {
    return config.contextLength();
  }

  @Override
  public int patchLength() {
    return config.patch();
  }

  @Override
  public List<Double> levels() {
    return config.levels();
  }

  @Override
  public StepCost stepCost() {
    return cost().ofPatch();
  }

  @Override
  public StepCost forecastCost() {
    return cost().ofForecast((long) contextLength() / patchLength());
  }

  private PatchCost cost() {
    return new PatchCost(weightsOfEachPatch(), readOut.weights(), layout.byteSize());
  }

  private Weights weightsOfEachPatch() {
    return embedding.weights().plus(blocks.weights());
  }

  @Override
  public List<ForecastSession> newSessions(int count, Team team) {
    TirexNetwork network = network(team);
    return Stream.generate(() -> (ForecastSession) new TirexSession(config, network))
        .limit(count)
        .toList();
  }

  @Override
  public List<AnchoredSession> newAnchoredSessions(int count, int stride, Team team) {
    WarmUp.begin();
    return PhasedSession.of(this, new TirexRecurrence(this), count, stride, team);
  }

  @Override
  public boolean takesGroups() {
    return false;
  }

  @Override
  public int longestHorizon() {
    return Integer.MAX_VALUE;
  }

  @Override
  public List<List<Forecast>> forecastGroups(
      List<SeriesGroup> groups, ForecastOptions options, Team team) {
    List<float[]> series = new ArrayList<>();
    for (int i = 0; i < groups.size(); i++) {
      SeriesGroup group = groups.get(i);
      if (group.rows() != 1) {
        throw new IllegalArgumentException(
            "series " + i + " is a group of " + group.rows() + " rows, expected 1");
      }
      ForecastModel.requireUsable("series " + i + ", ", group.targets().getFirst());
      series.add(group.targets().getFirst());
    }
    return network(team).forecast(series, options.horizon(), options.patchesPerPass()).stream()
        .map(List::of)
        .toList();
  }

  @Override
  public int embeddingWidth(int variates, int length, boolean augment) {
    int plain = TirexEmbedder.plainWidth(config, variates);
    return augment
        ? Math.addExact(Math.multiplyExact(2, plain), SeriesStatistics.count(variates, length))
        : plain;
  }

  @Override
  public List<float[]> embed(List<float[][]> series, EmbeddingOptions options, Team team) {
    EmbeddedSeries.requireShapes(series, options);
    WarmUp.begin();
    return new TirexEmbedder(this, new Workspace(team)).embed(series, options);
  }

  /** Embeddings where {@code series} are given or asked about, else forecasts. */
  @Override
  public List<NamedTensor> run(Checkpoint inputs, RunOptions options) throws IOException {
    boolean embeds =
        inputs.find("series") != null
            || options.has(ModelOption.AUGMENT)
            || options.has(ModelOption.HEAD);
    return embeds
        ? EmbeddingModel.super.run(inputs, options)
        : ForecastModel.super.run(inputs, options);
  }

  TirexNetwork network(Team team) {
    WarmUp.begin();
    return new TirexNetwork(this, new Workspace(team));
  }

  TirexConfig config() {
    return config;
  }

  StateLayout layout() {
    return layout;
  }

  PatchNetwork embedding() {
    return embedding;
  }

  ResidualStack blocks() {
    return blocks;
  }

  List<ResidualStack> eachBlock() {
    return eachBlock;
  }

  TokenNorm outNorm() {
    return outNorm;
  }

  PatchNetwork readOut() {
    return readOut;
  }

  ConcurrentMap<Integer, State> paddings() {
    return paddings;
  }
}
