package org.xlstm4j.models.tirex;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.engine.State;
import org.xlstm4j.engine.StateLayout;
import org.xlstm4j.engine.Team;
import org.xlstm4j.engine.WarmUp;
import org.xlstm4j.engine.Workspace;
import org.xlstm4j.engine.cells.SlstmCell;
import org.xlstm4j.engine.layers.RmsNorm;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.Config;
import org.xlstm4j.loader.LoadOption;
import org.xlstm4j.loader.ModelFormatException;
import org.xlstm4j.loader.TensorReader;
import org.xlstm4j.models.Model;
import org.xlstm4j.models.StepCost;
import org.xlstm4j.models.blocks.Preparation;
import org.xlstm4j.models.blocks.Weights;

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
 * <p>Immutable and thread-safe; closing it ends all of its sessions.
 */
public final class TirexModel implements Model {
  /** Part of the names in checkpoints of the training code. */
  private static final String STACK = "block_stack.";

  /** Largest magnitude of a value: beyond it, 32-bit floats have no room for the forecast. */
  public static final float LARGEST_VALUE = 1e30f;

  private static final String HYPER_PARAMETERS = "hyper_parameters";

  private final Checkpoint checkpoint;
  private final TirexConfig config;
  private final StateLayout layout = new StateLayout();
  private final PatchNetwork embedding;
  private final List<TirexBlock> blocks = new ArrayList<>();
  private final RmsNorm outNorm;
  private final PatchNetwork readOut;

  /** What a number of patches without values leaves behind: the same for every series. */
  private final ConcurrentMap<Integer, State> paddings = new ConcurrentHashMap<>();

  private TirexModel(
      TirexConfig config,
      SlstmCell.Arithmetic arithmetic,
      Checkpoint checkpoint,
      TensorReader tensors)
      throws ModelFormatException {
    this.checkpoint = checkpoint;
    this.config = config;
    int width = config.width();
    int inner = config.embeddingWidth();
    embedding =
        new PatchNetwork(tensors.under("input_patch_embedding."), 2 * config.patch(), inner, width);
    for (int i = 0; i < config.blocks(); i++) {
      String name = "blocks." + i + ".";
      blocks.add(
          new TirexBlock(config, arithmetic, tensors.under(name), layout, "block_" + i + "."));
    }
    outNorm = TirexBlock.norm(tensors, "out_norm", width);
    readOut =
        new PatchNetwork(
            tensors.under("output_patch_embedding."),
            width,
            inner,
            config.levels().size() * config.patch());
    tensors.finish();
  }

  /**
   * Opens a model with a cell of 32-bit floats.
   *
   * @param path a model folder, or a checkpoint file as it is published ({@code model.ckpt})
   * @param options how the files are opened; mapped unless told otherwise
   * @return the model; closing it frees the weights
   * @throws ModelFormatException if there is no TiRex model, or a damaged one
   * @throws IOException if a file cannot be read
   */
  public static TirexModel open(Path path, LoadOption... options) throws IOException {
    return open(path, SlstmCell.Arithmetic.FLOAT32, options);
  }

  /**
   * Opens a model.
   *
   * @param path a model folder, or a checkpoint file as it is published ({@code model.ckpt})
   * @param arithmetic of the cell: 32-bit floats, or bfloat16 as the original code on a CPU
   * @param options how the files are opened; mapped unless told otherwise
   * @return the model; closing it frees the weights
   * @throws ModelFormatException if there is no TiRex model, or a damaged one
   * @throws IOException if a file cannot be read
   */
  public static TirexModel open(Path path, SlstmCell.Arithmetic arithmetic, LoadOption... options)
      throws IOException {
    Preparation.begin();
    Config given = configBeside(path);
    Checkpoint checkpoint = Checkpoint.open(path, options);
    try {
      Config config = given != null ? given : checkpoint.attributes().child(HYPER_PARAMETERS);
      return of(config, checkpoint, arithmetic);
    } catch (IOException | RuntimeException | Error e) {
      checkpoint.close();
      throw e;
    }
  }

  /**
   * Puts a model together.
   *
   * @param config its hyper-parameters
   * @param checkpoint its weights, closed with the model, or at once if there is none
   * @param arithmetic of the cell
   * @return the model, which owns the checkpoint
   * @throws ModelFormatException if they are no TiRex model, or a damaged one
   */
  public static TirexModel of(Config config, Checkpoint checkpoint, SlstmCell.Arithmetic arithmetic)
      throws ModelFormatException {
    Preparation.begin(checkpoint);
    try {
      boolean stacked = checkpoint.names().stream().anyMatch(name -> name.contains(STACK));
      TensorReader tensors =
          stacked
              ? new TensorReader(checkpoint, name -> name.replace(STACK, ""))
              : new TensorReader(checkpoint);
      return new TirexModel(TirexConfig.of(config), arithmetic, checkpoint, tensors);
    } catch (ModelFormatException | RuntimeException | Error e) {
      checkpoint.close();
      throw e;
    }
  }

