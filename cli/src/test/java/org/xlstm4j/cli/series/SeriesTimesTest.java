package org.xlstm4j.cli.series;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How the times of a file go on, and what is said where they do not rise evenly. */
class SeriesTimesTest {
  private static final float NONE = Float.NaN;

  private static SeriesFile read(String text, @Nullable String time, boolean without)
      throws IOException {
    SeriesFile.Reading how =
        new SeriesFile.Reading(
            List.of("v"), List.of(), time, without, null, false, SeriesColumn.FirstLine.UNKNOWN);
    return SeriesFile.read("-", new ByteArrayInputStream(text.getBytes(UTF_8)), how);
  }

  /** A file with these times, and the values 0, 1 and so on. */
  private static String file(String times) {
    StringBuilder text = new StringBuilder("when,v\n");
    int value = 0;
    for (String time : times.split("; ", -1)) {
      text.append(time).append(',').append(value).append('\n');
      value++;
    }
    return text.toString();
  }

  private static SeriesTimes times(SeriesFile file) {
    return Objects.requireNonNull(file.times());
  }

  @ParameterizedTest
  @CsvSource({
    // the file's times; step; season; the next time, the one behind it
    "2024-01-01; 2024-01-02; 2024-01-03, 1 day, 7, 2024-01-04, 2024-01-05",
    "2024-02-27; 2024-02-28; 2024-02-29, 1 day, 7, 2024-03-01, 2024-03-02",
    "2024/01/01; 2024/01/08; 2024/01/15, 1 week, 52, 2024/01/22, 2024/01/29",
    "2024.01.01; 2024.01.03; 2024.01.05, 2 days, 1, 2024.01.07, 2024.01.09",
    "20240130; 20240131; 20240201, 1 day, 7, 20240202, 20240203",
    "2024-01-01; 2024-02-01; 2024-03-01, 1 month, 12, 2024-04-01, 2024-05-01",
    "2023-11-30; 2023-12-31; 2024-01-31, 1 month, 12, 2024-02-29, 2024-03-31",
    "2023-12-30; 2024-01-30; 2024-02-29, 1 month, 12, 2024-03-30, 2024-04-30",
    "2023-06-30; 2023-09-30; 2023-12-31, 1 quarter, 4, 2024-03-31, 2024-06-30",
    "2023-04-01; 2023-07-01; 2023-10-01, 1 quarter, 4, 2024-01-01, 2024-04-01",
    "2021-02-28; 2022-02-28; 2023-02-28, 1 year, 1, 2024-02-29, 2025-02-28",
    "2023-11; 2023-12; 2024-01, 1 month, 12, 2024-02, 2024-03",
    "2023/11; 2023/12; 2024/01, 1 month, 12, 2024/02, 2024/03",
    "2023-Q3; 2023-Q4; 2024-Q1, 1 quarter, 4, 2024-Q2, 2024-Q3",
    "2023Q3; 2023Q4; 2024Q1, 1 quarter, 4, 2024Q2, 2024Q3",
    "1998; 1999; 2000, 1 year, 1, 2001, 2002",
    "1990; 1995; 2000, 5 years, 1, 2005, 2010",
    "2024-01-04; 2024-01-05; 2024-01-08; 2024-01-09, 1 business day, 5, 2024-01-10, 2024-01-11",
    "2024-01-03; 2024-01-04; 2024-01-05; 2024-01-08; 2024-01-09; 2024-01-10; 2024-01-11;"
        + " 2024-01-12, 1 business day, 5, 2024-01-15, 2024-01-16",
    "2024-01-01 22:00; 2024-01-01 23:00; 2024-01-02 00:00, 1 hour, 24, 2024-01-02 01:00,"
        + " 2024-01-02 02:00",
    "2024-01-01T23:30:00; 2024-01-01T23:45:00, 15 minutes, 96, 2024-01-02T00:00:00,"
        + " 2024-01-02T00:15:00",
    "2024-01-01; 2024-01-01 12:00:00; 2024-01-02, 12 hours, 2, 2024-01-02 12:00:00,"
        + " 2024-01-03 00:00:00",
    "2024-01-01T00:00:00.5; 2024-01-01T00:00:01.0, 0.5 seconds, 1, 2024-01-01T00:00:01.5,"
        + " 2024-01-01T00:00:02.0",
    "2024-01-01T00:00Z; 2024-01-01T01:00Z, 1 hour, 24, 2024-01-01T02:00Z, 2024-01-01T03:00Z",
    "2024-01-01T00:00+05:30; 2024-01-01T01:00+05:30, 1 hour, 24, 2024-01-01T02:00+05:30,"
        + " 2024-01-01T03:00+05:30",
    "2024-01-01 00:00:00+0100; 2024-01-01 01:00:00+0100, 1 hour, 24, 2024-01-01 02:00:00+0100,"
        + " 2024-01-01 03:00:00+0100",
    // clocks go forward at 02:00 on 2024-03-31: in the zone, not where there is none
    "2024-03-31T00:00+01:00[Europe/Berlin]; 2024-03-31T01:00+01:00[Europe/Berlin], 1 hour, 24,"
        + " 2024-03-31T03:00+02:00[Europe/Berlin], 2024-03-31T04:00+02:00[Europe/Berlin]",
    "2024-03-29T06:00[Europe/Berlin]; 2024-03-30T06:00[Europe/Berlin], 1 day, 7,"
        + " 2024-03-31T06:00[Europe/Berlin], 2024-04-01T06:00[Europe/Berlin]",
    "2024-03-31 00:00; 2024-03-31 01:00, 1 hour, 24, 2024-03-31 02:00, 2024-03-31 03:00"
  })
  void timesGoOnAsTheyAreWritten(String times, String step, int season, String next, String second)
      throws IOException {
    SeriesFile file = read(file(times), null, false);
    assertEquals(List.of(), file.remarks());
    assertEquals("when", times(file).heading());
    assertEquals(step, times(file).step());
    assertEquals(season, times(file).season());
    assertEquals(next, times(file).ahead(1));
    assertEquals(second, times(file).ahead(2));
    assertEquals(times.split("; ", -1).length, file.length());
  }

