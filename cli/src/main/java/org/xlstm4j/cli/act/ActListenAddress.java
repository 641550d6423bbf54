package org.xlstm4j.cli.act;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.xlstm4j.cli.options.UsageException;

/** Where robots connect. */
public sealed interface ActListenAddress {
  /** A port. */
  record Tcp(InetSocketAddress address) implements ActListenAddress {}

  /** A socket in the file system. */
  record Unix(UnixDomainSocketAddress address) implements ActListenAddress {}

  /** The form {@code tcp:PORT}, {@code tcp:HOST:PORT} or {@code tcp:[ADDRESS]:PORT}. */
  Pattern TCP =
      Pattern.compile(
          "tcp:(?:(?:\\[(?<six>[^\\]]+)\\]|(?<host>[^:\\[\\]]+)):)?(?<port>[0-9]{1,5})");

  /**
   * Reads an address. A port without a host is on this machine alone.
   *
   * @throws UsageException if it is none
   */
  static ActListenAddress parse(String text) {
    Matcher tcp = TCP.matcher(text);
    if (tcp.matches() && Integer.parseInt(tcp.group("port")) < 1 << 16) {
      int port = Integer.parseInt(tcp.group("port"));
      String host = tcp.group("six") != null ? tcp.group("six") : tcp.group("host");
      InetSocketAddress address =
          host == null
              ? new InetSocketAddress(InetAddress.getLoopbackAddress(), port)
              : new InetSocketAddress(host, port);
      if (address.isUnresolved()) {
        throw new UsageException("--listen: no address is known of " + host);
      }
      return new Tcp(address);
    }
    if (text.startsWith("unix:") && text.length() > 5) {
      try {
        return new Unix(UnixDomainSocketAddress.of(Path.of(text.substring(5))));
      } catch (InvalidPathException e) {
        throw new UsageException("--listen: " + e.getMessage());
      }
    }
    throw new UsageException(
        "--listen is " + text + ", expected tcp:PORT, tcp:HOST:PORT or unix:PATH");
  }
}
