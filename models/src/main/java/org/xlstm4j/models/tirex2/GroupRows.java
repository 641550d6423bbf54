package org.xlstm4j.models.tirex2;

import java.util.List;
import org.xlstm4j.models.forecast.SeriesGroup;

/**
 * All rows of a group, as a model's windows look at them.
 *
 * @param targets the rows to be forecast
 * @param past covariates without a known future, {@code length} values each
 * @param future covariates that are known beyond
 * @param length how long the past of covariates is
 */
record GroupRows(List<TargetRow> targets, List<float[]> past, List<float[]> future, int length) {
  /** Copies the lists. */
  GroupRows {
    targets = List.copyOf(targets);
    past = List.copyOf(past);
    future = List.copyOf(future);
  }

  static GroupRows of(SeriesGroup group, int contextLength, boolean differencing) {
    List<TargetRow> targets =
        group.targets().stream()
            .map(series -> TargetRow.of(series, contextLength, differencing))
            .toList();
    return new GroupRows(targets, group.past(), group.future(), group.length());
  }
}
