package org.xlstm4j.cli.series;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xlstm4j.cli.series.SeriesColumn.FirstLine.HEADINGS;
import static org.xlstm4j.cli.series.SeriesColumn.FirstLine.UNKNOWN;
import static org.xlstm4j.cli.series.SeriesColumn.FirstLine.VALUES;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xlstm4j.cli.series.SeriesColumn.FirstLine;

/** The dialects of docs/csv.md, row by row: the same series, or a refusal, never another series. */
@Tag("slow")
class SeriesFileTest {
  private static SeriesFile read(
      String text, String column, @Nullable Character separator, boolean commas, FirstLine line)
      throws IOException {
    SeriesFile.Reading how =
        new SeriesFile.Reading(List.of(column), List.of(), null, false, separator, commas, line);
    return SeriesFile.read("-", new ByteArrayInputStream(text.getBytes(UTF_8)), how);
  }

  private static SeriesFile read(String text, String column) throws IOException {
    return read(text, column, null, false, UNKNOWN);
  }

  private static String unescaped(String text) {
    return text.replace("\\n", "\n").replace("\\r", "\r").replace("\\t", "\t");
  }

  private static void assertRefused(IOException refusal, String... words) {
    for (String word : words) {
      String message = String.valueOf(refusal.getMessage());
      assertTrue(message.contains(word), "'" + word + "' is not in: " + message);
    }
  }

