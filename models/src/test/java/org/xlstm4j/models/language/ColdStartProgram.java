package org.xlstm4j.models.language;

import java.nio.file.Path;
import java.util.Arrays;
import org.xlstm4j.engine.WarmUp;
import org.xlstm4j.engine.threads.Team;

/**
 * Feeds a model the same tokens in a cold JVM and in a warm one, and says what came of it: the bits
 * of all logits, a line each time, and in the end the kernels in use.
 */
final class ColdStartProgram {
  private static final int STEPS = 300;

  private ColdStartProgram() {}

  public static void main(String[] arguments) throws Exception {
    try (LanguageModel model = LanguageModel.open(Path.of(arguments[0]))) {
      System.out.println(bits(model));
      WarmUp.complete();
      System.out.println(bits(model));
      System.out.println(WarmUp.description());
    }
  }

  /** A prompt of many tokens, and steps, in the first of which the kernels change. */
  private static int bits(LanguageModel model) {
    LanguageSession session = model.newSession(Team.of(2));
    int[] prompt = new int[41];
    Arrays.setAll(prompt, i -> 100 + 37 * i % 1000);
    int bits = Arrays.hashCode(session.feed(prompt));
    for (int i = 0; i < STEPS; i++) {
      bits = 31 * bits + Arrays.hashCode(session.step(100 + 101 * i % 2000));
    }
    return bits;
  }
}
