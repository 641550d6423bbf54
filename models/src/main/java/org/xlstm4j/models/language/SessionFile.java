package org.xlstm4j.models.language;

import java.io.IOException;
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
 * A session on disk: its state as a safetensors file, with what identifies the model, the number of
 * tokens fed, and a checksum. Loading continues bit for bit.
 */
public final class SessionFile {
  private static final String VERSION = "xlstm4j.session";
  private static final String MODEL = "model";
  private static final String POSITION = "position";
  private static final String CHECKSUM = "crc32c";

  /** Bytes of each tensor that enter the model's fingerprint: enough to tell trainings apart. */
  private static final int SAMPLE = 256;

  private SessionFile() {}

  /**
   * Saves a session.
   *
   * @param session any session
   * @param file where to; replaced only by a whole file
   * @throws IOException if it cannot be written
   */
  public static void save(LanguageSession session, Path file) throws IOException {
    State state = session.state();
    List<SafetensorsWriter.Entry> entries = new ArrayList<>();
    for (StateLayout.Slot slot : state.layout().slots()) {
      List<Long> shape = slot.shape().stream().map(Integer::longValue).toList();
      entries.add(new SafetensorsWriter.Entry("state." + slot.name(), TensorType.F32, shape));
    }
    Map<String, String> metadata =
        Map.of(
            VERSION,
            "1",
            MODEL,
            fingerprint(session.model()),
            POSITION,
            Long.toString(session.position()),
            CHECKSUM,
            checksum(state));
    try (SafetensorsWriter writer = new SafetensorsWriter(file, entries, metadata)) {
      for (StateLayout.Slot slot : state.layout().slots()) {
        writer.write(bytes(state, slot).asByteBuffer());
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
      check(file, VERSION, "1", metadata.get(VERSION));
      check(file, MODEL, fingerprint(session.model()), metadata.get(MODEL));
      State restored = new State(session.state().layout());
      for (StateLayout.Slot slot : restored.layout().slots()) {
        Tensor tensor = saved.get("state." + slot.name());
        MemorySegment target = bytes(restored, slot);
        if (tensor.type() != TensorType.F32 || tensor.data().byteSize() != target.byteSize()) {
          throw ModelFormatException.of(
              file, tensor.name(), "F32 " + slot.shape(), tensor.toString());
        }
        target.copyFrom(tensor.data());
      }
      check(file, CHECKSUM, checksum(restored), metadata.get(CHECKSUM));
      long position = position(file, metadata.get(POSITION));
      session.state().copyFrom(restored);
      session.moveTo(position);
    }
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

  private static MemorySegment bytes(State state, StateLayout.Slot slot) {
    return state.segment().asSlice(slot.byteOffset(), slot.elements() * Float.BYTES);
  }

  private static String checksum(State state) {
    CRC32C crc = new CRC32C();
    for (StateLayout.Slot slot : state.layout().slots()) {
      crc.update(bytes(state, slot).asByteBuffer());
    }
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