  /**
   * Whether a path holds a model of this architecture, as far as its configuration tells.
   *
   * @param path a model folder or a checkpoint file
   * @param options how the files are opened; mapped unless told otherwise
   * @return true if {@link #open} is worth trying
   * @throws IOException if a file cannot be read or is malformed
   */
  public static boolean matches(Path path, LoadOption... options) throws IOException {
    return matches(configuration(path, options));
  }

  /**
   * Whether a configuration is one of this architecture.
   *
   * @param config of any model
   * @return true if it has the parts that tell it from all others
   */
  public static boolean matches(Config config) {
    return TirexConfig.matches(config);
  }

  /**
   * The hyper-parameters of a model: a folder's {@code config.json}, else what a checkpoint as it
   * is published carries inside.
   *
   * @param path a model folder or a checkpoint file
   * @param options how the files are opened; mapped unless told otherwise
   * @return the configuration, of whichever family; without fields if there is none
   * @throws IOException if a file cannot be read or is malformed
   */
  public static Config configuration(Path path, LoadOption... options) throws IOException {
    Config config = configBeside(path);
    if (config != null) {
      return config;
    }
    try (Checkpoint checkpoint = Checkpoint.open(path, options)) {
      return checkpoint.attributes().kind(HYPER_PARAMETERS) == Config.Kind.OBJECT
          ? checkpoint.attributes().child(HYPER_PARAMETERS)
          : Config.empty(path);
    }
  }

  /** The configuration file of a folder; published checkpoints carry theirs inside. */
  private static @Nullable Config configBeside(Path path) throws IOException {
    Path file = path.resolve("config.json");
    return Files.exists(file) ? Config.read(file) : null;
  }

  /**
   * Values of the past that a forecast depends on: the last ones.
   *
   * @return at least 1
   */
  public int contextLength() {
    return config.contextLength();
  }

  /**
   * Values that a step of the network takes and forecasts.
   *
   * @return at least 1
   */
  public int patchLength() {
    return config.patch();
  }

  /**
   * Levels of the quantiles, 0.5 among them.
   *
   * @return an unmodifiable list
   */
  public List<Double> levels() {
    return config.levels();
  }

  @Override
  public String family() {
    return "TiRex";
  }

  @Override
  public StepCost stepCost() {
    Weights all = weightsOfEachPatch().plus(readOut.weights());
    return new StepCost("patch", all.bytes(), layout.byteSize(), all.count(), all.quantized());
  }

  /**
   * What the machine has to do for a forecast of one patch behind a whole context, all of whose
   * patches go through the blocks and the last one of them through the read-out.
   *
   * @return the cost of the whole
   */
  public StepCost forecastCost() {
    long patches = contextLength() / patchLength();
    Weights ofEach = weightsOfEachPatch();
    Weights ofLast = readOut.weights();
    return new StepCost(
        "forecast",
        ofEach.bytes() + ofLast.bytes(),
        layout.byteSize(),
        ofEach.count() * patches + ofLast.count(),
        ofEach.quantized() * patches + ofLast.quantized());
  }

  private Weights weightsOfEachPatch() {
    Weights all = embedding.weights();
    for (TirexBlock block : blocks) {
      all = all.plus(block.weights());
    }
    return all;
  }

  @Override
  public Checkpoint checkpoint() {
    return checkpoint;
  }

  /**
   * A series to which values can be added as they come.
   *
   * @param team the threads it computes with
   * @return a session without values
   */
  public TirexSession newSession(Team team) {
    return new TirexSession(config, network(team));
  }

  /**
   * Forecasts several series together, each as on its own.
   *
   * @param series their values, NaN where they are missing; of different lengths if need be
   * @param horizon how many values to forecast, at least 1
   * @param patchesPerPass how many patches a pass forecasts at most, at least 1. With 1 the past is
   *     read again for each patch, as the original does unless told otherwise; with more, further
   *     patches cost a step each. The forecasts differ a little.
   * @param team the threads to compute with
   * @return a forecast a series
   * @throws IllegalArgumentException naming a value beyond {@link #LARGEST_VALUE}
   * @throws IllegalStateException if the forecast is not finite, since the weights are damaged
   */
  public List<Forecast> forecast(List<float[]> series, int horizon, int patchesPerPass, Team team) {
    for (int i = 0; i < series.size(); i++) {
      requireUsable("series " + i + ", ", series.get(i));
    }
    return network(team).forecast(series, horizon, patchesPerPass);
  }

  /** Checks values, NaN where they are missing. */
  static void requireUsable(String where, float[] values) {
    for (int i = 0; i < values.length; i++) {
      if (Math.abs(values[i]) > LARGEST_VALUE) {
        throw new IllegalArgumentException(
            where + "value " + i + " is " + values[i] + ", expected at most " + LARGEST_VALUE);
      }
    }
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

  List<TirexBlock> blocks() {
    return blocks;
  }

  RmsNorm outNorm() {
    return outNorm;
  }

  PatchNetwork readOut() {
    return readOut;
  }

  ConcurrentMap<Integer, State> paddings() {
    return paddings;
  }

  /** Ends the mapping of the weights; sessions throw {@link IllegalStateException} afterwards. */
  @Override
  public void close() {
    checkpoint.close();
  }
}
