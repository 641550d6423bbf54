package org.xlstm4j.cli.plot;

import java.util.Arrays;

/** One series and its forecast, drawn with characters. */
final class TextPanel {
  private static final int ROWS = 18;
  private static final int COLUMNS = 100;
  private static final char PAST = '\u2022';
  private static final char MEDIAN = '\u2501';
  private static final char NARROW = '\u2592';
  private static final char WIDE = '\u2591';

  private final PlotData data;
  private final char[][] cells = new char[ROWS][];
  private final int columns;
  private final int points;

  TextPanel(PlotPanel panel) {
    data = PlotData.of(panel.past(), panel.forecast());
    points = data.past().length + data.median().length;
    columns = Math.min(points, COLUMNS);
    for (int row = 0; row < ROWS; row++) {
      cells[row] = new char[columns];
      Arrays.fill(cells[row], ' ');
    }
    if (!data.bands().isEmpty()) {
      band(data.bands().getFirst(), WIDE);
      band(data.bands().get(data.bands().size() / 2), NARROW);
    }
    line(data.past(), 0, PAST);
    line(data.median(), data.past().length, MEDIAN);
  }

  private int column(int point) {
    return (int) ((long) point * columns / points);
  }

  private int row(double value) {
    return (int) Math.round((1 - data.scale().share(value)) * (ROWS - 1));
  }

  private void band(PlotData.Band band, char mark) {
    for (int step = 0; step < band.lower().length; step++) {
      int from = row(Math.max(band.lower()[step], band.upper()[step]));
      int to = row(Math.min(band.lower()[step], band.upper()[step]));
      for (int row = from; row <= to; row++) {
        cells[row][column(data.past().length + step)] = mark;
      }
    }
  }

  private void line(float[] values, int firstPoint, char mark) {
    for (int i = 0; i < values.length; i++) {
      if (!Float.isNaN(values[i])) {
        cells[row(values[i])][column(firstPoint + i)] = mark;
      }
    }
  }

  @Override
  public String toString() {
    String top = data.scale().label(data.scale().most());
    String bottom = data.scale().label(data.scale().least());
    int width = Math.max(top.length(), bottom.length());
    StringBuilder text = new StringBuilder();
    for (int row = 0; row < ROWS; row++) {
      String label = row == 0 ? top : row == ROWS - 1 ? bottom : "";
      text.append(" ".repeat(width - label.length())).append(label).append(" \u2502");
      text.append(new String(cells[row]).stripTrailing()).append('\n');
    }
    text.append(" ".repeat(width)).append(" \u2514");
    text.append("\u2500".repeat(columns)).append('\n');
    text.append(" ".repeat(width + 2));
    text.append(PAST + " past, " + MEDIAN + " median, ").append(NARROW).append(WIDE);
    text.append(" quantiles of ").append(data.median().length).append(" values ahead\n");
    return text.toString();
  }
}
