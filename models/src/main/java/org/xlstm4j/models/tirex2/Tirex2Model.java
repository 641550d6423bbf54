package org.xlstm4j.models.tirex2;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.engine.WarmUp;
import org.xlstm4j.engine.cells.SlstmCell;
import org.xlstm4j.engine.cells.State;
import org.xlstm4j.engine.cells.StateLayout;
import org.xlstm4j.engine.layers.Activation;
import org.xlstm4j.engine.layers.RmsNorm;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.engine.threads.Workspace;
import org.xlstm4j.engine.tokens.Columns;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.TensorReader;
import org.xlstm4j.loader.config.Config;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.models.CheckpointModel;
import org.xlstm4j.models.StepCost;
import org.xlstm4j.models.blocks.GatedFeedForward;
import org.xlstm4j.models.blocks.Layer;
import org.xlstm4j.models.blocks.LinearReader;
import org.xlstm4j.models.blocks.OutputGatedMlstmLayer;
import org.xlstm4j.models.blocks.PatchNetwork;
import org.xlstm4j.models.blocks.Residual;
import org.xlstm4j.models.blocks.SlstmLayer;
import org.xlstm4j.models.blocks.SlstmRecurrence;
import org.xlstm4j.models.blocks.TokenNorm;
import org.xlstm4j.models.blocks.UngatedFeedForward;
import org.xlstm4j.models.blocks.Weights;
import org.xlstm4j.models.forecast.AnchoredSession;
import org.xlstm4j.models.forecast.Forecast;
import org.xlstm4j.models.forecast.ForecastModel;
import org.xlstm4j.models.forecast.ForecastOptions;
import org.xlstm4j.models.forecast.ForecastSession;
import org.xlstm4j.models.forecast.PatchCost;
import org.xlstm4j.models.forecast.PhasedSession;
import org.xlstm4j.models.forecast.SeriesGroup;

/**
 * TiRex-2, a forecaster of time series it was not trained on, several together and with covariates:
 *
 * <pre>
 * x = input_patch_embedding(scaled values and which of them are there)      for each row and patch
 * x = time_mixer(x)                                                         {@link TimeMixer}
 * x = variate_mixer(x)                                                      {@link VariateMixer}
 * quantiles = output_patch_embedding(RMS(x; stack_out_norm))                of the next patch
 * </pre>
 *
 * <p>The two mixers stand for each block. One pass over the last {@link #contextLength()} values
 * and the time behind them gives up to {@link #longestHorizon()} steps, as the original code does;
 * what lies beyond is forecast by further passes whose past ends in missing values, which the
 * original does not have.
 *
 * <p>Immutable and thread-safe; closing it ends all of its sessions.
 */
final class Tirex2Model extends CheckpointModel implements ForecastModel {
  /** The family, as people call it. */
  static final String FAMILY = "TiRex-2";

  /** Fixed in the original code. */
  private static final float NORM_EPSILON = 1e-6f;

  private static final float CELL_EPSILON = 1e-6f;
  private static final float GATE_CAP = 15;

  /** The machine epsilon of 32-bit floats. */
  private static final float HEAD_NORM_EPSILON = 0x1p-23f;

  /** Levels that are one. */
  private static final double SAME_LEVEL = 1e-6;

  private final Tirex2Config config;
  private final StateLayout layout = new StateLayout();
  private final PatchNetwork embedding;
  private final List<Block> blocks = new ArrayList<>();
  private final @Nullable TokenNorm outNorm;
  private final PatchNetwork readOut;

  /** What a number of patches without values leaves behind in rows alone and in rows of groups. */
  private final ConcurrentMap<Integer, State> paddings = new ConcurrentHashMap<>();

  private final ConcurrentMap<Integer, State> mixedPaddings = new ConcurrentHashMap<>();

  /**
   * A block.
   *
   * @param time its first part
   * @param variates its second part
   */
  record Block(TimeMixer time, VariateMixer variates) {}

