package org.xlstm4j.models.language;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xlstm4j.engine.WarmUp;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.models.testing.Golden;

/** Sessions: saved, restored, forked, in two threads, without garbage. */
class LanguageSessionTest {
  private static final Path FOLDER = Golden.root().resolve("xlstm").resolve("hf_single");
  private static final int[] PROMPT = {5, 17, 3, 40, 8, 9, 60, 2};

  @Test
  void aSavedSessionContinuesBitForBit(@TempDir Path temporary) throws IOException {
    Path file = temporary.resolve("session.safetensors");
    try (LanguageModel model = LanguageModel.open(FOLDER)) {
      WarmUp.complete();
      LanguageSession session = model.newSession(Team.of(1));
      session.feed(PROMPT);
      SessionFile.save(session, file);
      LanguageSession restored = model.newSession(Team.of(1));
      SessionFile.load(restored, file);
      LanguageSession forked = model.newSession(Team.of(1));
      forked.copyFrom(session);
      assertEquals(PROMPT.length, restored.position());
      for (int token = 1; token < 10; token++) {
        float[] expected = session.step(token);
        assertArrayEquals(expected, restored.step(token));
        assertArrayEquals(expected, forked.step(token));
      }
    }
  }

  @Test
  void aDamagedFileIsRefusedAndTheSessionUnchanged(@TempDir Path temporary) throws IOException {
    Path file = temporary.resolve("session.safetensors");
    try (LanguageModel model = LanguageModel.open(FOLDER)) {
      WarmUp.complete();
      LanguageSession session = model.newSession(Team.of(1));
      session.feed(PROMPT);
      SessionFile.save(session, file);
      byte[] whole = Files.readAllBytes(file);
      byte[] damaged = whole.clone();
      damaged[whole.length - 100] ^= 4;
      Files.write(file, damaged);
      LanguageSession other = model.newSession(Team.of(1));
      assertThrows(ModelFormatException.class, () -> SessionFile.load(other, file));
      assertEquals(0, other.position());
      Files.write(file, java.util.Arrays.copyOf(whole, whole.length - 1));
      assertThrows(ModelFormatException.class, () -> SessionFile.load(other, file));
    }
  }

  @Test
  void aFileOfAnotherModelIsRefused(@TempDir Path temporary) throws IOException {
    Path file = temporary.resolve("session.safetensors");
    try (LanguageModel model = LanguageModel.open(FOLDER);
        LanguageModel other = LanguageModel.open(Golden.pretrained("xlstm-large-mini"))) {
      LanguageSession session = model.newSession(Team.of(1));
      session.feed(PROMPT);
      SessionFile.save(session, file);
      assertThrows(
          ModelFormatException.class, () -> SessionFile.load(other.newSession(Team.of(1)), file));
    }
  }

  @Test
  void twoThreadsShareAModel() throws Exception {
    try (LanguageModel model = LanguageModel.open(FOLDER);
        ExecutorService threads = Executors.newFixedThreadPool(2)) {
      WarmUp.complete();
      float[] expected = logitsBehindPrompt(model);
      Callable<float[]> work = () -> logitsBehindPrompt(model);
      for (int round = 0; round < 20; round++) {
        Future<float[]> first = threads.submit(work);
        Future<float[]> second = threads.submit(work);
        assertArrayEquals(expected, first.get());
        assertArrayEquals(expected, second.get());
      }
    }
  }

  private static float[] logitsBehindPrompt(LanguageModel model) {
    LanguageSession session = model.newSession(Team.of(2));
    float[] logits = new float[0];
    for (int token : PROMPT) {
      logits = session.step(token);
    }
    return logits.clone();
  }

  @Test
  void stepAllocatesNothing() throws IOException {
    WarmUp.Result result = WarmUp.complete();
    assertTrue(result != WarmUp.Result.RUNNING, result.name());
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (LanguageModel model = LanguageModel.open(FOLDER)) {
      WarmUp.complete();
      LanguageSession session = model.newSession(Team.of(1));
      long least = Long.MAX_VALUE;
      long end = System.nanoTime() + 60_000_000_000L; // the JIT may be slow to come
      for (int round = 0; least > 0 && System.nanoTime() < end; round++) {
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 20; i++) {
          session.step(round % 50 + i);
        }
        least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
      }
      assertEquals(0, least, "bytes in 20 steps");
    }
  }

  @Test
  void tokensOutsideTheVocabularyAreRefused() throws IOException {
    try (LanguageModel model = LanguageModel.open(FOLDER)) {
      WarmUp.complete();
      LanguageSession session = model.newSession(Team.of(1));
      assertThrows(IllegalArgumentException.class, () -> session.step(-1));
      assertThrows(IllegalArgumentException.class, () -> session.step(model.vocabularySize()));
    }
  }
}
