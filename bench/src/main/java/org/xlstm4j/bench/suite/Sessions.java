package org.xlstm4j.bench.suite;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import org.xlstm4j.engine.WarmUp;
import org.xlstm4j.engine.WeightType;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.models.language.LanguageModel;
import org.xlstm4j.models.language.LanguageSession;

/**
 * Several sessions of one model in as many threads: their logits must be those of one alone, bit
 * for bit, and together they should be no slower than one.
 */
public final class Sessions {
  private static final int TOKENS = 64;
  private static final int ROUNDS = 5;

  private Sessions() {}

  /**
   * Runs one and two sessions in turn and prints tokens a second of all together.
   *
   * @param arguments width, blocks, type: {@code 1024 16 BF16}
   * @throws InterruptedException if somebody interrupts it
   */
  public static void main(String[] arguments) throws InterruptedException {
    WarmUp.complete();
    int width = Integer.parseInt(arguments[0]);
    int blocks = Integer.parseInt(arguments[1]);
    try (LanguageModel model =
        RandomModels.large(width, blocks, WeightType.valueOf(arguments[2]))) {
      for (int round = 0; round < ROUNDS; round++) {
        for (int teamSize = 1; teamSize <= 2; teamSize++) {
          double alone = tokensPerSecond(model, 1, teamSize);
          double together = tokensPerSecond(model, 2, teamSize);
          System.out.printf(
              Locale.ROOT,
              "team of %d: one session %.1f tokens/s, two sessions %.1f in sum, ratio %.2f%n",
              teamSize,
              alone,
              together,
              together / alone);
        }
      }
    }
  }

  private static double tokensPerSecond(LanguageModel model, int sessions, int teamSize)
      throws InterruptedException {
    float[][] logits = new float[sessions][];
    CountDownLatch start = new CountDownLatch(1);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < sessions; i++) {
      int index = i;
      LanguageSession session = model.newSession(Team.of(teamSize));
      session.step(0);
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    awaitUninterruptibly(start);
                    for (int token = 0; token < TOKENS; token++) {
                      logits[index] = session.step(token);
                    }
                  }));
    }
    long begin = System.nanoTime();
    start.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    double seconds = (System.nanoTime() - begin) * 1e-9;
    for (float[] others : logits) {
      if (!Arrays.equals(others, logits[0])) {
        throw new IllegalStateException("sessions that ran together differ");
      }
    }
    return sessions * TOKENS / seconds;
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
