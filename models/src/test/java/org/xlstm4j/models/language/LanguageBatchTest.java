package org.xlstm4j.models.language;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xlstm4j.engine.WarmUp;
import org.xlstm4j.engine.WeightType;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.config.Config;
import org.xlstm4j.models.Models;
import org.xlstm4j.models.testing.Golden;

/** Sessions fed together: each as if it were alone. */
@Tag("slow")
class LanguageBatchTest {
  private static final int MOST = 17;

  /** A session in batches, and one that is stepped alone with the same tokens. */
  private record Pair(LanguageSession together, LanguageSession alone) {
    static Pair of(LanguageModel model, int threads) {
      return new Pair(model.newSession(Team.of(threads)), model.newSession(Team.of(threads)));
    }

    void check() {
      assertEquals(alone.position(), together.position());
      assertArrayEquals(alone.logits(), together.logits());
      assertEquals(-1, alone.state().segment().mismatch(together.state().segment()));
    }
  }

  private static LanguageModel random(String name, WeightType type) throws IOException {
    Config config = Config.ofFolder(Golden.root().resolve("xlstm").resolve(name));
    return Models.of(config, Checkpoint.random(config, type), LanguageModel.class);
  }

  @ParameterizedTest
  @CsvSource({
    "large_single, F32, 2",
    "large_single, BF16, 1",
    "large_single, Q8, 1",
    "large_single, Q8, 2",
    "large_single, Q4, 2",
    "lm_mixed_1to1, F32, 1",
    "lm_mixed_1to1, BF16, 2",
    "lm_mixed_1to1, Q8, 2",
    "lm_mixed_1to1, Q4, 1"
  })
  void neighborsMakeNoDifference(String name, WeightType type, int threads) throws IOException {
    try (LanguageModel model = random(name, type)) {
      WarmUp.complete();
      neighborsMakeNoDifference(model, threads, MOST + 3);
    }
  }

  /** Weights as files hold them: mapped, and beginning anywhere within a line of the cache. */
  @ParameterizedTest
  @CsvSource({"xlstm/large_fused_bias_bf16, 1", "xlstm/hf_single, 2", "xlstm/lm_tied, 2"})
  void neighborsMakeNoDifference(Path folder, int threads) throws IOException {
    try (LanguageModel model = LanguageModel.open(Golden.root().resolve(folder))) {
      WarmUp.complete();
      neighborsMakeNoDifference(model, threads, MOST + 3);
    }
  }

  @Test
  void norInATrainedModel() throws IOException {
    try (LanguageModel model = LanguageModel.open(Golden.pretrained("xlstm-large-mini-q8"))) {
      WarmUp.complete();
      neighborsMakeNoDifference(model, 2, 4);
    }
  }

  /** Sessions join, leave, come back, are fed prompts alone, forked and reset. */
  private static void neighborsMakeNoDifference(LanguageModel model, int threads, int rounds) {
    Random random = new Random(threads);
    LanguageBatch batch = model.newBatch(Team.of(threads), MOST);
    List<Pair> pairs = new ArrayList<>();
    for (int i = 0; i < MOST + 3; i++) {
      pairs.add(Pair.of(model, threads));
    }
    for (int round = 0; round < rounds; round++) {
      Pair changed = pairs.get(random.nextInt(pairs.size()));
      switch (random.nextInt(4)) {
        case 0 -> {
          int[] prompt = tokens(model, random, 1 + random.nextInt(20));
          changed.together().feed(prompt);
          changed.alone().feed(prompt);
        }
        case 1 -> {
          Pair other = pairs.get(random.nextInt(pairs.size()));
          changed.together().copyFrom(other.together());
          changed.alone().copyFrom(other.alone());
        }
        case 2 -> {
          changed.together().reset();
          changed.alone().reset();
        }
        default -> {}
      }
      Collections.shuffle(pairs, random);
      List<Pair> chosen = pairs.subList(0, 1 + round % MOST);
      List<LanguageSession> sessions = chosen.stream().map(Pair::together).toList();
      for (int step = random.nextInt(3); step >= 0; step--) {
        int[] tokens = tokens(model, random, sessions.size());
        batch.step(sessions, tokens);
        for (int i = 0; i < tokens.length; i++) {
          chosen.get(i).alone().step(tokens[i]);
          chosen.get(i).check();
        }
      }
    }
  }

  private static int[] tokens(LanguageModel model, Random random, int count) {
    return random.ints(count, 0, model.vocabularySize()).toArray();
  }

  @Test
  void whatIsWrongChangesNoSession() throws IOException {
    try (LanguageModel model = random("large_single", WeightType.F32);
        LanguageModel other = random("large_single", WeightType.F32)) {
      LanguageBatch batch = model.newBatch(Team.of(1), 2);
      LanguageSession one = model.newSession(Team.of(1));
      LanguageSession two = model.newSession(Team.of(1));
      LanguageSession three = model.newSession(Team.of(1));
      LanguageSession foreign = other.newSession(Team.of(1));
      int size = model.vocabularySize();
      refused(batch, List.of());
      refused(batch, List.of(one, two), 1);
      refused(batch, List.of(one, one), 1, 2);
      refused(batch, List.of(one, foreign), 1, 2);
      refused(batch, List.of(one, two, three), 1, 2, 3);
      refused(batch, List.of(one, two), 1, -1);
      refused(batch, List.of(one, two), size, 1);
      assertThrows(IllegalArgumentException.class, () -> model.newBatch(Team.of(1), 0));
      for (LanguageSession session : List.of(one, two, three, foreign)) {
        assertEquals(0, session.position());
        assertThrows(IllegalStateException.class, session::logits);
      }
      batch.step(List.of(one, two), 1, 2, 7);
      assertEquals(1, two.position());
    }
  }

  private static void refused(LanguageBatch batch, List<LanguageSession> sessions, int... tokens) {
    assertThrows(IllegalArgumentException.class, () -> batch.step(sessions, tokens));
  }

  /** A session with a broken state is refused; its neighbors go on. */
  @Test
  void aDamagedStateIsOfOneSessionOnly() throws IOException {
    try (LanguageModel model = random("large_single", WeightType.Q8)) {
      WarmUp.complete();
      LanguageBatch batch = model.newBatch(Team.of(1), 4);
      Pair whole = Pair.of(model, 1);
      LanguageSession broken = model.newSession(Team.of(1));
      broken.state().segment().fill((byte) 0xFF);
      List<LanguageSession> sessions = List.of(broken, whole.together());
      assertThrows(IllegalStateException.class, () -> batch.step(sessions, 1, 2));
      whole.alone().step(2);
      whole.check();
    }
  }

  @Test
  void stepsOfTheSameSessionsAllocateNothing() throws IOException {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (String name : List.of("large_single", "lm_mixed_1to1")) {
      try (LanguageModel model = random(name, WeightType.Q8)) {
        WarmUp.complete();
        LanguageBatch batch = model.newBatch(Team.of(1), 6);
        List<LanguageSession> sessions = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
          sessions.add(model.newSession(Team.of(1)));
        }
        int[] tokens = tokens(model, new Random(1), 6);
        long least = Long.MAX_VALUE;
        long end = System.nanoTime() + 60_000_000_000L; // the JIT may be slow to come
        while (least > 0 && System.nanoTime() < end) {
          long before = threads.getCurrentThreadAllocatedBytes();
          for (int i = 0; i < 20; i++) {
            batch.step(sessions, tokens);
          }
          least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertEquals(0, least, name + ": bytes in 20 steps");
      }
    }
  }
}
