package org.xlstm4j.cli.serve.http;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The names by which clients may call the server. A web page whose name was made to point at this
 * machine calls it by that name, and is refused.
 */
public final class HostNames {
  private static final List<String> LOOPBACK = List.of("localhost", "127.0.0.1", "[::1]", "::1");

  private final @Nullable Set<String> names;

  private HostNames(@Nullable Set<String> names) {
    this.names = names;
  }

  /** Any name. */
  public static HostNames any() {
    return new HostNames(null);
  }

  /** The names of this machine to itself, and some more. */
  public static HostNames loopbackAnd(List<String> others) {
    Set<String> names = new TreeSet<>(LOOPBACK);
    others.forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
    return new HostNames(names);
  }

  /** Whether the server may be called by this name, without a port. */
  boolean allow(@Nullable String name) {
    return names == null || (name != null && names.contains(name.toLowerCase(Locale.ROOT)));
  }
}
