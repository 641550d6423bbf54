package org.xlstm4j.cli.serve.http;

import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;

/**
 * Who may ask what.
 *
 * @param keys that clients need
 * @param hosts names of the server
 * @param origins web pages
 */
public record Access(ApiKeys keys, HostNames hosts, Origins origins) {
  /**
   * Checks a request before anything of it is read but its headers.
   *
   * @param open whether its path needs no key
   * @param headers how many it may have
   */
  void check(Request request, Response response, boolean open, int headers) throws ApiException {
    if (request.getHeaders().size() > headers) {
      throw ApiException.refused(
          431, "the request has more than " + headers + " headers", "too_many_headers");
    }
    if (!hosts.allow(request.getHttpURI().getHost())) {
      throw ApiException.refused(
          403, "this server is not called by that name; --allow-host adds one", "unknown_host");
    }
    if (!origins.allow(request, response)) {
      throw ApiException.refused(
          403, "pages of other servers may not ask; --cors allows one", "unknown_origin");
    }
    boolean question = Origins.isQuestion(request);
    if (!open && !question && !keys.allow(WebSocketKey.authorization(request.getHeaders()))) {
      response.getHeaders().put("WWW-Authenticate", "Bearer");
      throw ApiException.refused(
          401, "a key is needed: Authorization: Bearer KEY", "invalid_api_key");
    }
  }
}
