package org.xlstm4j.bench.peers;

import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a runtime is asked to do, from its command line.
 *
 * @param model folder or file
 * @param threads to compute with
 * @param work what is timed: {@code pp} a prompt, {@code tg} tokens one at a time, or the name of
 *     another family's step
 * @param count tokens or steps of a run
 * @param depth tokens before those that are timed
 * @param repeats how many runs are timed
 */
record PeerTask(Path model, int threads, String work, int count, int depth, int repeats) {
  /** Tokens fed before anything is timed; all runtimes must agree on the logits behind them. */
  private static final int CHECKED = 16;

  private static final Pattern CASE = Pattern.compile("([a-z]+)([0-9]+)(?:@([0-9]+))?");

  /** Reads {@code MODEL THREADS pp512|tg32|tg32@1000|... REPEATS}. */
  static PeerTask of(String... arguments) {
    Matcher name = CASE.matcher(arguments[2]);
    if (!name.matches()) {
      throw new IllegalArgumentException("a case " + arguments[2]);
    }
    String depth = name.group(3);
    return new PeerTask(
        Path.of(arguments[0]),
        Integer.parseInt(arguments[1]),
        name.group(1),
        Integer.parseInt(name.group(2)),
        depth == null ? 0 : Integer.parseInt(depth),
        Integer.parseInt(arguments[3]));
  }

  /** Whether all tokens are fed at once. */
  boolean prompt() {
    return work.equals("pp");
  }

  static int[] checkTokens(int vocabularySize) {
    int[] tokens = new int[CHECKED];
    for (int i = 0; i < CHECKED; i++) {
      tokens[i] = (37 * i + 11) % vocabularySize;
    }
    return tokens;
  }

  /** The tokens before those that are timed. */
  int[] depthTokens(int vocabularySize) {
    int[] tokens = new int[depth];
    for (int i = 0; i < depth; i++) {
      tokens[i] = (41 * i + 3) % vocabularySize;
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

  /** An input that other languages make up equally, exactly: multiples of 1/64 within -1 and 1. */
  static float[] values(int length, int step) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = ((step + 1) * (i + 1) % 127 - 63) / 64f;
    }
    return values;
  }
}
