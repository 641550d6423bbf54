package org.xlstm4j.models.tirex2;

import java.util.ArrayList;
import java.util.List;

/**
 * What a pass sees of a group: a window of each row, and which tokens of them need be computed.
 * Immutable.
 *
 * <p>Without a covariate that is known ahead nothing looks back in time. Then patches in front that
 * hold no value bring the network into a state that does not depend on the group, so the pass
 * starts behind them, and it ends with the last patch whose output is wanted.
 */
final class GroupWindow {
  private final List<RowWindow> rows = new ArrayList<>();
  private final int targets;
  private final boolean mixed;
  private final boolean known;
  private final int firstToken;
  private final int endToken;

  /**
   * A window.
   *
   * @param config the model's
   * @param group its rows
   * @param gap number of steps between the end of the past and the first that the pass forecasts
   * @param steps how many the pass forecasts
   * @param negated whether the pass sees all rows with the other sign
   */
  GroupWindow(Tirex2Config config, GroupRows group, int gap, int steps, boolean negated) {
    int ahead = Math.addExact(gap, config.futureLength());
    for (TargetRow row : group.targets()) {
      float[] values = row.values();
      int end = Math.addExact(values.length, ahead);
      rows.add(new RowWindow(config, values, values.length, end, true, negated));
    }
    int length = group.length();
    int end = Math.addExact(length, ahead);
    for (float[] row : group.past()) {
      rows.add(new RowWindow(config, row, length, end, false, negated));
    }
    int knownLength = length + gap + steps;
    for (float[] row : group.future()) {
      int seen = Math.min(knownLength, row.length);
      rows.add(new RowWindow(config, row, seen, end, false, negated));
    }
    targets = group.targets().size();
    mixed = rows.size() > 1;
    known = rows.stream().anyMatch(RowWindow::isKnown);
    int firstWanted = config.firstForecastPatch();
    int firstPatch = rows.stream().mapToInt(RowWindow::firstPatch).min().orElseThrow();
    firstToken = known ? 0 : Math.min(firstPatch, firstWanted);
    endToken = known ? config.patches() : firstWanted + (steps - 1) / config.patch() + 1;
  }

  /** Some patches without values, of one row. */
  private GroupWindow(Tirex2Config config, int patches, boolean mixed) {
    rows.add(new RowWindow(config, new float[0], 0, 0, true, false));
    targets = 1;
    this.mixed = mixed;
    known = false;
    firstToken = 0;
    endToken = patches;
  }

  /**
   * Patches without values.
   *
   * @param config the model's
   * @param patches how many, at least 1
   * @param mixed whether they stand for those of a group: its rows are all alike, so that one row
   *     that sees itself gives the same
   */
  static GroupWindow ofPadding(Tirex2Config config, int patches, boolean mixed) {
    return new GroupWindow(config, patches, mixed);
  }

  /** Targets, then covariates. */
  List<RowWindow> rows() {
    return rows;
  }

  /** How many of the rows are to be forecast. */
  int targets() {
    return targets;
  }

  /** Whether the rows see each other; a row alone leaves that part of the network out. */
  boolean isMixed() {
    return mixed;
  }

  /** Whether a covariate is known ahead. */
  boolean hasKnown() {
    return known;
  }

  /** Whether the window shows no value of any row. */
  boolean isEmpty() {
    return rows.stream().allMatch(RowWindow::isEmpty);
  }

  /** The first patch that is computed; those before it are without values. */
  int firstToken() {
    return firstToken;
  }

  /** Patches of each row that are computed. */
  int tokens() {
    return endToken - firstToken;
  }
}
