package org.xlstm4j.cli.series;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Several columns of one reading, and covariates that go on in another file. */
class SeriesColumnsTest {
  private static final float NONE = Float.NaN;
  private static final String PAST =
      "day,a,b,\"c,d\"\n2024-01-01,1,4,7\n2024-01-02,2,,8\n2024-01-03,3,6,9\n";

  @TempDir private Path temporary;

  private static SeriesFile.Reading how(List<String> targets, List<String> covariates) {
    return new SeriesFile.Reading(
        targets, covariates, null, false, null, false, SeriesColumn.FirstLine.UNKNOWN);
  }

  private static SeriesFile read(String text, List<String> targets, List<String> covariates)
      throws IOException {
    return SeriesFile.read("-", in(text), how(targets, covariates));
  }

  private static InputStream in(String text) {
    return new ByteArrayInputStream(text.getBytes(UTF_8));
  }

  private static List<String> titles(List<Series> series) {
    return series.stream().map(Series::title).toList();
  }

  /** A file as wide as files may be, of which thousands of columns are asked for. */
  @Test
  @Timeout(5)
  void manyColumnsOfAWideFileAreFoundSoon() throws IOException {
    List<String> wanted = IntStream.rangeClosed(58_000, 60_000).mapToObj(String::valueOf).toList();
    String line = String.join(",", Collections.nCopies(60_000, "7")) + "\n";
    assertEquals(2001, read(line + line, wanted, List.of()).targets().size());
    String headings =
        IntStream.range(0, 60_000)
            .mapToObj(i -> "c" + i)
            .collect(Collectors.joining(",", "", "\n"));
    List<String> known = wanted.stream().limit(2000).map(number -> "c" + number).toList();
    assertEquals(known, titles(read(headings + line, known, List.of()).targets()));
  }

  @Test
  void columnsAreReadTogether() throws IOException {
    for (List<String> targets : List.of(List.of("b", "a"), List.of("b,a"), List.of("3, 2"))) {
      SeriesFile file = read(PAST, targets, List.of("c,d"));
      assertEquals(List.of("b", "a"), titles(file.targets()));
      assertArrayEquals(new float[] {4, NONE, 6}, file.targets().getFirst().values());
      assertArrayEquals(new float[] {1, 2, 3}, file.targets().get(1).values());
      assertEquals(List.of("c,d"), titles(file.covariates()));
      assertArrayEquals(new float[] {7, 8, 9}, file.covariates().getFirst().values());
      SeriesFile last = file.last(2);
      assertArrayEquals(new float[] {NONE, 6}, last.targets().getFirst().values());
      assertArrayEquals(new float[] {8, 9}, last.covariates().getFirst().values());
      assertEquals(3, file.last(10).length());
    }
  }

  /** What a heading tells about the first line holds for a number too. */
  @Test
  void oneHeadingTellsForAll() throws IOException {
    SeriesFile file = read("Jan,x,2023\nFeb,1,2\nMar,3,4\n", List.of("x", "3"), List.of());
    assertEquals(List.of("x", "2023"), titles(file.targets()));
    assertArrayEquals(new float[] {2, 4}, file.targets().get(1).values());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "a ~ a ~ asked for twice",
        "a,2 ~ b ~ asked for twice",
        "a,x ~ b ~ no column 'x'",
        "x,y ~ b ~ no column 'x,y'",
        "a ~ day ~ '2024-01-01' in column day",
        "a ~ z ~ no column 'z'"
      })
  void whatIsNotThereIsRefused(String target, String covariate, String expected) {
    String message =
        String.valueOf(
            assertThrows(IOException.class, () -> read(PAST, List.of(target), List.of(covariate)))
                .getMessage());
    assertTrue(message.contains(expected), message);
  }

  @Test
  void eachColumnIsReadStrictly() {
    String message =
        String.valueOf(
            assertThrows(
                    IOException.class,
                    () -> read("t,a,b\nx,1,2\ny,3,4 kg\n", List.of("a", "b"), List.of()))
                .getMessage());
    assertTrue(message.contains("line 3: '4 kg' in column b"), message);
    message =
        String.valueOf(
            assertThrows(
                    IOException.class,
                    () -> read("t,a,b\nx,1,\ny,3,NA\n", List.of("a"), List.of("b")))
                .getMessage());
    assertTrue(message.contains("no value in column b"), message);
  }

  private FutureFile future(String text, int horizon) throws IOException {
    SeriesFile.Reading how = how(List.of("a"), List.of("b", "c,d"));
    SeriesFile past = SeriesFile.read("-", in(PAST), how);
    Path file = temporary.resolve("future.csv");
    Files.writeString(file, text);
    return FutureFile.read(file.toString(), in(""), how, past, horizon);
  }

  @Test
  void aFutureFollowsThePast() throws IOException {
    FutureFile both = future("day,b,\"c,d\"\n2024-01-04,5,1\n2024-01-05,6,2\n", 2);
    assertEquals(Set.of("b", "c,d"), both.covariates().keySet());
    assertArrayEquals(new float[] {4, NONE, 6, 5, 6}, both.covariates().get("b"));
    assertArrayEquals(new float[] {7, 8, 9, 1, 2}, both.covariates().get("c,d"));
    assertEquals(List.of(), both.remarks());

    FutureFile gap = future("b,day,e\n5,2024-01-04,\n6,2024-01-06,\n", 3);
    assertEquals(Set.of("b"), gap.covariates().keySet());
    assertArrayEquals(new float[] {4, NONE, 6, 5, NONE, 6}, gap.covariates().get("b"));
    assertTrue(gap.remarks().getFirst().contains("1 time"), gap.remarks().getFirst());

    FutureFile untimed = future("b\n5\n", 1);
    assertArrayEquals(new float[] {4, NONE, 6, 5}, untimed.covariates().get("b"));
    assertTrue(untimed.remarks().getFirst().contains("no column 'day'"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "day,b\\n2024-01-04,5\\n ~ 2 ~ 1 step ~ the 2 of the horizon",
        "day,b\\n2024-01-05,5\\n2024-01-06,5\\n ~ 1 ~ line 2: '2024-01-05' ~ expected '2024-01-04'",
        "day,b\\n2024-01-03,5\\n2024-01-04,5\\n ~ 1 ~ line 2: '2024-01-03' ~ expected '2024-01-04'",
        "day,b\\n2024-01-04,5\\n2024-01-03,5\\n ~ 1 ~ line 3 ~ oldest value first",
        "day,b\\n2024-01-04 12:00,5\\n ~ 1 ~ line 2 ~ expected '2024-01-04'",
        "day,b\\n4,5\\n ~ 1 ~ line 2: '4' ~ a time",
        "day,x\\n2024-01-04,5\\n ~ 1 ~ none of the columns ~ 'b'",
        "day,b\\n2024-01-04,five\\n ~ 1 ~ line 2: 'five' ~ a number"
      })
  void whatDoesNotFollowIsRefused(String text, int horizon, String found, String expected) {
    String message =
        String.valueOf(
            assertThrows(IOException.class, () -> future(text.replace("\\n", "\n"), horizon))
                .getMessage());
    assertTrue(message.contains("future.csv"), message);
    assertTrue(message.contains(found) && message.contains(expected), message);
  }
}
