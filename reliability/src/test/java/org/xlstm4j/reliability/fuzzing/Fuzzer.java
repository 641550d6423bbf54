package org.xlstm4j.reliability.fuzzing;

import java.util.Locale;

/**
 * What Jazzer calls with one input after the other. The property {@code target} names the reader.
 */
public final class Fuzzer {
  private static final FuzzTarget TARGET =
      FuzzTarget.valueOf(System.getProperty("target", "").toUpperCase(Locale.ROOT));

  private Fuzzer() {}

  /** Makes ready what takes longer than an input may, such as a server. */
  public static void fuzzerInitialize() {
    boolean unused = FilePromise.check(TARGET, new byte[0]);
  }

  /** Reads one input. */
  public static void fuzzerTestOneInput(byte[] input) {
    FilePromise.check(TARGET, input);
  }
}
