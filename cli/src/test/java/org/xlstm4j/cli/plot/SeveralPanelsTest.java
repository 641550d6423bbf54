package org.xlstm4j.cli.plot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xlstm4j.models.forecast.Forecast;
import org.xml.sax.InputSource;

/** Plots of several series: a panel each, one below the other. */
class SeveralPanelsTest {
  private static final Forecast FORECAST =
      new Forecast(List.of(0.1, 0.5, 0.9), 2, 2, new float[] {4, 5, 6, 3, 5, 7});

  private static PlotPanel panel(String title) {
    return new PlotPanel(title, new float[] {1, 2, Float.NaN, 3, 4}, FORECAST);
  }

  @Test
  void pictureHasAPanelEach() throws Exception {
    String svg = new SvgPlot(List.of(panel("north & south"), panel("west"))).toString();
    Document document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(svg)));
    assertEquals("0 0 960 800", document.getDocumentElement().getAttribute("viewBox"));
    assertEquals(2, document.getElementsByTagName("polygon").getLength());
    assertEquals(4, document.getElementsByTagName("path").getLength());
    assertEquals(2, document.getElementsByTagName("g").getLength());
    assertTrue(svg.contains(">north &amp; south<") && svg.contains(">west<"), svg);
  }

  @Test
  void textNamesSeveralAlone() {
    String one = new TextPlot(List.of(panel("north"))).toString();
    assertFalse(one.contains("north"), one);
    String two = new TextPlot(List.of(panel("north"), panel("west"))).toString();
    assertEquals("north\n" + one + "\nwest\n" + one, two);
  }
}
