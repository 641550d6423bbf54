package org.xlstm4j.models.tirex;

import java.util.ArrayList;
import java.util.List;
import org.xlstm4j.engine.threads.Workspace;
import org.xlstm4j.engine.tokens.Columns;
import org.xlstm4j.models.forecast.Forecast;

/** Passes through a {@link TirexModel}, several at a time, with buffers of their own. */
final class TirexNetwork {
  private final TirexModel model;
  private final TirexConfig config;
  private final PatchPass patches;

  /** Of the patches that are forecasts: the normed stream, and {@code [levels][patch]}. */
  private Columns normed = Columns.allocate(0, 0);

  private Columns outputs = normed;

  TirexNetwork(TirexModel model, Workspace workspace) {
    this.model = model;
    this.config = model.config();
    patches = new PatchPass(model, workspace);
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
    int ofHorizon = (horizon - 1) / config.patch() + 1;
    List<Forecast> forecasts = new ArrayList<>();
    List<WindowPass> batch = new ArrayList<>();
    int tokens = 0;
    for (float[] past : series) {
      float[] quantiles = new float[Math.multiplyExact(horizon, config.levels().size())];
      int reach = 0;
      int ahead;
      for (int done = 0; done < ofHorizon; done += ahead) {
        ahead = Math.min(patchesPerPass, ofHorizon - done);
        int gap = done * config.patch();
        Window window = new Window(config, past, gap, ahead);
        if (!window.isEmpty()) {
          reach = (int) Math.min((long) (done + ahead) * config.patch(), horizon);
        }
        if (!batch.isEmpty() && tokens + window.tokens() > PatchPass.TOKENS) {
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
    List<PatchPass.Part> parts = new ArrayList<>();
    for (WindowPass pass : passes) {
      Window window = pass.window();
      parts.add(new PatchPass.Part(window, window.padding(), window.tokens()));
    }
    model.blocks().forward(patches.enter(parts), patches.x());
    readOut(passes);
  }

  /** The last patches of each pass are forecasts. */
  private void readOut(List<WindowPass> passes) {
    int ahead = passes.stream().mapToInt(pass -> pass.window().ahead()).sum();
    int width = config.levels().size() * config.patch();
    if (outputs.data().length < ahead * width) {
      normed = Columns.allocate(ahead, config.width());
      outputs = Columns.allocate(ahead, width);
    }
    int end = 0;
    int patch = 0;
    for (WindowPass pass : passes) {
      end += pass.window().tokens();
      int own = pass.window().ahead();
      model.outNorm().apply(patches.x().fromToken(end - own), 0, own, normed.fromToken(patch));
      patch += own;
    }
    model.readOut().apply(patches.workspace(), normed, ahead, outputs);
    patch = 0;
    for (WindowPass pass : passes) {
      for (int i = 0; i < pass.window().ahead(); i++) {
        int first = pass.firstStep() + i * config.patch();
        Scaling scaling = pass.window().scaling();
        scaling.restore(outputs.data(), outputs.at(patch), config, pass.quantiles(), first);
        patch++;
      }
    }
  }
}
