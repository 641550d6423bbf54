package org.xlstm4j.models.language;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.engine.State;
import org.xlstm4j.engine.StateLayout;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.ModelFormatException;
import org.xlstm4j.loader.SafetensorsWriter;
import org.xlstm4j.loader.Tensor;
import org.xlstm4j.loader.TensorType;

/**
 * A session on disk: its state and the logits of its next token as a safetensors file, with what
 * identifies the model, the number of tokens fed, and a checksum. Loading continues bit for bit.
 */
public final class SessionFile {
  private static final String VERSION = "xlstm4j.session";
  private static final String CURRENT = "2";
  private static final String MODEL = "model";
  private static final String POSITION = "position";
  private static final String CHECKSUM = "crc32c";
  private static final String LOGITS = "logits";

  /** Bytes of each tensor that enter the model's fingerprint: enough to tell trainings apart. */
  private static final int SAMPLE = 256;

  private SessionFile() {}

  /**
   * Saves a session. A program that is told to end meanwhile ends when the file is whole.
   *
   * @param session any session
   * @param file where to; replaced only by a whole file, which has the same permissions; a symbolic
   *     link stays and its target is replaced
   * @throws IOException if it cannot be written
   */
  public static void save(LanguageSession session, Path file) throws IOException {
    MemorySegment logits = logits(session.model());
    if (session.position() > 0) {
      MemorySegment.copy(session.logits(), 0, logits, JAVA_FLOAT, 0, session.logits().length);
    }
    List<Part> parts = parts(session.state(), logits);
    Map<String, String> metadata =
        Map.of(
            VERSION,
            CURRENT,
            MODEL,
            fingerprint(session.model()),
            POSITION,
            Long.toString(session.position()),
            CHECKSUM,
            checksum(parts, session.position()));
    List<SafetensorsWriter.Entry> entries = parts.stream().map(Part::entry).toList();
    try (SafetensorsWriter writer = SafetensorsWriter.finishedAtShutdown(file, entries, metadata)) {
      for (Part part : parts) {
        writer.write(part.bytes().asByteBuffer());
      }
      writer.finish();
    }
  }

  /**
   * Continues a saved session.
   *
   * @param session a session of the same model; unchanged if the file is refused
   * @param file written by {@link #save}
   * @throws ModelFormatException if the file is damaged or of another model
   * @throws IOException if it cannot be read
   */
  public static void load(LanguageSession session, Path file) throws IOException {
    try (Checkpoint saved = Checkpoint.open(file)) {
      Map<String, String> metadata = saved.metadata();
      check(file, VERSION, CURRENT, metadata.get(VERSION));
      check(file, MODEL, fingerprint(session.model()), metadata.get(MODEL));
      long position = position(file, metadata.get(POSITION));
      State state = new State(session.state().layout());
      MemorySegment logits = logits(session.model());
      List<Part> parts = parts(state, logits);
      for (Part part : parts) {
        part.read(file, saved.get(part.name()));
      }
      check(file, CHECKSUM, checksum(parts, position), metadata.get(CHECKSUM));
      session.restore(state, logits.toArray(JAVA_FLOAT), position);
    }
  }

  /** One tensor of the file, and the memory that it is written from or read into. */
  private record Part(String name, List<Long> shape, MemorySegment bytes) {
    SafetensorsWriter.Entry entry() {
      return new SafetensorsWriter.Entry(name, TensorType.F32, shape);
    }

    void read(Path file, Tensor tensor) throws ModelFormatException {
      if (tensor.type() != TensorType.F32 || tensor.data().byteSize() != bytes.byteSize()) {
        throw ModelFormatException.of(file, name, "F32 " + shape, tensor.toString());
      }
      bytes.copyFrom(tensor.data());
    }
  }

  private static List<Part> parts(State state, MemorySegment logits) {
    List<Part> parts = new ArrayList<>();
    for (StateLayout.Slot slot : state.layout().slots()) {
      List<Long> shape = slot.shape().stream().map(Integer::longValue).toList();
      MemorySegment bytes =
          state.segment().asSlice(slot.byteOffset(), slot.elements() * Float.BYTES);
      parts.add(new Part("state." + slot.name(), shape, bytes));
    }
    parts.add(new Part(LOGITS, List.of(logits.byteSize() / Float.BYTES), logits));
    return parts;
  }

  /** Room outside the heap, where the parts of a state are too. */
  private static MemorySegment logits(LanguageModel model) {
    return Arena.ofAuto().allocate(JAVA_FLOAT, model.vocabularySize());
  }

  private static long position(Path file, @Nullable String text) throws ModelFormatException {
    try {
      long position = Long.parseLong(String.valueOf(text));
      if (position >= 0) {
        return position;
      }
    } catch (NumberFormatException e) {
      // told below, with the place
    }
    throw ModelFormatException.of(file, POSITION, "a number of tokens", String.valueOf(text));
  }

  private static void check(Path file, String key, String expected, @Nullable String found)
      throws ModelFormatException {
    if (!expected.equals(found)) {
      throw ModelFormatException.of(
          file, "session's " + key, expected, found == null ? "nothing" : found);
    }
  }

  private static String checksum(List<Part> parts, long position) {
    CRC32C crc = new CRC32C();
    for (Part part : parts) {
      crc.update(part.bytes().asByteBuffer());
    }
    crc.update(Long.toString(position).getBytes(StandardCharsets.US_ASCII));
    return Long.toHexString(crc.getValue());
  }

  /** A digest of the weights' names, types and shapes and of the beginning of each tensor. */
  private static String fingerprint(LanguageModel model) {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
    for (Tensor tensor : model.checkpoint()) {
      digest.update(tensor.toString().getBytes(StandardCharsets.UTF_8));
      long length = Math.min(SAMPLE, tensor.data().byteSize());
      digest.update(tensor.data().asSlice(0, length).asByteBuffer());
    }
    return HexFormat.of().formatHex(digest.digest(), 0, 16);
  }
}