  /** Each text is the series 1.5, nothing, 3 under a heading v. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "t,v\\na,1.5\\nb,\\nc,3\\n ~ v",
        "t,v\\na,1.5\\nb,\\nc,3 ~ 2",
        "t;v\\na;1.5\\nb;\\nc;3\\n ~ v",
        "t;v\\na;1,5\\nb;\\nc;3\\n ~ v",
        "t\\tv\\na\\t1.5\\nb\\t\\nc\\t3\\n ~ v",
        "t\\tv\\na\\t1,5\\nb\\t\\nc\\t3\\n ~ v",
        "t|v\\na|1.5\\nb|\\nc|3\\n ~ v",
        "sep=;\\nt;v\\na;1,5\\nb;\\nc;3\\n ~ v",
        "sep=:\\r\\nt:v\\r\\na:1.5\\r\\nb:\\r\\nc:3\\r\\n ~ v",
        "t,v\\r\\na,1.5\\r\\nb,\\r\\nc,3\\r\\n ~ v",
        "t,v\\ra,1.5\\rb,\\rc,3\\r ~ v",
        "\ufefft,v\\na,1.5\\nb,\\nc,3\\n ~ v",
        "\ufeff\"v\",t\\n1.5,a\\n,b\\n3,c\\n ~ v",
        "t, v\\na, 1.5\\nb, \\nc, 3\\n ~ v",
        "t,\"v\"\\na,\"1.5\"\\nb,\"\"\\nc,\"3\"\\n ~ v",
        "t,v\\na,\"1,5\"\\nb,\\nc,3\\n ~ v",
        "\"t;u\",v\\n\"a;b\",1.5\\n\"c;d\",\\n\"e;f\",3\\n ~ v",
        "t,u,v\\na,b;c,1.5\\nd,e;f,\\ng,h;i,3\\n ~ v",
        "t;v in EUR, net\\na;1.5\\nb;\\nc;3\\n ~ 2",
        "v\\n1.5\\n\"\"\\n3\\n ~ v",
        "v\\n1.5\\nNA\\n3\\n\\n\\n ~ v",
        "\\n\\nv\\n\\n1.5\\nNA\\n3\\n   \\n ~ v",
        "t,v\\n\\na,1.5\\n\\nb,\\n\\nc,3\\n\\n ~ v",
        "t,v\\na,1.5\\nb,nan\\nc,3\\n ~ v",
        "t,v\\na,1.5\\nb,NULL\\nc,3\\n ~ v",
        "t,v\\na,1.5\\nb,None\\nc,3\\n ~ v",
        "t,v\\na,1.5\\nb,n/a\\nc,3\\n ~ v",
        "t,v\\na,1.5\\nb,#N/A\\nc,3\\n ~ v",
        "t,v\\na,1.5\\nb,<NA>\\nc,3\\n ~ v",
        "t,v\\na,1.5\\nb,-\\nc,3\\n ~ v",
        "t,v\\na,1.5\\nb,.\\nc,3\\n ~ v",
        "t,v\\na,1.5\\nb,?\\nc,3\\n ~ v",
        "t,v\\na,+15e-1\\nb,\\nc,3.\\n ~ v",
        "t,v,v\\na,7,1.5\\nb,7,\\nc,7,3\\n ~ 3",
        "date,2023\\n2023-01-01,1.5\\n2023-01-02,\\n2023-01-03,3\\n ~ 2",
        "date,2023\\n2023-01-01,1.5\\n2023-01-02,\\n2023-01-03,3\\n ~ 2023",
        "date,2\\n2023-01-01,1.5\\n2023-01-02,\\n2023-01-03,3\\n ~ 2",
        "co2 ppm\\n1.5\\nNA\\n3\\n ~ 1",
        "2023-01-01,1.5\\n2023-01-02,\\n2023-01-03,3\\n ~ 2",
        "x,1.5\\nx,\\nx,3\\n ~ 2",
        "1.5\\nNA\\n3\\n ~ 1",
      })
  void readsTheSameSeries(String text, String column) throws IOException {
    SeriesFile series = read(unescaped(text), column);
    assertArrayEquals(new float[] {1.5f, Float.NaN, 3}, series.targets().getFirst().values());
    assertEquals(List.of(), series.remarks());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        // two readings
        "a,v,v\\n1,2,3\\n ~ v ~ columns 2 and 3 ~ number",
        "2023-01-01;20,5\\n2023-01-02;22,4\\n ~ 2 ~ comma and semicolon ~ --separator",
        "1;2,3\\n4;5,6\\n ~ 1 ~ semicolon ~ --separator",
        "20,057\\n22,044\\n ~ 1 ~ --decimal-comma ~ --separator comma",
        "t;v\\na;1,234\\nb;2,345\\n ~ v ~ line 2: '1,234' ~ --decimal-comma",
        "t;v\\na;1,5\\nb;2.345\\n ~ v ~ line 3: '2.345' ~ decimal sign",
        "t,v\\na,\"1,234\"\\nb,5.5\\n ~ v ~ '1,234' ~ --decimal-comma",
        "t,v\\na,\"1,234,567\"\\n ~ v ~ '1,234,567' ~ a number",
        "month,2023\\nJan,5\\nFeb,6\\n ~ 2 ~ --heading ~ --no-heading",
        "5 kg\\n6\\n7\\n ~ 1 ~ '5 kg' ~ --no-heading",
        "1.234,56\\n999\\n ~ 1 ~ --separator ~ --decimal-comma",
        "5,2,1\\n1,2,3\\n ~ 1 ~ heading of column 3 ~ --heading",
        "v\\n1\\n\\n2\\n ~ v ~ line 4 ~ empty line",
        "1\\n\\n2\\n ~ 1 ~ line 3 ~ empty line",
        "v\\r\\r\\n1\\r\\r\\n2\\r\\r\\n ~ v ~ line 5 ~ empty line",
        // another order
        "d,v\\n2023-01-03,1\\n2023-01-02,2\\n2023-01-01,3\\n ~ v ~ 2023-01-03 ~ oldest value first",
        "2023/02,1\\n2023/01,2\\n ~ 2 ~ 2023/01 ~ oldest value first",
        // no such series
        "a,b\\n1,2\\n ~ v ~ no column 'v' ~ 'a', 'b'",
        "a,b\\n1,2\\n ~ 3 ~ no column '3' ~ 1 to 2",
        "a, b\\n1,2\\n ~ c ~ 'a', 'b' ~ 1 to 2",
        "v\\n1,5\\n ~ v ~ 2 fields ~ --decimal-comma",
        "t,v\\na,1,5\\n ~ v ~ 3 fields ~ expected 2",
        "t,v\\na,1,\\n ~ v ~ 3 fields ~ expected 2",
        "t,v\\na,5%\\n ~ v ~ '5%' ~ a number",
        "t,v\\na,5 kg\\n ~ v ~ '5 kg' ~ a number",
        "t,v\\na,$5\\n ~ v ~ '$5' ~ a number",
        "t,v\\na,'5'\\n ~ v ~ ''5'' ~ a number",
        "t,v\\na,1 234\\n ~ v ~ '1 234' ~ a number",
        "t,v\\na,1_000\\n ~ v ~ '1_000' ~ a number",
        "t,v\\na,\u22125\\n ~ v ~ '\u22125' ~ a number",
        "t,v\\na,\u0661\\n ~ v ~ a number ~ column v",
        "t,v\\na,inf\\n ~ v ~ 'inf' ~ a number",
        "t,v\\na,1f\\n ~ v ~ '1f' ~ a number",
        "t,v\\na,2023-01-01\\n ~ v ~ '2023-01-01' ~ a number",
        "t,v\\na,3.4e38\\n ~ v ~ '3.4e38' ~ 1.0E30",
        "# source\\nt,v\\na,1\\n ~ v ~ no column 'v' ~ '# source'",
        "t, \"v\"\\na,1\\n ~ v ~ line 1 ~ quote",
        "t,v\\na,\"5\"0\\n ~ v ~ line 2 ~ closing quote",
        "t,v\\na,\"5 ~ v ~ line 2 ~ closing quote",
        "\\n\\n ~ v ~ nothing ~ heading or a value",
      })
  void refusesWhatItCannotTell(String text, String column, String first, String second) {
    assertRefused(
        assertThrows(IOException.class, () -> read(unescaped(text), column)),
        "standard input",
        first,
        second);
  }

  @Test
  void optionsSayWhichReadingIsMeant() throws IOException {
    float[] commas = {20.057f, 22.044f};
    String bare = "20,057\n22,044\n";
    assertArrayEquals(commas, read(bare, "1", null, true, UNKNOWN).targets().getFirst().values());
    assertArrayEquals(
        new float[] {57, 44}, read(bare, "2", ',', false, UNKNOWN).targets().getFirst().values());
    String semicolons = "2023-01-01;20,057\n2023-01-02;22,044\n";
    assertArrayEquals(
        commas, read(semicolons, "2", null, true, UNKNOWN).targets().getFirst().values());
    assertArrayEquals(
        commas, read(semicolons, "2", ';', true, UNKNOWN).targets().getFirst().values());
    assertArrayEquals(
        commas, read("v\n20,057\n22,044", "v", null, true, UNKNOWN).targets().getFirst().values());
    assertArrayEquals(
        commas,
        read("\"v\"\n\"20,057\"\n\"22,044\"", "v", ',', true, UNKNOWN)
            .targets()
            .getFirst()
            .values());
    assertRefused(
        assertThrows(IOException.class, () -> read("v\n5.5", "v", null, true, UNKNOWN)), "5.5");

    String months = "month,2023\nJan,5\nFeb,6\n";
    assertArrayEquals(
        new float[] {5, 6}, read(months, "2", null, false, HEADINGS).targets().getFirst().values());
    assertArrayEquals(
        new float[] {2023, 5, 6},
        read(months, "2", null, false, VALUES).targets().getFirst().values());
    String numbered = "0,1,2\n5,6,7\n8,9,4\n";
    assertArrayEquals(
        new float[] {7, 4},
        read(numbered, "2", null, false, HEADINGS).targets().getFirst().values());
    assertArrayEquals(
        new float[] {1, 6, 9},
        read(numbered, "2", null, false, VALUES).targets().getFirst().values());
    assertRefused(
        assertThrows(IOException.class, () -> read(numbered, "v", null, false, VALUES)),
        "no column 'v'",
        "1 to 3");
    assertArrayEquals(
        new float[] {5, 6},
        read("a b\n5 7\n6 8", "a", ' ', false, UNKNOWN).targets().getFirst().values());
  }

  /** Nobody can tell years above columns from a first line of values. */
  @Test
  void whatIsTakenForValuesButMayBeHeadingsIsSaid() throws IOException {
    SeriesFile series = read("2021,2022,2023\n5,6,7\n", "2");
    assertArrayEquals(new float[] {2022, 6}, series.targets().getFirst().values());
    assertEquals(1, series.remarks().size());
    assertTrue(series.remarks().getFirst().contains("line 1"), series.remarks().getFirst());
  }

