package org.xlstm4j.models.vision;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * One class a model considers.
 *
 * @param index of the class
 * @param name what it is called
 * @param probability by the softmax of the logits, 0 to 1
 */
public record Prediction(int index, String name, double probability) {

  /**
   * The most probable classes.
   *
   * @param model whose logits they are
   * @param logits one a class
   * @param count how many are wanted; all, if there are fewer
   * @return in falling order of probability, of equals the lower index first
   */
  public static List<Prediction> top(VisionModel model, float[] logits, int count) {
    double largest = Double.NEGATIVE_INFINITY;
    for (float logit : logits) {
      largest = Math.max(largest, logit);
    }
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit - largest);
    }
    List<Prediction> all = new ArrayList<>();
    for (int i = 0; i < logits.length; i++) {
      all.add(new Prediction(i, model.className(i), Math.exp(logits[i] - largest) / sum));
    }
    all.sort(Comparator.comparingDouble(Prediction::probability).reversed());
    return List.copyOf(all.subList(0, Math.min(count, all.size())));
  }
}
