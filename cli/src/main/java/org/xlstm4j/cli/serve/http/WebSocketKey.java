package org.xlstm4j.cli.serve.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import java.util.List;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.jspecify.annotations.Nullable;

/**
 * The key of a client that opens a WebSocket. Pages in browsers cannot set headers for it, but name
 * subprotocols: one of these may be {@code key.} with the key in base64url behind it. The server
 * never chooses that one, so the key does not come back.
 */
final class WebSocketKey {
  private static final String PREFIX = "key.";

  private WebSocketKey() {}

  /** The header {@code Authorization}, or what stands for it; null if there is neither. */
  static @Nullable String authorization(HttpFields headers) {
    String given = headers.get(HttpHeader.AUTHORIZATION);
    if (given != null || !"websocket".equalsIgnoreCase(headers.get(HttpHeader.UPGRADE))) {
      return given;
    }
    List<String> protocols = headers.getCSV(HttpHeader.SEC_WEBSOCKET_SUBPROTOCOL, false);
    for (String protocol : protocols) {
      if (protocol.startsWith(PREFIX)) {
        try {
          byte[] key = Base64.getUrlDecoder().decode(protocol.substring(PREFIX.length()));
          return "Bearer " + new String(key, UTF_8);
        } catch (IllegalArgumentException e) {
          return null;
        }
      }
    }
    return null;
  }
}