  @Test
  void spreadsheetsWriteUnicodeTextInSixteenBits() throws IOException {
    String text = "Datum\tWert in \u00b0C\n1.1.\t1,5\n2.1.\t3\n";
    for (Charset charset : new Charset[] {UTF_16BE, UTF_16LE}) {
      byte[] bytes = ("\ufeff" + text).getBytes(charset);
      SeriesFile.Reading how =
          new SeriesFile.Reading(
              List.of("Wert in \u00b0C"), List.of(), null, false, null, false, UNKNOWN);
      SeriesFile series = SeriesFile.read("-", new ByteArrayInputStream(bytes), how);
      assertArrayEquals(new float[] {1.5f, 3}, series.targets().getFirst().values());
    }
  }

  /** The start of a file decides its separator; what follows may be of any length. */
  @Test
  void longFilesAreReadToTheEnd() throws IOException {
    StringBuilder text = new StringBuilder("t;v\n");
    for (int i = 0; i < 50_000; i++) {
      text.append("x;").append(i).append(",5\n");
    }
    SeriesFile series = read(text.toString(), "v");
    assertEquals(50_000, series.targets().getFirst().values().length);
    assertEquals(49_999.5f, series.targets().getFirst().values()[49_999]);
    assertRefused(
        assertThrows(IOException.class, () -> read(text + "x,5;7;8\n", "v")), "line 50002");
  }

