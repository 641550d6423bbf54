package org.xlstm4j.cli.forecast;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.xlstm4j.cli.series.Series;
import org.xlstm4j.cli.series.SeriesFile;
import org.xlstm4j.models.forecast.SeriesGroup;

/**
 * The series of a file as a model takes them.
 *
 * @param past the series and their covariates
 * @param future those of the covariates that are known ahead, by their titles, the past in front
 */
public record ForecastGroups(SeriesFile past, Map<String, float[]> future) {
  /**
   * The groups.
   *
   * @param together whether all targets make one group, or each one with all covariates
   */
  public List<SeriesGroup> groups(boolean together) {
    List<float[]> targets = past.targets().stream().map(Series::values).toList();
    List<float[]> known =
        past.covariates().stream()
            .filter(covariate -> !future.containsKey(covariate.title()))
            .map(Series::values)
            .toList();
    List<float[]> ahead = new ArrayList<>();
    for (Series covariate : past.covariates()) {
      if (future.containsKey(covariate.title())) {
        ahead.add(future.get(covariate.title()));
      }
    }
    return together
        ? List.of(new SeriesGroup(targets, known, ahead))
        : targets.stream().map(target -> new SeriesGroup(List.of(target), known, ahead)).toList();
  }
}
