package org.xlstm4j.cli.series;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * Several time series of a file.
 *
 * @param names of the series: headings or numbers of columns, or numbers of rows from 1
 * @param labels of the series; none where the file is not said to have any
 * @param series the values of each, NaN where they are missing
 * @param remarks what the user should know about how the file is read
 */
public record SeriesSet(
    List<String> names, List<String> labels, List<float[]> series, List<String> remarks) {
  /** Reads columns, a series each. */
  static SeriesSet ofColumns(
      String file, InputStream in, List<String> columns, SeriesSetOptions options)
      throws IOException {
    SeriesFile all = SeriesFile.read(file, in, options.reading(columns));
    List<String> names = all.targets().stream().map(Series::title).toList();
    List<float[]> series = all.targets().stream().map(Series::values).toList();
    return new SeriesSet(names, List.of(), series, all.remarks());
  }
}
