package org.xlstm4j.models.forecast;

import org.xlstm4j.models.StepCost;
import org.xlstm4j.models.blocks.Weights;

/**
 * What a forecaster costs that takes a series patch by patch.
 *
 * @param ofEach weights that each patch is multiplied with
 * @param ofLast weights that the output of the last one is multiplied with
 * @param stateBytes of a session
 */
public record PatchCost(Weights ofEach, Weights ofLast, long stateBytes) {
  /**
   * One patch with its output.
   *
   * @return the cost of a step
   */
  public StepCost ofPatch() {
    return cost("patch", 1);
  }

  /**
   * A forecast.
   *
   * @param patches how many are taken, at least 1
   * @return the cost of the whole
   */
  public StepCost ofForecast(long patches) {
    return cost("forecast", patches);
  }

  private StepCost cost(String unit, long patches) {
    return new StepCost(
        unit,
        ofEach.bytes() + ofLast.bytes(),
        stateBytes,
        ofEach.count() * patches + ofLast.count(),
        ofEach.quantized() * patches + ofLast.quantized());
  }
}