  @Test
  void whatTheTimesLeaveOutIsMissing() throws IOException {
    SeriesFile file =
        read(file("2024-01-01; 2024-01-02; 2024-01-05; 2024-01-06; 2024-01-08"), null, false);
    assertArrayEquals(
        new float[] {0, 1, NONE, NONE, 2, 3, NONE, 4}, file.targets().getFirst().values());
    assertEquals(1, file.remarks().size());
    String remark = file.remarks().getFirst();
    assertTrue(remark.startsWith("line 4: from '2024-01-02' to '2024-01-05'"), remark);
    assertTrue(remark.contains("1 day") && remark.contains("3 times"), remark);
    assertEquals("2024-01-09", times(file).ahead(1));

    SeriesFile untimed =
        read(file("2024-01-01; 2024-01-02; 2024-01-05; 2024-01-06; 2024-01-08"), null, true);
    assertEquals(5, untimed.length());
    assertNull(untimed.times());
    assertEquals(List.of(), untimed.remarks());
  }

  @Test
  void irregularTimesAreSaidAndTakenAsEven() throws IOException {
    SeriesFile file =
        read(
            file("2024-01-01 00:00; 2024-01-01 01:00; 2024-01-01 02:10; 2024-01-01 03:10"),
            null,
            false);
    assertArrayEquals(new float[] {0, 1, 2, 3}, file.targets().getFirst().values());
    String remark = file.remarks().getFirst();
    assertTrue(remark.startsWith("line 4: "), remark);
    assertTrue(remark.contains("1 of 3") && remark.contains("evenly spaced"), remark);
    assertEquals("2024-01-01 04:10", times(file).ahead(1));
  }

  @Test
  void offsetsThatChangeAreSaid() throws IOException {
    SeriesFile file =
        read(
            file("2024-03-31T01:00+01:00; 2024-03-31T03:00+02:00; 2024-03-31T04:00+02:00"),
            null,
            false);
    assertEquals(3, file.length());
    assertEquals(1, file.remarks().size());
    assertTrue(file.remarks().getFirst().contains("line 3: the offset"), file.remarks().getFirst());
    assertEquals("2024-03-31T05:00+02:00", times(file).ahead(1));
  }

  @ParameterizedTest
  @CsvSource({
    "2024-01-01; 2024-01-03; 2024-01-02, line 4, oldest value first",
    "2024-01-01; 2024-01-02; 2024-01-02, line 4, each time once",
    "2024-10-27T02:00; 2024-10-27T02:00, line 3, --no-time"
  })
  void timesThatDoNotRiseAreRefused(String times, String line, String expected) {
    String message =
        String.valueOf(
            assertThrows(IOException.class, () -> read(file(times), null, false)).getMessage());
    assertTrue(message.contains(line) && message.contains(expected), message);
  }

