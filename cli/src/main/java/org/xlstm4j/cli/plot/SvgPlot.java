package org.xlstm4j.cli.plot;

import java.util.List;

/**
 * Series and their forecasts as a picture, one below the other: quantiles as bands, the median as a
 * line.
 */
public final class SvgPlot {
  private final List<PlotPanel> panels;

  /** A picture of at least one series, its title above it. */
  public SvgPlot(List<PlotPanel> panels) {
    this.panels = List.copyOf(panels);
  }

  /** The picture as the text of an SVG file. */
  @Override
  public String toString() {
    int height = panels.size() * SvgPanel.HEIGHT;
    StringBuilder svg = new StringBuilder();
    svg.append("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 ");
    svg.append(SvgPanel.WIDTH).append(' ').append(height);
    svg.append("\" font-family=\"sans-serif\" font-size=\"13\">\n");
    svg.append("<rect width=\"").append(SvgPanel.WIDTH);
    svg.append("\" height=\"").append(height).append("\" fill=\"white\"/>\n");
    for (int i = 0; i < panels.size(); i++) {
      svg.append("<g transform=\"translate(0 ").append(i * SvgPanel.HEIGHT).append(")\">\n");
      svg.append(new SvgPanel(panels.get(i))).append("</g>\n");
    }
    return svg.append("</svg>\n").toString();
  }
}
