package org.xlstm4j.models.tirex2;

import org.xlstm4j.engine.cells.State;
import org.xlstm4j.engine.tokens.Columns;
import org.xlstm4j.models.blocks.Finite;
import org.xlstm4j.models.blocks.Pass;
import org.xlstm4j.models.forecast.PatchRecurrence;

/**
 * A {@link Tirex2Model} as a recurrence over patches of a series alone, without sign flip.
 *
 * @param model which
 */
record Tirex2Recurrence(Tirex2Model model) implements PatchRecurrence {
  @Override
  public Anchor anchor(float[] window) {
    Tirex2Config config = model.config();
    TargetRow row = TargetRow.of(window, config.contextLength(), config.differencing());
    return new Frozen(config, RowScaling.of(row.values(), config.scaler()), row.differenced());
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
    // by index, since an iterator would be allocated for each patch
    for (int i = 0; i < model.blocks().size(); i++) {
      model.blocks().get(i).time().forward(pass, x);
    }
  }

  @Override
  public void readOut(Pass pass, Columns x, int patches, Columns outputs) {
    model.normalize(x, patches, x);
    model.readOut().apply(pass.workspace(), x, patches, outputs);
  }

  /**
   * Values scaled as those of the window, and differenced if those had a trend.
   *
   * @param config the model's
   * @param scaling of the values or of their differences
   * @param differenced whether the series is taken by its differences
   */
  private record Frozen(Tirex2Config config, RowScaling scaling, boolean differenced)
      implements Anchor {
    @Override
    public void write(float[] values, int end, Columns target, int token) {
      int patch = config.patch();
      int to = target.at(token);
      for (int i = 0; i < patch; i++) {
        scaling.write(value(values, end - patch + i), patch, target.data(), to + i);
      }
    }

    /** The original has a difference of 0 in front of all. */
    private float value(float[] values, int at) {
      if (at < 0) {
        return Float.NaN;
      } else if (!differenced) {
        return values[at];
      }
      return at == 0 ? 0 : values[at] - values[at - 1];
    }

    @Override
    public float[] quantiles(Columns outputs, int steps, float last) {
      int levels = config.levels().size();
      int patch = config.patch();
      double[][] restored = new double[levels][steps];
      for (int step = 0; step < steps; step++) {
        int from = outputs.at(step / patch) + step % patch;
        for (int level = 0; level < levels; level++) {
          restored[level][step] = scaling.restored(outputs.data()[from + level * patch]);
        }
      }
      QuantileBands.finish(restored, config, differenced, last);
      float[] quantiles = QuantileBands.floats(restored);
      Finite.require("quantiles", quantiles, 0, quantiles.length);
      return quantiles;
    }
  }
}