  @ParameterizedTest
  @CsvSource({"9, x", "' ', x", "'1,', x", "'\"\"', x", "';', x", "'(', )", "'0', .0.", "'\t', x"})
  void noFieldKeepsItBusy(String unit, String end) {
    String field = unit.repeat((1 << 20) / unit.length()) + end;
    for (String text : new String[] {"v\n1\n" + field, field + "\n1\n", "\"" + field}) {
      assertTimeoutPreemptively(
          Duration.ofSeconds(2), () -> assertThrows(IOException.class, () -> read(text, "v")));
    }
  }

  @Test
  void anErrorShowsTheStartOfALongField() {
    IOException refusal =
        assertThrows(IOException.class, () -> read("v\n1\n" + "9".repeat(20_000) + "x", "v"));
    assertTrue(String.valueOf(refusal.getMessage()).length() < 200, refusal.getMessage());
  }

  /** Columns of years by the thousand take the 600 bytes a field that docs/reliability.md says. */
  @Test
  void manyColumnsOfYearsTakeLittleMemory() throws IOException {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    String line = "2000,".repeat(65_000) + "1\n";
    long before = threads.getCurrentThreadAllocatedBytes();
    assertEquals(1, read(line, "65001").targets().size());
    long bytes = threads.getCurrentThreadAllocatedBytes() - before;
    assertTrue(bytes < 65_001L * 600, bytes + " bytes");
  }

  /** The longest way between two times in the shortest steps is no whole number of them. */
  @Test
  void nanosecondsForTenThousandYearsAreNoStep() throws IOException {
    StringBuilder text = new StringBuilder("t,v\n");
    for (int i = 0; i < 4; i++) {
      text.append("0001-01-01T00:00:00.00000000").append(i).append(",1\n");
    }
    text.append("9999-01-01T00:00:00.000000000,5\n");
    assertEquals(5, read(text.toString(), "v").targets().getFirst().values().length);
  }
}
