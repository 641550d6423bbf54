package org.xlstm4j.cli.hub;

import java.io.IOException;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Says what a server's refusal means and what to do.
 *
 * @param endpoint of the hub
 * @param name of the model that is asked for
 * @param token whether there is a token to send
 */
record HubRefusal(URI endpoint, HubName name, boolean token) {
  private static final Set<Integer> GOOD = Set.of(200, 206, 416);
  private static final Set<Integer> PASSING = Set.of(408, 429, 500, 502, 503, 504);
  private static final Set<Integer> DENIED = Set.of(401, 403);
  private static final int NOT_FOUND = 404;
  private static final int LONGEST_MESSAGE = 300;
  private static final int LONGEST_NUMBER = 9;

  /**
   * Throws if an answer is none.
   *
   * @param from the server that gave it
   */
  void check(URI from, HubAnswer answer) throws IOException {
    int status = answer.status();
    if (GOOD.contains(status)) {
      return;
    }
    boolean hub = from.getAuthority().equals(endpoint.getAuthority());
    // a permission to read from the storage network ends some time after it was given
    if (PASSING.contains(status) || (DENIED.contains(status) && !hub)) {
      throw new PassingException(plain(from, answer), wait(answer.header("Retry-After")));
    }
    throw new IOException(hub ? explained(from, answer) : plain(from, answer));
  }

  private String explained(URI from, HubAnswer answer) {
    int status = answer.status();
    String code = answer.header("X-Error-Code");
    return switch (code == null ? "" : code) {
      case "GatedRepo" ->
          name.repository()
              + ": has conditions to be accepted: do so at "
              + page()
              + (token
                  ? " with the account of the token in use"
                  : " and set HF_TOKEN to an access token of that account");
      case "RepoNotFound" -> unknown();
      case "RevisionNotFound" ->
          name.repository() + ": no revision '" + name.revision() + "', see " + page();
      case "" -> status == NOT_FOUND || status == 401 ? unknown() : plain(from, answer);
      default -> plain(from, answer);
    };
  }

  private String page() {
    return endpoint + "/" + name.repository();
  }

  private String unknown() {
    return name.repository()
        + ": no such model at "
        + endpoint
        + ", or a private one: check the name, "
        + (token
            ? "and that the account of the token in use may read it"
            : "or set HF_TOKEN to an access token of an account that may read it");
  }

  private String plain(URI from, HubAnswer answer) {
    String message = answer.header("X-Error-Message");
    String said = message == null ? "" : ", " + message;
    return name.repository()
        + ": "
        + from.getHost()
        + " answered with status "
        + answer.status()
        + said.substring(0, Math.min(LONGEST_MESSAGE, said.length()));
  }

  /** What a Retry-After says: seconds, or a time. */
  private static @Nullable Duration wait(@Nullable String text) {
    if (text == null) {
      return null;
    }
    if (text.matches("[0-9]+")) {
      return text.length() > LONGEST_NUMBER
          ? Duration.ofDays(1)
          : Duration.ofSeconds(Long.parseLong(text));
    }
    try {
      Instant end = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text));
      return Duration.between(Instant.now(), end);
    } catch (DateTimeException e) {
      return null;
    }
  }
}
