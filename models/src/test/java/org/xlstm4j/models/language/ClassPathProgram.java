package org.xlstm4j.models.language;

import java.nio.file.Path;
import org.xlstm4j.engine.WarmUp;
import org.xlstm4j.engine.threads.Team;

/**
 * What a program on the class path does: opens a model, writes greedy tokens, tells the kernels.
 */
final class ClassPathProgram {
  private ClassPathProgram() {}

  public static void main(String[] arguments) throws Exception {
    WarmUp.complete();
    System.out.println(WarmUp.description());
    try (LanguageModel model = LanguageModel.open(Path.of(arguments[0]))) {
      LanguageSession session = model.newSession(Team.of(1));
      Sampler sampler = new Sampler(Sampler.Settings.greedy());
      float[] logits = session.feed(5, 17, 3, 40);
      for (int i = 0; i < 12; i++) {
        int token = sampler.next(logits, model.vocabularySize());
        System.out.print(token + " ");
        logits = session.step(token);
      }
      System.out.println();
    }
  }
}
