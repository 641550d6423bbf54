package org.xlstm4j.cli.hub;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Which proxy leads to a server: the one of Java's properties, else the one of the variables {@code
 * HTTPS_PROXY}, {@code HTTP_PROXY} and {@code ALL_PROXY}, unless {@code NO_PROXY} names the server.
 *
 * @param environment with the variables, in capital or small letters
 */
record ProxyVariables(HubEnvironment environment) {
  private static final int USUAL_PORT = 80;
  private static final int USUAL_SOCKS_PORT = 1080;

  /**
   * The proxy for an address.
   *
   * @throws IOException if a variable is no address of a proxy
   */
  Proxy of(URI uri) throws IOException {
    for (Proxy proxy : ProxySelector.getDefault().select(uri)) {
      if (proxy.type() != Proxy.Type.DIRECT) {
        return proxy;
      }
    }
    if (exempt(uri.getHost())) {
      return Proxy.NO_PROXY;
    }
    for (String name : new String[] {uri.getScheme() + "_proxy", "all_proxy"}) {
      String address = variable(name);
      if (address != null) {
        return parse(name.toUpperCase(Locale.ROOT), address);
      }
    }
    return Proxy.NO_PROXY;
  }

  private @Nullable String variable(String name) {
    String value = environment.variable(name);
    return value == null ? environment.variable(name.toUpperCase(Locale.ROOT)) : value;
  }

  private boolean exempt(String host) {
    String list = variable("no_proxy");
    if (list == null) {
      return false;
    }
    String name = host.toLowerCase(Locale.ROOT);
    for (String entry : list.toLowerCase(Locale.ROOT).split("[,\\s]+", -1)) {
      String domain = entry.replaceFirst("^\\*?\\.", "").replaceFirst("^([^:]+):[0-9]+$", "$1");
      if (entry.equals("*")
          || (!domain.isEmpty() && (name.equals(domain) || name.endsWith("." + domain)))) {
        return true;
      }
    }
    return false;
  }

  private static Proxy parse(String name, String address) throws IOException {
    try {
      URI uri = new URI(address.contains("://") ? address : "http://" + address);
      String host = uri.getHost();
      if (uri.getRawUserInfo() != null) {
        throw new IOException(name + ": a proxy that asks for a password is not supported");
      }
      if (host != null) {
        boolean socks = uri.getScheme().startsWith("socks");
        int usual = socks ? USUAL_SOCKS_PORT : USUAL_PORT;
        return new Proxy(
            socks ? Proxy.Type.SOCKS : Proxy.Type.HTTP,
            InetSocketAddress.createUnresolved(host, uri.getPort() < 0 ? usual : uri.getPort()));
      }
    } catch (URISyntaxException e) {
      throw new IOException(name + ": no address of a proxy", e);
    }
    throw new IOException(name + ": no address of a proxy");
  }
}
