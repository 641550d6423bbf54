package org.xlstm4j.models.tirex;

import org.xlstm4j.engine.cells.State;
import org.xlstm4j.engine.tokens.Columns;
import org.xlstm4j.models.blocks.Finite;
import org.xlstm4j.models.blocks.Pass;
import org.xlstm4j.models.forecast.PatchRecurrence;

/**
 * A {@link TirexModel} as a recurrence over patches.
 *
 * @param model which
 */
record TirexRecurrence(TirexModel model) implements PatchRecurrence {
  @Override
  public Anchor anchor(float[] window) {
    int context = Math.min(window.length, model.contextLength());
    return new Scaled(model.config(), Scaling.of(window, window.length - context, window.length));
  }

  @Override
  public State newState() {
    return new State(model.layout());
  }

  @Override
  public int width() {
    return model.config().width();
  }

  @Override
  public void forward(Pass pass, Columns inputs, Columns x) {
    model.embedding().apply(pass.workspace(), inputs, pass.tokens(), x);
    model.blocks().forward(pass, x);
  }

  @Override
  public void readOut(Pass pass, Columns x, int patches, Columns outputs) {
    model.outNorm().apply(x, 0, patches, x);
    model.readOut().apply(pass.workspace(), x, patches, outputs);
  }

  /** Values scaled as those of the window. */
  private record Scaled(TirexConfig config, Scaling scaling) implements Anchor {
    @Override
    public void write(float[] values, int end, Columns target, int token) {
      int patch = config.patch();
      int to = target.at(token);
      for (int i = 0; i < patch; i++) {
        int at = end - patch + i;
        boolean present = at >= 0 && !Float.isNaN(values[at]);
        target.data()[to + i] = present ? scaling.scaled(values[at]) : config.missing();
        target.data()[to + patch + i] = present ? 1 : 0;
      }
    }

    @Override
    public float[] quantiles(Columns outputs, int steps, float last) {
      int levels = config.levels().size();
      int patch = config.patch();
      float[] quantiles = new float[Math.multiplyExact(steps, levels)];
      for (int step = 0; step < steps; step++) {
        int from = outputs.at(step / patch) + step % patch;
        for (int level = 0; level < levels; level++) {
          float output = outputs.data()[from + level * patch];
          quantiles[step * levels + level] = scaling.restored(output);
        }
      }
      Finite.require("quantiles", quantiles, 0, quantiles.length);
      return quantiles;
    }
  }
}
