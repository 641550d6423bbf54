package org.xlstm4j.models.tirex;

import java.util.ArrayList;
import java.util.List;
import org.xlstm4j.engine.cells.Sequences;
import org.xlstm4j.engine.cells.State;
import org.xlstm4j.engine.threads.Workspace;
import org.xlstm4j.engine.tokens.Columns;
import org.xlstm4j.models.blocks.Finite;
import org.xlstm4j.models.blocks.Pass;
import org.xlstm4j.models.forecast.Forecast;

/** Passes through a {@link TirexModel}, several at a time, with buffers of their own. */
final class TirexNetwork {
  /** Patches that go through the network together, if not a single pass has more. */
  private static final int TOKENS = 512;

  private final TirexModel model;
  private final TirexConfig config;
  private final Workspace workspace;
  private final List<State> states = new ArrayList<>();
  private int capacity;

  /** {@code [patches][2 * patch]}: the network's inputs. */
  private Columns inputs = Columns.allocate(0, 0);

  /** {@code [patches][width]}. */
  private Columns x = inputs;

  /** Of the patches that are forecasts: the normed stream, and {@code [levels][patch]}. */
  private Columns normed = inputs;

  private Columns outputs = inputs;

  TirexNetwork(TirexModel model, Workspace workspace) {
    this.model = model;
    this.config = model.config();
    this.workspace = workspace;
  }

  /**
   * One pass.
   *
   * @param window what it sees
   * @param quantiles {@code [horizon][levels]}, receives its part of the forecast
   * @param firstStep where that part starts
   */
  @SuppressWarnings("ArrayRecordComponent") // written once
  private record WindowPass(Window window, float[] quantiles, int firstStep) {}

  /** Forecasts each series, NaN where values are missing, as on its own. */
  List<Forecast> forecast(List<float[]> series, int horizon, int patchesPerPass) {
    if (horizon < 1 || patchesPerPass < 1) {
      throw new IllegalArgumentException(
          "a horizon of " + horizon + " values with " + patchesPerPass + " patches a pass");
    }
    int patches = (horizon - 1) / config.patch() + 1;
    List<Forecast> forecasts = new ArrayList<>();
    List<WindowPass> batch = new ArrayList<>();
    int tokens = 0;
    for (float[] past : series) {
      float[] quantiles = new float[Math.multiplyExact(horizon, config.levels().size())];
      int reach = 0;
      int ahead;
      for (int done = 0; done < patches; done += ahead) {
        ahead = Math.min(patchesPerPass, patches - done);
        int gap = done * config.patch();
        Window window = new Window(config, past, gap, ahead);
        if (!window.isEmpty()) {
          reach = (int) Math.min((long) (done + ahead) * config.patch(), horizon);
        }
        if (!batch.isEmpty() && tokens + window.tokens() > TOKENS) {
          run(batch);
          batch.clear();
          tokens = 0;
        }
        batch.add(new WindowPass(window, quantiles, gap));
        tokens += window.tokens();
      }
      forecasts.add(new Forecast(config.levels(), horizon, reach, quantiles));
    }
    if (!batch.isEmpty()) {
      run(batch);
    }
    return forecasts;
  }

  private void run(List<WindowPass> passes) {
    List<State> starts = new ArrayList<>();
    List<Integer> lengths = new ArrayList<>();
    for (WindowPass pass : passes) {
      starts.add(padding(pass.window().padding()));
      lengths.add(pass.window().tokens());
    }
    Sequences sequences = new Sequences(statesOf(starts), lengths);
    reserve(sequences.tokens());
    int token = 0;
    for (WindowPass pass : passes) {
      Window window = pass.window();
      window.write(window.padding(), window.tokens(), inputs.fromToken(token));
      token += window.tokens();
    }
    forward(sequences);
    readOut(passes);
  }

  /** A session's own states, set to where the passes start. */
  private List<State> statesOf(List<State> starts) {
    while (states.size() < starts.size()) {
      states.add(new State(model.layout()));
    }
    for (int i = 0; i < starts.size(); i++) {
      states.get(i).copyFrom(starts.get(i));
    }
    return states.subList(0, starts.size());
  }

  /** The state after some patches without values. */
  private State padding(int patches) {
    State known = model.paddings().get(patches);
    if (known != null) {
      return known;
    }
    State state = new State(model.layout());
    if (patches > 0) {
      reserve(patches);
      new Window(config, new float[0], 0, 1).write(0, patches, inputs);
      forward(new Sequences(List.of(state), List.of(patches)));
    }
    State other = model.paddings().putIfAbsent(patches, state);
    return other == null ? state : other;
  }

  private void reserve(int tokens) {
    if (tokens > capacity) {
      capacity = tokens;
      inputs = Columns.allocate(tokens, 2 * config.patch());
      x = Columns.allocate(tokens, config.width());
    }
  }

  /** From {@link #inputs} to {@link #x}. */
  private void forward(Sequences sequences) {
    model.embedding().apply(workspace, inputs, sequences.tokens(), x);
    model.blocks().forward(Pass.ofSequences(workspace, sequences), x);
  }

  /** The last patches of each pass are forecasts. */
  private void readOut(List<WindowPass> passes) {
    int patches = passes.stream().mapToInt(pass -> pass.window().ahead()).sum();
    int width = config.levels().size() * config.patch();
    if (outputs.data().length < patches * width) {
      normed = Columns.allocate(patches, config.width());
      outputs = Columns.allocate(patches, width);
    }
    int end = 0;
    int patch = 0;
    for (WindowPass pass : passes) {
      end += pass.window().tokens();
      int ahead = pass.window().ahead();
      model.outNorm().apply(x.fromToken(end - ahead), 0, ahead, normed.fromToken(patch));
      patch += ahead;
    }
    model.readOut().apply(workspace, normed, patches, outputs);
    patch = 0;
    for (WindowPass pass : passes) {
      for (int i = 0; i < pass.window().ahead(); i++) {
        restore(pass, i, outputs.at(patch));
        patch++;
      }
    }
  }

  /** Scales a patch {@code [levels][patch]} back into {@code [horizon][levels]}. */
  private void restore(WindowPass pass, int index, int from) {
    int levels = config.levels().size();
    int patch = config.patch();
    float[] quantiles = pass.quantiles();
    int first = pass.firstStep() + index * patch;
    int count = Math.min(patch, quantiles.length / levels - first);
    Finite.require("quantiles", outputs.data(), from, levels * patch);
    for (int step = 0; step < count; step++) {
      for (int level = 0; level < levels; level++) {
        float scaled = outputs.data()[from + level * patch + step];
        quantiles[(first + step) * levels + level] = pass.window().scaling().restored(scaled);
      }
    }
  }
}
