package org.xlstm4j.cli.plot;

import java.util.List;

/** Series and their forecasts, one below the other, drawn with characters for a terminal. */
public final class TextPlot {
  private final List<PlotPanel> panels;

  /** A plot of at least one series; several have their titles above them. */
  public TextPlot(List<PlotPanel> panels) {
    this.panels = List.copyOf(panels);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (PlotPanel panel : panels) {
      if (panels.size() > 1) {
        text.append(text.isEmpty() ? "" : "\n").append(panel.title()).append('\n');
      }
      text.append(new TextPanel(panel));
    }
    return text.toString();
  }
}
