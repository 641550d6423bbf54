package org.xlstm4j.models.language;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xlstm4j.engine.WarmUp;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.models.testing.Golden;

/** States that are kept in memory and on disk: the right ones, or none. */
class StateCacheTest {
  private static final long MUCH = 1 << 26;

  private LanguageModel model;
  private Random random;
  @TempDir private Path folder;

  @BeforeEach
  void open() throws IOException {
    model = LanguageModel.open(Golden.root().resolve("xlstm").resolve("hf_single"));
    WarmUp.complete();
    random = new Random(1);
  }

  @AfterEach
  void close() {
    model.close();
  }

  private LanguageSession newSession() {
    return model.newSession(Team.of(1));
  }

  private int[] tokens(int count) {
    return random.ints(count, 0, model.vocabularySize()).toArray();
  }

  private static int[] joined(int[] first, int... second) {
    int[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  private static void same(LanguageSession expected, LanguageSession found) {
    assertEquals(expected.position(), found.position());
    assertArrayEquals(expected.logits(), found.logits());
    assertEquals(-1, expected.state().segment().mismatch(found.state().segment()));
  }

  private StateCache inFolder(long bytes, long folderBytes) throws IOException {
    return StateCache.inFolder(model, bytes, folder, folderBytes);
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(file -> file.toString().endsWith(".state")).sorted().toList();
    }
  }

  /** Turn after turn from the cache, in another session each, next to one that goes on. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aConversationHasTheBitsOfOneSession(boolean restarts) throws IOException {
    LanguageSession whole = newSession();
    int[] text = new int[0];
    StateCache cache = inFolder(MUCH, MUCH);
    for (int turn = 0; turn < 6; turn++) {
      if (restarts) {
        cache.close();
        cache = inFolder(MUCH, MUCH);
      }
      int[] question = tokens(1 + random.nextInt(70));
      whole.feed(question);
      LanguageSession session = newSession();
      session.feed(tokens(3));
      int before = text.length;
      text = joined(text, question);
      assertEquals(before, cache.feed(text, session));
      same(whole, session);
      for (int token : tokens(random.nextInt(5))) {
        whole.step(token);
        session.step(token);
        text = joined(text, token);
      }
      same(whole, session);
      cache.keep(text, session);
    }
    cache.close();
  }

  @Test
  void aSharedBeginningIsReadOnce() {
    StateCache cache = StateCache.inMemory(model, MUCH);
    int[] shared = tokens(40);
    int[] one = joined(shared, tokens(10));
    int[] two = joined(shared, tokens(20));
    LanguageSession session = newSession();
    assertEquals(0, cache.feed(one, session, 40));
    assertEquals(40, cache.feed(two, session, 40));
    LanguageSession expected = newSession();
    expected.feed(shared);
    expected.feed(Arrays.copyOfRange(two, 40, 60));
    same(expected, session);
    assertEquals(60, cache.restore(joined(two, 1, 2, 3), session));
    same(expected, session);
    assertEquals(50, cache.restore(one, session));
    assertEquals(40, cache.restore(joined(shared, one[40] ^ 1, two[40] ^ 1), session));
    assertEquals(0, cache.restore(Arrays.copyOf(shared, 39), session));
    assertEquals(0, session.position());
    assertEquals(3, cache.contents().states());
    assertThrows(IllegalArgumentException.class, () -> cache.feed(two, session, 61));
    assertThrows(IllegalArgumentException.class, () -> cache.feed(two, session, 0, 5));
    assertThrows(IllegalArgumentException.class, () -> cache.feed(two, session, 9, 5));
    assertThrows(IllegalArgumentException.class, () -> cache.keep(one, session));
  }

  @Test
  void whatWasUsedTheLongestAgoGoesFirst() throws IOException {
    long state = StateCache.stateBytes(model) + 4 * 5;
    LanguageSession session = newSession();
    List<int[]> texts = Stream.generate(() -> tokens(5)).limit(5).toList();
    try (StateCache cache = inFolder(2 * state, 3 * (state + 100))) {
      for (int[] text : texts.subList(0, 3)) {
        cache.feed(text, session);
      }
      assertEquals(5, cache.restore(texts.getFirst(), session)); // from the disk
      assertEquals(5, cache.feed(texts.get(2), session));
      cache.feed(texts.get(3), session);
      assertEquals(2, cache.contents().states());
      assertEquals(3, cache.contents().files());
      assertTrue(cache.contents().bytes() <= 2 * state);
      assertTrue(cache.contents().fileBytes() <= 3 * (state + 100));
      assertEquals(0, cache.restore(texts.get(1), session));
      assertEquals(5, cache.restore(texts.getFirst(), session));
      assertEquals(3, files().size());
    }
    long two = files().stream().mapToLong(file -> file.toFile().length()).sum() * 2 / 3;
    try (StateCache cache = inFolder(2 * state, two)) {
      assertEquals(2, cache.contents().files());
      assertEquals(0, cache.contents().states());
    }
    assertEquals(2, files().size());
    long tooFew = StateCache.stateBytes(model);
    assertThrows(IllegalArgumentException.class, () -> StateCache.inMemory(model, tooFew));
  }

  /** Each file is damaged in another way; none is restored, all that are not ours stay. */
  @Test
  void damagedAndForeignFilesAreNeverUsed() throws IOException {
    List<int[]> texts = Stream.generate(() -> tokens(6)).limit(200).toList();
    LanguageSession session = newSession();
    try (StateCache cache = inFolder(MUCH, MUCH)) {
      for (int[] text : texts) {
        cache.feed(text, session);
      }
    }
    Path note = Files.writeString(folder.resolve("note.txt"), "mine");
    Path other = Files.writeString(folder.resolve("x.state"), "mine");
    List<Path> files = files().stream().filter(file -> !file.equals(other)).toList();
    for (Path file : files) {
      byte[] bytes = Files.readAllBytes(file);
      switch (random.nextInt(4)) {
        case 0 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length + 10));
        case 1 -> random.nextBytes(bytes);
        case 2 -> bytes[random.nextInt(100)] ^= (byte) (1 << random.nextInt(8));
        default -> bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      }
      Files.write(file, bytes);
    }
    Files.writeString(folder.resolve("." + files.getFirst().getFileName() + ".1-2.tmp"), "half");
    try (StateCache cache = inFolder(MUCH, MUCH)) {
      for (int[] text : texts) {
        int found = cache.restore(text, session);
        assertTrue(found == 0 || found == text.length);
        if (found > 0) { // the file was made longer by nothing, or replaced by itself
          LanguageSession expected = newSession();
          expected.feed(text);
          same(expected, session);
        }
        cache.feed(text, session);
      }
      assertTrue(cache.contents().discarded() > 150);
    }
    assertEquals("mine", Files.readString(note));
    assertEquals("mine", Files.readString(other));
    try (Stream<Path> all = Files.list(folder)) {
      assertEquals(0, all.filter(file -> file.toString().endsWith(".tmp")).count());
    }
  }

  /** A whole file under another file's name is not taken for that one's. */
  @Test
  void namesAndModelsAreNotMixedUp() throws IOException {
    LanguageSession session = newSession();
    int[] one = tokens(6);
    int[] two = tokens(6);
    try (StateCache cache = inFolder(MUCH, MUCH)) {
      cache.feed(one, session);
      Path first = files().getFirst();
      cache.feed(two, session);
      Path second = files().stream().filter(file -> !file.equals(first)).findFirst().orElseThrow();
      Files.copy(first, second, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }
    try (StateCache cache = inFolder(MUCH, MUCH)) {
      assertEquals(0, cache.restore(two, session));
      assertEquals(6, cache.restore(one, session));
      assertEquals(1, cache.contents().discarded());
      assertThrows(IOException.class, () -> inFolder(MUCH, MUCH));
    }
    Path foreign = Golden.root().resolve("xlstm").resolve("large_single");
    try (LanguageModel another = LanguageModel.open(foreign);
        StateCache cache = StateCache.inFolder(another, MUCH, folder, MUCH)) {
      assertEquals(0, cache.restore(one, another.newSession(Team.of(1))));
      assertEquals(1, cache.contents().discarded());
      assertThrows(IllegalArgumentException.class, () -> cache.restore(one, session));
    }
    assertEquals(0, files().size());
  }

  /** A disk that refuses: the state is kept in memory. */
  @Test
  void aFolderThatIsGoneIsNoFailure() throws IOException {
    LanguageSession session = newSession();
    int[] text = tokens(6);
    try (StateCache cache = inFolder(MUCH, MUCH)) {
      Files.delete(folder.resolve("lock"));
      Files.delete(folder);
      cache.feed(text, session);
      assertEquals(6, cache.restore(text, session));
      assertEquals(0, cache.contents().files());
      assertEquals(0, cache.contents().fileBytes());
    }
    Files.createDirectory(folder);
  }

  /** Threads that keep and restore the same texts, with room for few of them. */
  @Test
  void threadsDoNotMixStatesUp() throws Exception {
    List<int[]> texts = Stream.generate(() -> tokens(4)).limit(12).toList();
    List<LanguageSession> expected = new ArrayList<>();
    for (int[] text : texts) {
      LanguageSession session = newSession();
      session.feed(text);
      expected.add(session);
    }
    long state = StateCache.stateBytes(model) + 16;
    try (StateCache cache = inFolder(3 * state, 6 * (state + 100));
        ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<?>> work = new ArrayList<>();
      for (int thread = 0; thread < 4; thread++) {
        Random own = new Random(thread);
        work.add(
            threads.submit(
                () -> {
                  LanguageSession session = newSession();
                  for (int round = 0; round < 150; round++) {
                    int i = own.nextInt(texts.size());
                    int found = cache.restore(texts.get(i), session);
                    assertTrue(found == 0 || found == 4);
                    if (found == 0) {
                      session.copyFrom(expected.get(i));
                      cache.keep(texts.get(i), session);
                    }
                    same(expected.get(i), session);
                  }
                }));
      }
      for (Future<?> one : work) {
        one.get();
      }
      assertTrue(cache.contents().bytes() <= 3 * state);
      assertTrue(cache.contents().states() <= 3);
      assertTrue(cache.contents().files() <= 6);
      assertFalse(files().size() > 6);
    }
  }
}
