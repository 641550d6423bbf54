package org.xlstm4j.models.tirex;

import org.xlstm4j.engine.cells.State;
import org.xlstm4j.engine.tokens.Columns;
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
      scaling.write(values, end, end - config.patch(), config, target, token);
    }

    @Override
    public float[] quantiles(Columns outputs, int steps, float last) {
      float[] quantiles = new float[Math.multiplyExact(steps, config.levels().size())];
      for (int first = 0; first < steps; first += config.patch()) {
        int from = outputs.at(first / config.patch());
        scaling.restore(outputs.data(), from, config, quantiles, first);
      }
      return quantiles;
    }
  }
}
