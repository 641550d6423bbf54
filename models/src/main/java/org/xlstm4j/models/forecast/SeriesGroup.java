package org.xlstm4j.models.forecast;

import java.util.List;

/**
 * Series over the same times that belong together: those to be forecast, and covariates that tell
 * something about them. NaN stands for values that are missing.
 *
 * @param targets the series to be forecast, at least one, all of the same length
 * @param past covariates that are known as far as the targets, of the targets' length
 * @param future covariates that are known beyond the targets, from the targets' first time on: as
 *     long as the targets and the horizon together, or longer
 */
public record SeriesGroup(List<float[]> targets, List<float[]> past, List<float[]> future) {
  /** Copies the lists and checks the lengths. */
  public SeriesGroup {
    targets = List.copyOf(targets);
    past = List.copyOf(past);
    future = List.copyOf(future);
    if (targets.isEmpty()) {
      throw new IllegalArgumentException("a group without a target");
    }
    int length = targets.getFirst().length;
    requireLengths("target", targets, length, length);
    requireLengths("past covariate", past, length, length);
    requireLengths("future covariate", future, length, Integer.MAX_VALUE);
  }

  private static void requireLengths(String what, List<float[]> rows, int least, int most) {
    for (int i = 0; i < rows.size(); i++) {
      int length = rows.get(i).length;
      if (length < least || length > most) {
        throw new IllegalArgumentException(
            what + " " + i + " has " + length + " values, the first target " + least);
      }
    }
  }

  /**
   * One series alone.
   *
   * @param target its values
   * @return a group of one row
   */
  public static SeriesGroup of(float[] target) {
    return new SeriesGroup(List.of(target), List.of(), List.of());
  }

  /**
   * How long the targets are.
   *
   * @return 0 or more
   */
  public int length() {
    return targets.getFirst().length;
  }

  /**
   * Targets and covariates together.
   *
   * @return at least 1
   */
  public int rows() {
    return targets.size() + past.size() + future.size();
  }
}
