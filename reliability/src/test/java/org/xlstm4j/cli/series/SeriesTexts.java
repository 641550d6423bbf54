package org.xlstm4j.cli.series;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads series from bytes that are in no file. */
public final class SeriesTexts {
  private static final String STANDARD_INPUT = "-";

  private SeriesTexts() {}

  /** Columns of a file, and covariates behind them from another one. */
  public static Object columns(
      byte[] past, byte[] future, String column, boolean timed, boolean decimalCommas)
      throws IOException {
    List<String> covariates = future.length == 0 ? List.of() : List.of("2");
    SeriesFile.Reading how =
        new SeriesFile.Reading(
            List.of(column),
            covariates,
            null,
            !timed,
            null,
            decimalCommas,
            SeriesColumn.FirstLine.UNKNOWN);
    SeriesFile file = SeriesFile.read(STANDARD_INPUT, new ByteArrayInputStream(past), how);
    SeriesTimes times = file.times();
    if (times != null) {
      times.ahead(64);
    }
    return future.length == 0
        ? file
        : FutureFile.read(STANDARD_INPUT, new ByteArrayInputStream(future), how, file, 2);
  }

  /** A series a row. */
  public static Object rows(byte[] text, @Nullable String label, boolean decimalCommas)
      throws IOException {
    return new SeriesRows(label, null, decimalCommas, SeriesColumn.FirstLine.UNKNOWN)
        .read(STANDARD_INPUT, new ByteArrayInputStream(text));
  }
}
