package org.xlstm4j.cli.hub;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the environment says about the hub, by the variables of the hub's own tools.
 *
 * @param variables of the environment
 * @param home the user's folder
 */
public record HubEnvironment(Map<String, String> variables, Path home) {
  private static final String HUB = "https://huggingface.co";
  private static final Set<String> YES = Set.of("1", "ON", "YES", "TRUE");
  private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]{1,4096}");

  /** A token's file is a line. */
  private static final long LONGEST_TOKEN_FILE = 1 << 16;

  /** The environment of this process. */
  public static HubEnvironment ofProcess() {
    return new HubEnvironment(System.getenv(), Path.of(System.getProperty("user.home")));
  }

  /** A variable, or null if it is not set or empty. */
  @Nullable String variable(String name) {
    String value = variables.get(name);
    return value == null || value.isBlank() ? null : value.strip();
  }

  /**
   * Where the hub is.
   *
   * @throws IOException if {@code HF_ENDPOINT} is no address of a server
   */
  URI endpoint() throws IOException {
    String text = variable("HF_ENDPOINT");
    String address = (text == null ? HUB : text).replaceAll("/+$", "");
    try {
      URI uri = new URI(address);
      boolean web = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
      if (web
          && uri.getHost() != null
          && uri.getRawUserInfo() == null
          && uri.getRawQuery() == null
          && uri.getRawFragment() == null) {
        return uri;
      }
    } catch (URISyntaxException e) {
      throw noAddress(address, e);
    }
    throw noAddress(address, null);
  }

  private static IOException noAddress(String address, @Nullable Exception cause) {
    return new IOException(
        "HF_ENDPOINT is " + address + ", expected an address such as " + HUB, cause);
  }

  /** The folder of all models. */
  public Path cache() {
    String named = variable("HF_HUB_CACHE");
    String earlier = variable("HUGGINGFACE_HUB_CACHE");
    return named != null ? path(named) : earlier != null ? path(earlier) : hubHome().resolve("hub");
  }

  private Path hubHome() {
    String named = variable("HF_HOME");
    if (named != null) {
      return path(named);
    }
    String caches = variable("XDG_CACHE_HOME");
    return (caches == null ? home.resolve(".cache") : path(caches)).resolve("huggingface");
  }

  private Path path(String text) {
    return text.equals("~") || text.startsWith("~/")
        ? home.resolve(text.substring(Math.min(2, text.length())))
        : Path.of(text);
  }

  /**
   * The user's access token, or null if there is none.
   *
   * @throws IOException if there is something else in its place, or its file cannot be read
   */
  @Nullable String token() throws IOException {
    for (String name : new String[] {"HF_TOKEN", "HUGGING_FACE_HUB_TOKEN"}) {
      String token = variable(name);
      if (token != null) {
        return checked(token, name);
      }
    }
    String named = variable("HF_TOKEN_PATH");
    Path file = named == null ? hubHome().resolve("token") : path(named);
    if (!Files.isRegularFile(file)) {
      return null;
    }
    if (Files.size(file) > LONGEST_TOKEN_FILE) {
      throw new IOException(file + ": too long for an access token");
    }
    String token = new String(Files.readAllBytes(file), UTF_8);
    return token.isBlank() ? null : checked(token.strip(), file.toString());
  }

  /** A token is part of a line of a request, and must not begin another one. */
  private static String checked(String token, String source) throws IOException {
    if (!TOKEN.matcher(token).matches()) {
      throw new IOException(source + ": no access token, which is one word of ASCII");
    }
    return token;
  }

  /** Whether the network is not to be used. */
  public boolean offline() {
    String value = variable("HF_HUB_OFFLINE");
    return value != null && YES.contains(value.toUpperCase(Locale.ROOT));
  }
}
