package org.xlstm4j.bench.peers;

import java.nio.file.Path;

/**
 * What a runtime is asked to do, from its command line.
 *
 * @param model folder or file
 * @param threads to compute with
 * @param prompt whether all tokens are fed at once; else one at a time, behind {@link #checkTokens}
 * @param count tokens of a run
 * @param repeats how many runs are timed
 */
record PeerTask(Path model, int threads, boolean prompt, int count, int repeats) {
  /** Tokens fed before anything is timed; all runtimes must agree on the logits behind them. */
  private static final int CHECKED = 16;

  /** Reads {@code MODEL THREADS pp512|tg32 REPEATS}. */
  static PeerTask of(String... arguments) {
    String name = arguments[2];
    return new PeerTask(
        Path.of(arguments[0]),
        Integer.parseInt(arguments[1]),
        name.startsWith("pp"),
        Integer.parseInt(name.substring(2)),
        Integer.parseInt(arguments[3]));
  }

  static int[] checkTokens(int vocabularySize) {
    int[] tokens = new int[CHECKED];
    for (int i = 0; i < CHECKED; i++) {
      tokens[i] = (37 * i + 11) % vocabularySize;
    }
    return tokens;
  }

  int[] tokens(int vocabularySize) {
    int[] tokens = new int[count];
    for (int i = 0; i < count; i++) {
      tokens[i] = (31 * i + 7) % vocabularySize;
    }
    return tokens;
  }
}
