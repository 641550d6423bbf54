package org.xlstm4j.models.language;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xlstm4j.engine.cells.StateLayout;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.models.testing.Golden;

/** Session files of strangers: refused in one line, whatever is wrong with them. */
@Tag("slow")
class SessionFileTest {
  private static final Path FOLDER = Golden.root().resolve("text").resolve("table");

  private LanguageModel model;
  private LanguageSession saved;
  private Path file;
  private byte[] whole;

  @TempDir private Path temporary;

  @BeforeEach
  void save() throws IOException {
    model = LanguageModel.open(FOLDER);
    saved = newSession();
    saved.feed(256, 'x', 0xF0);
    file = temporary.resolve("session");
    SessionFile.save(saved, file);
    whole = Files.readAllBytes(file);
  }

  @AfterEach
  void close() {
    model.close();
  }

  private LanguageSession newSession() {
    return model.newSession(Team.of(1));
  }

  /** The bytes are refused in one line, and the session stays at its start. */
  private String refusal(byte[] bytes) throws IOException {
    Files.write(file, bytes);
    LanguageSession session = newSession();
    ModelFormatException refused =
        assertThrows(ModelFormatException.class, () -> SessionFile.load(session, file));
    assertEquals(0, session.position());
    String line = refused.getMessage();
    assertTrue(line.startsWith(file.toString()), line);
    assertFalse(line.contains("\n"), line);
    return line;
  }

  /** Either refused, or, where the change does not matter, the session that was saved. */
  private void refusedOrTheSame(byte[] bytes) throws IOException {
    Files.write(file, bytes);
    LanguageSession session = newSession();
    try {
      SessionFile.load(session, file);
    } catch (ModelFormatException e) {
      assertEquals(0, session.position());
      assertFalse(e.getMessage().contains("\n"), e.getMessage());
      return;
    }
    assertEquals(saved.position(), session.position());
    assertArrayEquals(saved.logits(), session.logits());
    assertEquals(-1, saved.state().segment().mismatch(session.state().segment()));
  }

  @Test
  void aWholeFileContinues() throws IOException {
    LanguageSession session = newSession();
    SessionFile.load(session, file);
    assertEquals(3, session.position());
    assertArrayEquals(saved.logits(), session.logits());
    assertArrayEquals(saved.step(0x9F), session.step(0x9F));
  }

  @Test
  void aSessionWithoutTokensIsSavedToo() throws IOException {
    SessionFile.save(newSession(), file);
    SessionFile.load(saved, file);
    assertEquals(0, saved.position());
    assertThrows(IllegalStateException.class, saved::logits);
  }

  @Test
  void damageIsRefused() throws IOException {
    Random random = new Random(1);
    for (int round = 0; round < 2000; round++) {
      byte[] damaged = whole.clone();
      for (int change = random.nextInt(3); change >= 0; change--) {
        // most of what can go wrong is in the header
        int length = random.nextInt(4) > 0 ? headerLength() : whole.length;
        damaged[random.nextInt(length)] ^= (byte) (1 << random.nextInt(8));
      }
      refusedOrTheSame(damaged);
    }
  }

  @Test
  void filesOfAnotherLengthAreRefused() throws IOException {
    Random random = new Random(2);
    for (int length : new int[] {0, 1, 7, 8, 9, headerLength(), whole.length - 1}) {
      refusal(Arrays.copyOf(whole, length));
    }
    for (int round = 0; round < 100; round++) {
      refusal(Arrays.copyOf(whole, random.nextInt(whole.length)));
    }
    refusal(Arrays.copyOf(whole, whole.length + 1));
    byte[] noise = new byte[5000];
    random.nextBytes(noise);
    refusal(noise);
  }

  @ParameterizedTest
  @CsvSource({
    "'\"position\":\"3\"', '\"position\":\"4\"', crc32c",
    "'\"position\":\"3\"', '\"position\":\"-\"', position",
    "'\"xlstm4j.session\":\"2\"', '\"xlstm4j.session\":\"1\"', xlstm4j.session",
    "'\"logits\":', '\"loglts\":', logits"
  })
  void whatIsWrongIsNamed(String old, String changed, String place) throws IOException {
    String header = new String(whole, 0, headerLength(), StandardCharsets.ISO_8859_1);
    byte[] bytes = whole.clone();
    byte[] replaced = header.replace(old, changed).getBytes(StandardCharsets.ISO_8859_1);
    assertEquals(headerLength(), replaced.length);
    System.arraycopy(replaced, 0, bytes, 0, replaced.length);
    assertFalse(Arrays.equals(whole, bytes));
    String line = refusal(bytes);
    assertTrue(line.contains(place), line);
  }

  @Test
  void otherFilesAreRefused() throws IOException {
    assertTrue(
        refusal(Files.readAllBytes(FOLDER.resolve("model.safetensors"))).contains("session"));
    refusal(Files.readAllBytes(FOLDER.resolve("config.json")));
    LanguageSession session = newSession();
    assertThrows(IOException.class, () -> SessionFile.load(session, temporary));
    assertThrows(IOException.class, () -> SessionFile.load(session, temporary.resolve("none")));
  }

  /** Whoever makes a file can make its checksum, too. */
  @Test
  void whatIsNoNumberIsRefused() throws IOException {
    StateLayout.Slot slot = saved.state().layout().slots().getFirst();
    float[] values = saved.state().read(slot);
    values[1] = Float.NaN;
    saved.state().write(slot, values);
    SessionFile.save(saved, file);
    LanguageSession session = newSession();
    ModelFormatException refused =
        assertThrows(ModelFormatException.class, () -> SessionFile.load(session, file));
    assertTrue(refused.getMessage().endsWith("found NaN at 1"), refused.getMessage());
  }

  /** Bytes before the first tensor's. */
  private int headerLength() {
    return Long.BYTES + (int) ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
  }
}
