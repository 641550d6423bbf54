package org.xlstm4j.reliability.fuzzing;

import java.util.Locale;

/**
 * What Jazzer calls with one input after the other. The property {@code target} names the reader.
 */
public final class Fuzzer {
  private static final FuzzTarget TARGET =
      FuzzTarget.valueOf(System.getProperty("target", "").toUpperCase(Locale.ROOT));

  private Fuzzer() {}

  /** Reads one input. */
  public static void fuzzerTestOneInput(byte[] input) {
    FilePromise.check(TARGET, input);
  }
}
