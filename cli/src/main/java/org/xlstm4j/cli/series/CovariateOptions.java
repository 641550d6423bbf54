package org.xlstm4j.cli.series;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.cli.options.UsageException;
import picocli.CommandLine.Option;

/** Options of commands that take covariates of series. */
public final class CovariateOptions {
  @Option(
      names = "--covariate",
      paramLabel = "C",
      description =
          "A column that helps to forecast the series; named as --column is, several times if"
              + " need be.")
  private List<String> covariates = List.of();

  @Option(
      names = "--future",
      paramLabel = "FILE",
      description =
          "Separated values with the same headings, whose lines follow the series: covariates that"
              + " are there are known ahead.")
  private @Nullable String future;

  /** The columns, as the user calls them. */
  public List<String> columns() {
    return covariates;
  }

  /**
   * Checks the options.
   *
   * @param file that holds the series
   * @throws UsageException if they do not go together
   */
  public void check(String file) {
    if (future != null && covariates.isEmpty()) {
      throw new UsageException("--future holds covariates, expected --covariate to name them");
    }
    if (file.equals("-") && "-".equals(future)) {
      throw new UsageException("--future is - like the series, expected one of them to be a file");
    }
  }

  /**
   * Reads what is known of the covariates beyond the series.
   *
   * @param in the standard input
   * @param how the series' file was read
   * @param past the series' file
   * @param horizon number of values that have to be there
   * @return null if the user has no such file
   * @throws IOException if it is not there, or does not follow the series
   */
  public @Nullable FutureFile read(
      InputStream in, SeriesFile.Reading how, SeriesFile past, int horizon) throws IOException {
    return future == null ? null : FutureFile.read(future, in, how, past, horizon);
  }
}
