package org.xlstm4j.cli.serve.http;

import java.util.Locale;
import java.util.Set;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.jspecify.annotations.Nullable;

/**
 * The web pages that may use the server: its own, and those of the origins named. Browsers say
 * which page a request comes from; other programs say nothing and are not concerned.
 *
 * @param allowed such as {@code https://example.org}
 */
public record Origins(Set<String> allowed) {
  /** Copies. */
  public Origins {
    allowed = Set.copyOf(allowed);
  }

  /** Whether the page that a request comes from may ask; says so in the answer. */
  boolean allow(Request request, Response response) {
    String origin = request.getHeaders().get(HttpHeader.ORIGIN);
    if (origin == null || isOwn(origin, request.getHeaders().get(HttpHeader.HOST))) {
      return true;
    } else if (!allowed.contains(origin)) {
      return false;
    }
    response.getHeaders().put("Access-Control-Allow-Origin", origin);
    response.getHeaders().put(HttpHeader.VARY, "Origin");
    return true;
  }

  private static boolean isOwn(String origin, @Nullable String host) {
    int scheme = origin.indexOf("://");
    return host != null
        && scheme > 0
        && origin
            .substring(scheme + 3)
            .toLowerCase(Locale.ROOT)
            .equals(host.toLowerCase(Locale.ROOT));
  }

  /** Whether a browser asks what it may send. */
  static boolean isQuestion(Request request) {
    return request.getMethod().equals("OPTIONS")
        && request.getHeaders().contains("Access-Control-Request-Method");
  }

  /** Answers a browser's question. */
  static void answer(Response response) {
    response.getHeaders().put("Access-Control-Allow-Methods", "GET, POST");
    response.getHeaders().put("Access-Control-Allow-Headers", "Authorization, Content-Type");
    response.getHeaders().put("Access-Control-Max-Age", "600");
    response.setStatus(204);
  }
}
