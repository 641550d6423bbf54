package org.xlstm4j.models.tirex;

import java.util.List;
import org.xlstm4j.models.embedding.EmbeddingOptions;
import org.xlstm4j.models.embedding.SeriesStatistics;
import org.xlstm4j.models.forecast.ForecastModel;

/** Checks series that somebody wants to be embedded. */
final class EmbeddedSeries {
  private EmbeddedSeries() {}

  /**
   * Checks that series can be embedded together.
   *
   * @throws IllegalArgumentException naming the series whose shape does not fit or whose value is
   *     too large, or if stored statistics are of other series
   */
  static void requireShapes(List<float[][]> series, EmbeddingOptions options) {
    if (series.isEmpty() || series.getFirst().length == 0) {
      throw new IllegalArgumentException("no series, expected at least one with a variate");
    }
    int variates = series.getFirst().length;
    int commonLength = series.getFirst()[0].length;
    int shortest = options.augment() ? 2 : 1;
    for (int i = 0; i < series.size(); i++) {
      float[][] rows = series.get(i);
      int length = rows.length == 0 ? 0 : rows[0].length;
      if (rows.length != variates || (options.augment() && length != commonLength)) {
        throw new IllegalArgumentException(
            "series %d has %d variates of %d values, the first %d of %d"
                .formatted(i, rows.length, length, variates, commonLength));
      }
      if (length < shortest) {
        throw new IllegalArgumentException(
            "series %d has %d values, expected at least %d".formatted(i, length, shortest));
      }
      for (int v = 0; v < variates; v++) {
        if (rows[v].length != length) {
          throw new IllegalArgumentException(
              "series %d has %d values in variate %d, %d in its first"
                  .formatted(i, rows[v].length, v, length));
        }
        ForecastModel.requireUsable("series " + i + ", variate " + v + ", ", rows[v]);
      }
    }
    SeriesStatistics statistics = options.statistics();
    int count = options.augment() ? SeriesStatistics.count(variates, commonLength) : 0;
    if (statistics != null && statistics.count() != count) {
      throw new IllegalArgumentException(
          "series of %d values have %d statistics, the stored ones are %d"
              .formatted(commonLength, count, statistics.count()));
    }
  }
}
