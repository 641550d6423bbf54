package org.xlstm4j.reliability.serving;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a server has sent on one connection, and what is promised of it: no failure of the server's,
 * which is a status of 500 or more but for a few; each error is JSON with a message of one line.
 */
final class Answers {
  private static final JsonFactory JSON = new JsonFactory();
  private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: *([0-9]+)");
  private static final Pattern CHUNKED = Pattern.compile("(?i)\r\ntransfer-encoding: *chunked");
  private static final String VERSION = "HTTP/1.1 ";
  private static final int SWITCHING = 101;

  /** What is not the server's failure: another version or coding of HTTP, and too much to do. */
  private static final Set<Integer> REFUSALS = Set.of(501, 503, 505);

  private static final int TEXT_FRAME = 0x81;
  private static final int CLOSE_FRAME = 0x88;
  private static final int SERVER_FAILED = 1011;

  private final String bytes;
  private int at;
  private int last;

  private Answers(byte[] bytes) {
    this.bytes = new String(bytes, ISO_8859_1);
  }

  /**
   * Checks all answers of a connection.
   *
   * @return the status of the last one that was sent as a whole, or 0
   * @throws IllegalStateException if a promise was broken
   */
  static int check(byte[] bytes) throws IOException {
    Answers answers = new Answers(bytes);
    while (answers.at < bytes.length && answers.one()) {
      // the next one
    }
    return answers.last;
  }

  private static void require(boolean holds, String what, String shown) {
    if (!holds) {
      throw new IllegalStateException(what + ": " + shown);
    }
  }

  /** One answer; false if nothing can be behind it. */
  private boolean one() throws IOException {
    int end = bytes.indexOf("\r\n\r\n", at);
    if (end < 0) {
      return false; // cut off
    }
    String head = bytes.substring(at, end + 2);
    require(head.startsWith(VERSION), "not an answer", head);
    int status = Integer.parseInt(head.substring(VERSION.length(), VERSION.length() + 3));
    require(
        status < 500 || REFUSALS.contains(status), "a failure of the server", bytes.substring(at));
    at = end + 4;
    if (status == SWITCHING) {
      last = status;
      frames();
      return false;
    }
    String body = body(head);
    if (body == null) {
      return false;
    }
    last = status;
    require(!body.contains("\"internal_error\""), "a failure of the server", body);
    if (status >= 400 && !body.isEmpty()) {
      requireError(body);
    }
    return true;
  }

  /** The body behind a head; null if it was cut off. */
  private String body(String head) {
    if (CHUNKED.matcher(head).find()) {
      return chunks();
    }
    Matcher length = LENGTH.matcher(head);
    if (!length.find() || bytes.startsWith(VERSION, at) || at == bytes.length()) {
      return ""; // none, or that of a HEAD
    }
    int end = at + Integer.parseInt(length.group(1));
    if (end > bytes.length()) {
      return null;
    }
    String body = bytes.substring(at, end);
    at = end;
    return body;
  }

  private String chunks() {
    StringBuilder body = new StringBuilder();
    while (true) {
      int line = bytes.indexOf("\r\n", at);
      if (line < 0) {
        return null;
      }
      int length = Integer.parseInt(bytes.substring(at, line), 16);
      int end = line + 2 + length;
      if (end + 2 > bytes.length()) {
        return null;
      }
      body.append(bytes, line + 2, end);
      at = end + 2;
      if (length == 0) {
        return body.toString();
      }
    }
  }

  private static void requireError(String body) throws IOException {
    String message = null;
    try (JsonParser json = JSON.createParser(body.getBytes(ISO_8859_1))) {
      for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
        if (token == JsonToken.FIELD_NAME && json.currentName().equals("message")) {
          message = json.nextTextValue();
        }
      }
    }
    require(body.startsWith("{\"error\":{"), "another error", body);
    require(message != null && !message.isBlank(), "no message", body);
    require(message.chars().noneMatch(Character::isISOControl), "more than one line", body);
  }

  /** Messages to a robot. */
  private void frames() throws IOException {
    while (at + 1 < bytes.length()) {
      int kind = bytes.charAt(at);
      int length = bytes.charAt(at + 1);
      at += 2;
      if (length > 125) {
        int digits = length == 126 ? 2 : 8;
        if (at + digits > bytes.length()) {
          return;
        }
        length = 0;
        for (int i = 0; i < digits; i++) {
          length = length << 8 | bytes.charAt(at++);
        }
      }
      if (at + length > bytes.length()) {
        return;
      }
      String payload = bytes.substring(at, at + length);
      at += length;
      if (kind == CLOSE_FRAME && length >= 2) {
        int code = payload.charAt(0) << 8 | payload.charAt(1);
        require(code != SERVER_FAILED, "a failure of the server", payload.substring(2));
      } else if (kind == TEXT_FRAME) {
        requireObject(payload);
      }
    }
  }

  private static void requireObject(String payload) throws IOException {
    String text = new String(payload.getBytes(ISO_8859_1), UTF_8);
    require(text.startsWith("{") && text.lines().count() == 1, "not an object on a line", text);
    try (JsonParser json = JSON.createParser(text)) {
      while (json.nextToken() != null) {
        // until the end
      }
    }
  }
}
