package org.xlstm4j.cli.plot;

import java.util.Locale;

/** One series and its forecast as part of a picture. */
final class SvgPanel {
  static final int WIDTH = 960;
  static final int HEIGHT = 400;

  private static final int LEFT = 90;
  private static final int RIGHT = 20;
  private static final int TOP = 40;
  private static final int BOTTOM = 40;
  private static final int TICKS = 6;

  private final StringBuilder svg = new StringBuilder();
  private final PlotData data;
  private final int points;

  /** Draws a panel whose upper left corner is at 0, 0. */
  SvgPanel(PlotPanel panel) {
    data = PlotData.of(panel.past(), panel.forecast());
    points = data.past().length + data.median().length;
    write("<text x=\"%d\" y=\"24\" font-size=\"16\">%s</text>%n", LEFT, escaped(panel.title()));
    verticalAxis();
    horizontalAxis();
    for (PlotData.Band band : data.bands()) {
      band(band);
    }
    line(data.past(), 0, "#1f3a5f");
    line(data.median(), data.past().length, "#c0392b");
  }

  private void write(String format, Object... values) {
    svg.append(String.format(Locale.ROOT, format.replace("%n", "\n"), values));
  }

  private double x(int point) {
    return LEFT + (double) (WIDTH - LEFT - RIGHT) * point / Math.max(points - 1, 1);
  }

  private double y(double value) {
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * data.scale().share(value);
  }

  private void verticalAxis() {
    for (double tick : data.scale().ticks(TICKS)) {
      write(
          "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#ddd\"/>%n",
          LEFT, WIDTH - RIGHT, y(tick), y(tick));
      write(
          "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>%n",
          LEFT - 8, y(tick) + 4, data.scale().label(tick));
    }
  }

  /** Steps counted from the last known value, which a dashed line marks. */
  private void horizontalAxis() {
    int now = data.past().length - 1;
    for (double tick : new PlotScale(-now, points - 1.0 - now).ticks(TICKS)) {
      write(
          "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%+.0f</text>%n",
          x(now + (int) tick), HEIGHT - BOTTOM + 20, tick);
    }
    write(
        "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\" stroke=\"#888\""
            + " stroke-dasharray=\"4 4\"/>%n",
        x(now), x(now), TOP, HEIGHT - BOTTOM);
  }

  private void band(PlotData.Band band) {
    svg.append("<polygon fill=\"#c0392b\" fill-opacity=\"0.16\" points=\"");
    int steps = band.lower().length;
    for (int step = 0; step < steps; step++) {
      point(data.past().length + step, band.upper()[step]);
    }
    for (int step = steps - 1; step >= 0; step--) {
      point(data.past().length + step, band.lower()[step]);
    }
    svg.append("\"/>\n");
  }

  private void point(int index, double value) {
    write("%.1f,%.1f ", x(index), y(value));
  }

  /** A line through successive values, interrupted where they are missing; lone ones are dots. */
  private void line(float[] values, int firstPoint, String color) {
    svg.append("<path fill=\"none\" stroke-linecap=\"round\" stroke-width=\"1.6\" stroke=\"");
    svg.append(color).append("\" d=\"");
    boolean drawing = false;
    for (int i = 0; i < values.length; i++) {
      if (Float.isNaN(values[i])) {
        drawing = false;
      } else {
        svg.append(drawing ? "L" : "M");
        point(firstPoint + i, values[i]);
        if (!drawing) {
          svg.append("h0 ");
        }
        drawing = true;
      }
    }
    svg.append("\"/>\n");
  }

  private static String escaped(String text) {
    return text.replaceAll("\\p{Cntrl}", " ")
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;");
  }

  /** Its elements. */
  @Override
  public String toString() {
    return svg.toString();
  }
}