  @ParameterizedTest
  @CsvSource({
    "1; 2; 3",
    "1998; 1999; 2001",
    "2001; 2000; 1999",
    "1998; 1999",
    "1.1; 2.1; 3.1",
    "1/31; 2/1; 2/2",
    "2024-1-1; 2024-1-2; 2024-1-3",
    "a; b; c",
    "2024-02-30; 2024-02-31; 2024-02-32",
    "2024-01-01"
  })
  void whatIsNoTimeIsNone(String times) throws IOException {
    SeriesFile file = read(file(times), null, false);
    assertNull(file.times());
    assertEquals(List.of(), file.remarks());
  }

  @ParameterizedTest
  @CsvSource({
    "1.1.2024; 2.1.2024; 3.1.2024, 1.1.2024",
    "1/31/2024; 2/1/2024; 2/2/2024, 1/31/2024",
    "31-01-24 12:00; 01-02-24 12:00, 31-01-24 12:00"
  })
  void datesThatAreNotReadAreSaid(String times, String first) throws IOException {
    SeriesFile file = read(file(times), null, false);
    assertNull(file.times());
    assertEquals(1, file.remarks().size());
    String remark = file.remarks().getFirst();
    assertTrue(remark.startsWith("line 2: '" + first + "' in column when may be"), remark);
    assertEquals(List.of(), read(file(times), null, true).remarks());
  }

  @Test
  void otherTimesMakeUpForDatesThatAreNotRead() throws IOException {
    String rest = "31.12.2000,2000,6\n31.12.2001,2001,7\n";
    SeriesFile file = read("end,year,v\n31.12.1999,1999,5\n" + rest, null, false);
    assertEquals("2002", times(file).ahead(1));
    assertEquals(List.of(), file.remarks());
  }

  @Test
  void aColumnThatStopsToBeTimesIsSaid() throws IOException {
    SeriesFile file = read(file("2024-01-01; 2024-01-02; total"), null, false);
    assertNull(file.times());
    assertTrue(file.remarks().getFirst().startsWith("line 4: 'total' in column when"));
    String message =
        String.valueOf(
            assertThrows(
                    IOException.class,
                    () -> read(file("2024-01-01; 2024-01-02; total"), "when", false))
                .getMessage());
    assertTrue(message.contains("line 4: 'total'") && message.contains("a time"), message);
  }

  @Test
  void theUserNamesTheColumn() throws IOException {
    String text = "made,year,v\n2024-01-01,1998,5\n2024-01-02,2000,6\n2024-01-03,2001,7\n";
    SeriesFile made = read(text, null, false);
    assertEquals("2024-01-04", times(made).ahead(1));
    for (String name : List.of("year", "2")) {
      SeriesFile years = read(text, name, false);
      assertEquals("year", times(years).heading());
      assertEquals("2002", times(years).ahead(1));
      assertArrayEquals(new float[] {5, NONE, 6, 7}, years.targets().getFirst().values());
    }
    assertThrows(IOException.class, () -> read(text, "v", false));
    assertThrows(IOException.class, () -> read(text, "none", false));
  }

  /** From the first to the last time that can be written, in the shortest and the longest steps. */
  @Test
  void stepsMayBeAsShortAndAsLongAsTimesCanSay() throws IOException {
    String first = "0001-01-01T00:00:00.00000000";
    SeriesFile shortest =
        read(
            file(
                String.join(
                    "; ", first + 0, first + 1, first + 2, first + 3, "9999-01-01T00:00:00")),
            null,
            false);
    assertEquals("0.000000001 seconds", times(shortest).step());
    assertFalse(times(shortest).isRegular());
    assertEquals(5, shortest.length());
    SeriesFile longest = read(file("0001-01-01T00:00:00; 9999-12-31T23:59:59"), null, false);
    assertTrue(times(longest).isRegular());
    assertEquals(2, longest.length());
    assertEquals("+19998-12-30T23:59:58", times(longest).ahead(1));
  }

  @Test
  void gapsWithoutEndAreRefused() {
    String message =
        String.valueOf(
            assertThrows(
                    IOException.class,
                    () ->
                        read(
                            file(
                                "0001-01-01T00:00:00; 0001-01-01T00:00:01; 0001-01-01T00:00:02;"
                                    + " 9999-01-01T00:00:00"),
                            null,
                            false))
                .getMessage());
    assertTrue(message.contains("line 5") && message.contains("--no-time"), message);
  }
}