  private Tirex2Model(Config configuration, Checkpoint checkpoint, TensorReader tensors)
      throws ModelFormatException {
    super(FAMILY, configuration, checkpoint);
    config = Tirex2Config.of(configuration);
    int width = config.width();
    embedding =
        new PatchNetwork(
            tensors.under("input_patch_embedding."),
            2 * config.patch(),
            config.embeddingWidth(),
            width,
            config.activation());
    for (Tirex2Config.Block block : config.blocks()) {
      int index = blocks.size();
      TensorReader below = tensors.under("stack." + index + ".");
      TimeMixer time = timeMixer(block, below.under("time_mixer."), "block_" + index + ".");
      blocks.add(new Block(time, variateMixer(block, below.under("variate_mixer."))));
    }
    outNorm = config.outNorm() ? norm(tensors, "stack_out_norm", config.outNormEpsilon()) : null;
    readOut =
        new PatchNetwork(
            tensors.under("output_patch_embedding."),
            width,
            config.readOutWidth(),
            Math.multiplyExact(config.levels().size(), config.patch()),
            config.activation());
    tensors.finish();
  }

  private TimeMixer timeMixer(Tirex2Config.Block block, TensorReader below, String statePrefix) {
    int width = config.width();
    int inner = config.feedForwardWidth();
    TensorReader cell = below.under("fwd_cell.");
    return new TimeMixer(
        width,
        norm(below, "norm_lstm", NORM_EPSILON),
        block.matrixMemory()
            ? matrixLayer(block.cellHeads(), cell, statePrefix)
            : scalarLayer(block.cellHeads(), cell, statePrefix),
        LinearReader.one(below, "combination", width, 2 * width, false),
        new Residual(
            norm(below, "norm_ffn", NORM_EPSILON),
            new GatedFeedForward(
                new LinearReader(below, width)
                    .add("ffn.proj_up_gate", inner, false)
                    .add("ffn.proj_up", inner, false)
                    .stack(),
                Activation.SWISH,
                LinearReader.one(below, "ffn.proj_down", width, inner, false))));
  }

  private Layer matrixLayer(int heads, TensorReader cell, String statePrefix) {
    int width = config.width();
    OutputGatedMlstmLayer.Sizes sizes =
        new OutputGatedMlstmLayer.Sizes(
            width, heads, width / 2, width, false, GATE_CAP, NORM_EPSILON, CELL_EPSILON);
    return new OutputGatedMlstmLayer(sizes, cell, layout, statePrefix);
  }

  private Layer scalarLayer(int heads, TensorReader cell, String statePrefix) {
    int width = config.width();
    SlstmLayer.Sizes sizes =
        new SlstmLayer.Sizes(
            width,
            heads,
            0,
            SlstmLayer.HeadNorm.FACTORS,
            Float.POSITIVE_INFINITY,
            SlstmCell.Arithmetic.FLOAT32);
    SlstmRecurrence recurrence = SlstmRecurrence.ofFourDimensions(cell, heads, width / heads);
    return new SlstmLayer(sizes, cell, recurrence, layout, statePrefix);
  }

  private VariateMixer variateMixer(Tirex2Config.Block block, TensorReader below) {
    int width = config.width();
    int inner = 4 * width;
    int heads = block.attentionHeads();
    return new VariateMixer(
        norm(below, "norm_attn", NORM_EPSILON),
        new LinearReader(below, width)
            .add("attn.WQ", width, false)
            .add("attn.WK", width, false)
            .add("attn.WV", width, false)
            .stack(),
        config.headNorm() ? headNorm(heads) : null,
        new GroupAttention(width, heads),
        LinearReader.one(below, "attn.WO", width, width, false),
        new Residual(
            norm(below, "norm_ffn", NORM_EPSILON),
            new UngatedFeedForward(
                LinearReader.one(below, "ffn.wi", inner, width, false),
                config.activation(),
                LinearReader.one(below, "ffn.wo", width, inner, false))));
  }

  /** A norm without weights. */
  private RmsNorm headNorm(int heads) {
    float[] ones = new float[config.width()];
    Arrays.fill(ones, 1);
    return new RmsNorm(ones, new float[0], heads, HEAD_NORM_EPSILON);
  }

  private TokenNorm norm(TensorReader tensors, String name, float epsilon) {
    float[] gain = tensors.vector(name + ".weight", config.width());
    return new RmsNorm(gain, new float[0], epsilon)::apply;
  }

