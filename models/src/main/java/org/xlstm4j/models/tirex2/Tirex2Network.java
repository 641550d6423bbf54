package org.xlstm4j.models.tirex2;

import java.util.ArrayList;
import java.util.List;
import org.xlstm4j.engine.cells.State;
import org.xlstm4j.engine.threads.Workspace;
import org.xlstm4j.engine.tokens.Columns;
import org.xlstm4j.models.blocks.Finite;
import org.xlstm4j.models.forecast.Forecast;

/** Passes through a {@link Tirex2Model}, several at a time, with buffers of their own. */
final class Tirex2Network {
  /** Tokens that go through the network together, if not a single group has more. */
  private static final int TOKENS = 1024;

  /** Bytes that the states of a batch take, likewise. */
  private static final long STATE_BYTES = 1 << 26;

  private final Tirex2Model model;
  private final Tirex2Config config;
  private final Workspace workspace;
  private final List<State> states = new ArrayList<>();
  private int statesInUse;
  private int capacity;

  /** {@code [tokens][2 * patch]}: the network's inputs. */
  private Columns inputs = Columns.allocate(0, 0);

  /** {@code [tokens][width]}. */
  private Columns x = inputs;

  /** Of the tokens whose output is wanted: the normed stream, and {@code [levels][patch]}. */
  private Columns normed = inputs;

  private Columns outputs = inputs;

  Tirex2Network(Tirex2Model model, Workspace workspace) {
    this.model = model;
    this.config = model.config();
    this.workspace = workspace;
  }

  /**
   * Forecasts each group, as on its own.
   *
   * @param groups their rows
   * @param horizon how many steps; those behind the model's longest horizon by further passes
   * @param signFlip whether to average with the forecast of the negated rows
   * @return for each group a forecast a target
   */
  List<List<Forecast>> forecast(List<GroupRows> groups, int horizon, boolean signFlip) {
    int[] opposite = signFlip ? model.oppositeLevels() : new int[0];
    int mostRows = (int) Math.max(STATE_BYTES / model.layout().byteSize(), 1);
    List<GroupForecast> forecasts = new ArrayList<>();
    List<GroupPass> batch = new ArrayList<>();
    int tokens = 0;
    int rows = 0;
    for (GroupRows group : groups) {
      GroupForecast forecast = new GroupForecast(config, group, horizon, opposite);
      forecasts.add(forecast);
      for (GroupPass pass : forecast.passes()) {
        tokens += pass.tokens();
        rows += pass.window().rows().size();
        if (!batch.isEmpty() && (tokens > TOKENS || rows > mostRows)) {
          run(batch);
          batch.clear();
          tokens = pass.tokens();
          rows = pass.window().rows().size();
        }
        batch.add(pass);
      }
    }
    if (!batch.isEmpty()) {
      run(batch);
    }
    return forecasts.stream().map(GroupForecast::result).toList();
  }

  private void run(List<GroupPass> passes) {
    List<GroupWindow> windows = passes.stream().map(GroupPass::window).toList();
    statesInUse = 0;
    RowBatch batch = new RowBatch(workspace, windows, this::start);
    forward(batch);
    readOut(passes, batch);
  }

  /** A state of the session's own, set to where the rows of a group start. */
  private State start(GroupWindow window) {
    State padding = padding(window.firstToken(), window.isMixed());
    if (statesInUse == states.size()) {
      states.add(new State(model.layout()));
    }
    State state = states.get(statesInUse);
    statesInUse++;
    state.copyFrom(padding);
    return state;
  }

  /** The state after some patches without values. */
  private State padding(int patches, boolean mixed) {
    State known = model.paddings(mixed).get(patches);
    if (known != null) {
      return known;
    }
    State state = new State(model.layout());
    if (patches > 0) {
      GroupWindow window = GroupWindow.ofPadding(config, patches, mixed);
      forward(new RowBatch(workspace, List.of(window), unused -> state));
    }
    State other = model.paddings(mixed).putIfAbsent(patches, state);
    return other == null ? state : other;
  }

  /** From the windows of a batch to {@link #x}. */
  private void forward(RowBatch batch) {
    int tokens = batch.tokens();
    if (tokens > capacity) {
      capacity = tokens;
      inputs = Columns.allocate(tokens, 2 * config.patch());
      x = Columns.allocate(tokens, config.width());
    }
    batch.write(inputs);
    model.embedding().apply(workspace, inputs, tokens, x);
    for (Tirex2Model.Block block : model.blocks()) {
      block.time().forward(batch, x);
      block.variates().forward(batch, x);
    }
  }

  /** The last patches of each target are forecasts. */
  private void readOut(List<GroupPass> passes, RowBatch batch) {
    int patches = passes.stream().mapToInt(pass -> pass.window().targets() * patches(pass)).sum();
    int width = config.levels().size() * config.patch();
    if (outputs.data().length < patches * width) {
      normed = Columns.allocate(patches, config.width());
      outputs = Columns.allocate(patches, width);
    }
    int at = 0;
    for (int group = 0; group < passes.size(); group++) {
      GroupPass pass = passes.get(group);
      int first = config.firstForecastPatch() - pass.window().firstToken();
      for (int target = 0; target < pass.window().targets(); target++) {
        int token = batch.row(group, target).start() + first;
        model.normalize(x.fromToken(token), patches(pass), normed.fromToken(at));
        at += patches(pass);
      }
    }
    model.readOut().apply(workspace, normed, patches, outputs);
    Finite.require("quantiles", outputs.data(), 0, patches * width);
    at = 0;
    for (GroupPass pass : passes) {
      for (int target = 0; target < pass.window().targets(); target++) {
        for (int patch = 0; patch < patches(pass); patch++) {
          pass.forecast().take(pass, target, patch, outputs.data(), outputs.at(at));
          at++;
        }
      }
      pass.forecast().endPass();
    }
  }

  /** How many patches a pass forecasts. */
  private int patches(GroupPass pass) {
    return (pass.steps() - 1) / config.patch() + 1;
  }
}
