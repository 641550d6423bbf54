package org.xlstm4j.models.language;

import java.nio.file.Path;
import java.util.Random;
import org.xlstm4j.engine.threads.Team;

/**
 * Keeps one text after the other in a folder, until it is killed, and says the number of each that
 * is kept.
 */
final class StateCacheProgram {
  /** Texts that the folder has room for, and some more. */
  static final long BYTES = 1 << 28;

  private StateCacheProgram() {}

  public static void main(String[] arguments) throws Exception {
    try (LanguageModel model = LanguageModel.open(Path.of(arguments[0]));
        StateCache cache = StateCache.inFolder(model, BYTES, Path.of(arguments[1]), BYTES)) {
      LanguageSession session = model.newSession(Team.of(1));
      for (int i = Integer.parseInt(arguments[2]); ; i++) {
        cache.feed(text(model, i), session);
        System.out.println(i);
        System.out.flush();
      }
    }
  }

  /** Any text, the same for the same number; none begins with another one. */
  static int[] text(LanguageModel model, int number) {
    Random random = new Random(number);
    int size = model.vocabularySize();
    int[] text = random.ints(3 + random.nextInt(30), 0, size).toArray();
    text[0] = number % size;
    text[1] = number / size % size;
    text[2] = number / size / size;
    return text;
  }
}