  /**
   * Puts a model together. Both directions of a cell share its weights, so they are there by the
   * names of both, or of one; likewise the recurrent weights of a scalar cell.
   *
   * @param config its configuration
   * @param checkpoint its weights, closed with the model
   * @throws ModelFormatException naming every tensor that is missing or has another shape
   */
  static Tirex2Model of(Config config, Checkpoint checkpoint) throws ModelFormatException {
    TensorReader tensors =
        new TensorReader(
            checkpoint,
            name ->
                name.replace(".rev_cell.", ".fwd_cell.")
                    .replace(".recurrent_kernel", "._recurrent_kernel_"));
    return new Tirex2Model(config, checkpoint, tensors);
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
  public boolean takesGroups() {
    return true;
  }

  @Override
  public int longestHorizon() {
    return config.futureLength();
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
    return cost().ofForecast(config.firstForecastPatch() + 1L);
  }

  private PatchCost cost() {
    return new PatchCost(weightsOfEachPatch(), readOut.weights(), layout.byteSize());
  }

  /** Of a series alone. */
  private Weights weightsOfEachPatch() {
    Weights all = embedding.weights();
    for (Block block : blocks) {
      all = all.plus(block.time().weights());
    }
    return all;
  }

  @Override
  public List<ForecastSession> newSessions(int count, Team team) {
    Tirex2Network network = network(team);
    return Stream.generate(() -> (ForecastSession) new Tirex2Session(config, network))
        .limit(count)
        .toList();
  }

  @Override
  public List<AnchoredSession> newAnchoredSessions(int count, int stride, Team team) {
    WarmUp.begin();
    return PhasedSession.of(this, new Tirex2Recurrence(this), count, stride, team);
  }

  @Override
  public List<List<Forecast>> forecastGroups(
      List<SeriesGroup> groups, ForecastOptions options, Team team) {
    int horizon =
        options.extend() ? options.horizon() : Math.min(options.horizon(), config.futureLength());
    boolean differencing = options.differencing().or(config.differencing());
    List<GroupRows> rows = new ArrayList<>();
    for (int i = 0; i < groups.size(); i++) {
      requireUsable("series " + i + ", ", groups.get(i), horizon);
      rows.add(GroupRows.of(groups.get(i), config.contextLength(), differencing));
    }
    boolean signFlip = options.signFlip().or(config.signFlip());
    return network(team).forecast(rows, horizon, signFlip);
  }

  private static void requireUsable(String where, SeriesGroup group, int horizon) {
    boolean alone = group.rows() == 1;
    for (int i = 0; i < group.targets().size(); i++) {
      String which = alone ? where : where + "target " + i + ", ";
      ForecastModel.requireUsable(which, group.targets().get(i));
    }
    for (int i = 0; i < group.past().size(); i++) {
      ForecastModel.requireUsable(where + "past covariate " + i + ", ", group.past().get(i));
    }
    long least = (long) group.length() + horizon;
    for (int i = 0; i < group.future().size(); i++) {
      String which = where + "future covariate " + i;
      float[] values = group.future().get(i);
      if (values.length < least) {
        throw new IllegalArgumentException(
            which + " has " + values.length + " values, the targets and the horizon " + least);
      }
      ForecastModel.requireUsable(which + ", ", values);
    }
  }

  /**
   * For each level the index of the one on the other side of the median.
   *
   * @throws IllegalArgumentException if a level has none
   */
  int[] oppositeLevels() {
    List<Double> levels = config.levels();
    int[] opposite = new int[levels.size()];
    for (int i = 0; i < opposite.length; i++) {
      opposite[i] = oppositeOf(levels.get(i));
    }
    return opposite;
  }

  private int oppositeOf(double level) {
    List<Double> levels = config.levels();
    for (int i = 0; i < levels.size(); i++) {
      if (Math.abs(levels.get(i) - (1 - level)) <= SAME_LEVEL) {
        return i;
      }
    }
    throw new IllegalArgumentException(
        "the model has no quantile opposite to " + level + ", which the sign flip takes");
  }

  Tirex2Network network(Team team) {
    WarmUp.begin();
    return new Tirex2Network(this, new Workspace(team));
  }

  Tirex2Config config() {
    return config;
  }

  StateLayout layout() {
    return layout;
  }

  PatchNetwork embedding() {
    return embedding;
  }

  List<Block> blocks() {
    return blocks;
  }

  /** The norm in front of the read-out. */
  void normalize(Columns x, int count, Columns y) {
    if (outNorm != null) {
      outNorm.apply(x, 0, count, y);
    } else {
      for (int token = 0; token < count; token++) {
        System.arraycopy(x.data(), x.at(token), y.data(), y.at(token), config.width());
      }
    }
  }

  PatchNetwork readOut() {
    return readOut;
  }

  ConcurrentMap<Integer, State> paddings(boolean mixed) {
    return mixed ? mixedPaddings : paddings;
  }
}
