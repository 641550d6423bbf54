package org.xlstm4j.cli.serve.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.xlstm4j.cli.serve.http.ApiException;
import org.xlstm4j.cli.serve.http.Endpoint;
import org.xlstm4j.cli.serve.http.Exchange;
import org.xlstm4j.cli.serve.http.Routes;

/**
 * Answers with a file of the page. The headers forbid browsers to load anything from other hosts,
 * or to run anything but the files of the page.
 */
public final class PageEndpoint implements Endpoint {
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:;"
          + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private static final String START = "index.html";

  private static final List<String> FILES =
      List.of(
          "page.css",
          "icon.svg",
          "page.js",
          "api.js",
          "dom.js",
          "text.js",
          "pictures.js",
          "series.js",
          "csv.js",
          "chart.js",
          "control.js",
          "cartpole.js");

  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "svg", "image/svg+xml");

  private final byte[] bytes;
  private final String type;

  private PageEndpoint(String name) {
    type = TYPES.getOrDefault(name.substring(name.lastIndexOf('.') + 1), "");
    try (InputStream in = PageEndpoint.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("no resource " + name);
      }
      bytes = in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Adds the page's paths. They need no key: the page asks for one. */
  public static void addTo(Routes routes) {
    routes.open("/", new PageEndpoint(START));
    FILES.forEach(file -> routes.open("/page/" + file, new PageEndpoint(file)));
  }

  @Override
  public void answer(Exchange exchange) throws ApiException, IOException {
    exchange.answerHeader("Content-Security-Policy", POLICY);
    exchange.answerHeader("X-Content-Type-Options", "nosniff");
    exchange.answerHeader("Referrer-Policy", "no-referrer");
    exchange.answerHeader("Cross-Origin-Opener-Policy", "same-origin");
    exchange.answerHeader("Cache-Control", "no-cache"); // the next version has the same names
    exchange.send(200, type, bytes);
  }
}
