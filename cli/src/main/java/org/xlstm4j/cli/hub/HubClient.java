package org.xlstm4j.cli.hub;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.ProtocolException;
import java.net.Proxy;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/**
 * Asks the hub, and the servers that it redirects to. The user's token goes to the hub alone, and
 * only over a connection that others cannot read.
 *
 * <p>The JDK's older client is used: it ends a read that takes too long, which the newer one does
 * not, and it is part of every Java image.
 */
final class HubClient {
  private static final int MOST_REDIRECTS = 6;
  private static final int CONNECT_MILLISECONDS = 15_000;
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

  private final URI endpoint;
  private final @Nullable String token;
  private final ProxyVariables proxies;
  private final HubRefusal refusal;
  private final int readMilliseconds;

  /**
   * A client.
   *
   * @param environment says where the hub is and who asks
   * @param name of the model, for messages
   * @param readMilliseconds how long a server may send nothing
   * @throws IOException if the environment is not as it must be
   */
  HubClient(HubEnvironment environment, HubName name, int readMilliseconds) throws IOException {
    endpoint = environment.endpoint();
    token = environment.token();
    proxies = new ProxyVariables(environment);
    refusal = new HubRefusal(endpoint, name, token != null);
    this.readMilliseconds = readMilliseconds;
  }

  /** Where the hub is. */
  URI endpoint() {
    return endpoint;
  }

  /**
   * Asks for a resource, and follows where it leads.
   *
   * @param uri of the resource
   * @param from first byte of it that is wanted
   * @return the answer, of status 200, 206 or 416
   * @throws PassingException if another attempt may succeed
   * @throws IOException if none will
   */
  HubAnswer get(URI uri, long from) throws IOException {
    URI at = uri;
    for (int hops = 0; hops <= MOST_REDIRECTS; hops++) {
      HubAnswer answer = ask(at, from);
      boolean wanted = false;
      try {
        if (REDIRECTS.contains(answer.status())) {
          at = target(at, answer.header("Location"));
          continue;
        }
        refusal.check(at, answer);
        wanted = true;
        return answer;
      } finally {
        if (!wanted) {
          answer.close();
        }
      }
    }
    throw new IOException(uri.getHost() + ": more than " + MOST_REDIRECTS + " redirects");
  }

  private HubAnswer ask(URI at, long from) throws IOException {
    Proxy proxy = proxies.of(at);
    try {
      HttpURLConnection connection = (HttpURLConnection) at.toURL().openConnection(proxy);
      connection.setInstanceFollowRedirects(false);
      connection.setUseCaches(false);
      connection.setConnectTimeout(CONNECT_MILLISECONDS);
      connection.setReadTimeout(readMilliseconds);
      connection.setRequestProperty("User-Agent", "xlstm4j");
      connection.setRequestProperty("Accept", "*/*");
      connection.setRequestProperty("Accept-Encoding", "identity");
      if (from > 0) {
        connection.setRequestProperty("Range", "bytes=" + from + "-");
      }
      if (token != null && mayHaveToken(at)) {
        connection.setRequestProperty("Authorization", "Bearer " + token);
      }
      int status = connection.getResponseCode();
      if (status < 0) {
        throw new ProtocolException("no answer of a web server");
      }
      return new HubAnswer(connection, status);
    } catch (UnknownHostException e) {
      throw new IOException(at.getHost() + ": no such server, or no network", e);
    } catch (SSLHandshakeException | SSLPeerUnverifiedException e) {
      throw new IOException(at.getHost() + ": cannot be trusted: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new PassingException(at.getHost() + ": cannot be reached: " + e.getMessage(), e);
    }
  }

  private static URI target(URI from, @Nullable String location) throws IOException {
    try {
      return web(from, from.resolve(Objects.requireNonNullElse(location, ":")));
    } catch (IllegalArgumentException e) {
      throw new IOException(from.getHost() + ": a redirect to no address", e);
    }
  }

  /**
   * Checks where a server leads.
   *
   * @param from the address that led there
   * @throws IOException if there is no web server, or others can read what was secret before
   */
  static URI web(URI from, URI to) throws IOException {
    boolean secret = "https".equals(to.getScheme());
    boolean web = secret || ("http".equals(to.getScheme()) && "http".equals(from.getScheme()));
    if (!web || to.getHost() == null || to.getRawUserInfo() != null) {
      throw new IOException(from.getHost() + ": leads to '" + to + "', not followed");
    }
    return to;
  }

  /** Whether the server is the hub, and nobody else hears what is sent to it. */
  private boolean mayHaveToken(URI at) {
    String host = at.getHost().toLowerCase(Locale.ROOT);
    boolean secret =
        "https".equals(at.getScheme())
            || host.equals("localhost")
            || host.equals("[::1]")
            || host.matches("127\\.[0-9.]+");
    return secret
        && at.getScheme().equals(endpoint.getScheme())
        && host.equals(endpoint.getHost().toLowerCase(Locale.ROOT))
        && port(at) == port(endpoint);
  }

  private static int port(URI uri) {
    return uri.getPort() >= 0 ? uri.getPort() : "https".equals(uri.getScheme()) ? 443 : 80;
  }
}
