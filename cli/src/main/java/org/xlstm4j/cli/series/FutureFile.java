package org.xlstm4j.cli.series;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Covariates that are known beyond the end of the series: a file with the same headings, whose
 * lines follow the series' last one.
 *
 * @param covariates by their titles, those of the series' covariates that are there, with the
 *     values of the past in front
 * @param remarks what the user should know about how the file is read
 */
public record FutureFile(Map<String, float[]> covariates, List<String> remarks) {
  /**
   * Reads the file.
   *
   * @param file a path, or {@code -} for {@code in}
   * @param in the standard input
   * @param how the series' file was read
   * @param past the series' file
   * @param horizon number of values that have to be there
   * @throws IOException if the lines do not follow the series, are too few, or hold none of the
   *     covariates
   */
  public static FutureFile read(
      String file, InputStream in, SeriesFile.Reading how, SeriesFile past, int horizon)
      throws IOException {
    List<String> titles = past.covariates().stream().map(Series::title).toList();
    SeriesTimes times = past.times();
    SeriesReader.Columns columns =
        SeriesReader.readThoseThere(
            file,
            in,
            new SeriesFile.Reading(
                List.of(),
                titles,
                times == null ? null : times.column(),
                times == null,
                how.separator(),
                how.decimalCommas(),
                past.headings() ? SeriesColumn.FirstLine.HEADINGS : SeriesColumn.FirstLine.VALUES));
    TimeColumn column = columns.times();
    int[] places =
        times == null || column == null
            ? IntStream.range(0, columns.covariates().getFirst().values().length).toArray()
            : times.placesBehind(columns.name(), column, columns.covariates().size());
    int length = places[places.length - 1] + 1;
    if (length < horizon) {
      throw new IOException(
          columns.name()
              + ": "
              + length
              + (length == 1 ? " step" : " steps")
              + " behind the series, expected at least the "
              + horizon
              + " of the horizon");
    }
    Map<String, float[]> covariates = new LinkedHashMap<>();
    for (Series future : columns.covariates()) {
      float[] known = past.covariates().get(titles.indexOf(future.title())).values();
      float[] all = Arrays.copyOf(known, known.length + length);
      float[] next = SeriesFile.spread(future.values(), places);
      System.arraycopy(next, 0, all, known.length, length);
      covariates.put(future.title(), all);
    }
    List<String> remarks = new ArrayList<>();
    columns.remarks().forEach(remark -> remarks.add(columns.name() + ", " + remark));
    if (times != null && column == null) {
      remarks.add(
          columns.name()
              + ": no column '"
              + times.column()
              + "' with times; its lines are taken as the steps that follow the series");
    } else if (length > places.length) {
      remarks.add(
          columns.name()
              + ": "
              + (length - places.length)
              + (length - places.length == 1 ? " time is" : " times are")
              + " left out, for which missing values are put in");
    }
    return new FutureFile(covariates, remarks);
  }
}
