package org.xlstm4j.models;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.engine.cells.State;
import org.xlstm4j.engine.cells.StateLayout;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.SafetensorsWriter;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.loader.tensors.Tensor;
import org.xlstm4j.loader.tensors.TensorType;

/**
 * A session on disk: its state, and what else it needs to go on, as a safetensors file with what
 * identifies the model, the number of tokens fed, and a checksum.
 */
public final class StateFile {
  private static final String VERSION = "xlstm4j.session";
  private static final String CURRENT = "2";
  private static final String MODEL = "model";
  private static final String POSITION = "position";
  private static final String CHECKSUM = "crc32c";
  private static final String NOTE = "note.";

  /** Bytes of each tensor that enter the model's fingerprint: enough to tell trainings apart. */
  private static final int SAMPLE = 256;

  private StateFile() {}

  /**
   * What a file holds.
   *
   * @param state the recurrent state
   * @param position number of tokens fed
   * @param vectors what else there is, by name
   * @param notes texts that belong to the session, by name
   */
  public record Contents(
      State state, long position, Map<String, float[]> vectors, Map<String, String> notes) {
    /** Copies the maps. */
    public Contents {
      vectors = Map.copyOf(vectors);
      notes = Map.copyOf(notes);
    }
  }

  /**
   * Saves a session. A program that is asked to end meanwhile ends when the file is whole.
   *
   * @param file where to; replaced only by a whole file, which has the same permissions; a symbolic
   *     link stays and its target is replaced
   * @param model the weights
   * @param contents what to save
   * @throws IOException if it cannot be written
   */
  public static void save(Path file, Checkpoint model, Contents contents) throws IOException {
    List<Part> parts = parts(contents.state());
    new TreeMap<>(contents.vectors()).forEach((name, values) -> parts.add(Part.of(name, values)));
    Map<String, String> metadata = new TreeMap<>();
    contents.notes().forEach((name, note) -> metadata.put(NOTE + name, note));
    String checksum = checksum(parts, contents.position(), metadata);
    metadata.put(VERSION, CURRENT);
    metadata.put(MODEL, fingerprint(model));
    metadata.put(POSITION, Long.toString(contents.position()));
    metadata.put(CHECKSUM, checksum);
    List<SafetensorsWriter.Entry> entries = parts.stream().map(Part::entry).toList();
    try (SafetensorsWriter writer = SafetensorsWriter.finishedAtShutdown(file, entries, metadata)) {
      for (Part part : parts) {
        writer.write(part.bytes().asByteBuffer());
      }
      writer.finish();
    }
  }

  /**
   * Reads a saved session.
   *
   * @param file written by {@link #save}
   * @param model the weights it must be of
   * @param layout of the state
   * @param vectors names and lengths of what else must be there
   * @return the contents
   * @throws ModelFormatException if the file is damaged or of another model
   * @throws IOException if it cannot be read
   */
  public static Contents load(
      Path file, Checkpoint model, StateLayout layout, Map<String, Integer> vectors)
      throws IOException {
    try (Checkpoint saved = Checkpoint.open(file)) {
      Map<String, String> metadata = saved.metadata();
      check(file, VERSION, CURRENT, metadata.get(VERSION));
      check(file, MODEL, fingerprint(model), metadata.get(MODEL));
      long position = position(file, metadata.get(POSITION));
      State state = new State(layout);
      List<Part> parts = parts(state);
      int slots = parts.size();
      new TreeMap<>(vectors).forEach((name, length) -> parts.add(Part.of(name, new float[length])));
      for (Part part : parts) {
        part.read(file, saved.get(part.name()));
      }
      SortedMap<String, String> notes = new TreeMap<>(metadata);
      notes.keySet().removeIf(key -> !key.startsWith(NOTE));
      check(file, CHECKSUM, checksum(parts, position, notes), metadata.get(CHECKSUM));
      Map<String, float[]> read = new HashMap<>();
      for (Part part : parts.subList(slots, parts.size())) {
        read.put(part.name(), part.bytes().toArray(JAVA_FLOAT));
      }
      Map<String, String> named = new HashMap<>();
      notes.forEach((key, note) -> named.put(key.substring(NOTE.length()), note));
      return new Contents(state, position, read, named);
    }
  }

  /** One tensor of the file, and the memory that it is written from or read into. */
  private record Part(String name, List<Long> shape, MemorySegment bytes) {
    SafetensorsWriter.Entry entry() {
      return new SafetensorsWriter.Entry(name, TensorType.F32, shape);
    }

    /** Outside the heap, where the parts of a state are too. */
    static Part of(String name, float[] values) {
      MemorySegment bytes = Arena.ofAuto().allocate(JAVA_FLOAT, values.length);
      MemorySegment.copy(values, 0, bytes, JAVA_FLOAT, 0, values.length);
      return new Part(name, List.of((long) values.length), bytes);
    }

    void read(Path file, Tensor tensor) throws ModelFormatException {
      if (tensor.type() != TensorType.F32 || tensor.data().byteSize() != bytes.byteSize()) {
        throw ModelFormatException.of(file, name, "F32 " + shape, tensor.toString());
      }
      bytes.copyFrom(tensor.data());
    }
  }

  private static List<Part> parts(State state) {
    List<Part> parts = new ArrayList<>();
    for (StateLayout.Slot slot : state.layout().slots()) {
      List<Long> shape = slot.shape().stream().map(Integer::longValue).toList();
      MemorySegment bytes =
          state.segment().asSlice(slot.byteOffset(), slot.elements() * Float.BYTES);
      parts.add(new Part("state." + slot.name(), shape, bytes));
    }
    return parts;
  }

  private static long position(Path file, @Nullable String text) throws ModelFormatException {
    try {
      long position = Long.parseLong(String.valueOf(text));
      if (position >= 0) {
        return position;
      }
    } catch (NumberFormatException e) {
      // refused below, with the place
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

  private static String checksum(List<Part> parts, long position, Map<String, String> notes) {
    CRC32C crc = new CRC32C();
    for (Part part : parts) {
      crc.update(part.bytes().asByteBuffer());
    }
    crc.update(Long.toString(position).getBytes(StandardCharsets.US_ASCII));
    notes.forEach((key, note) -> crc.update((key + "=" + note).getBytes(StandardCharsets.UTF_8)));
    return Long.toHexString(crc.getValue());
  }

  /**
   * What identifies a model: a digest of the weights' names, types and shapes and of the beginning
   * of each tensor.
   *
   * @param model the weights
   * @return 32 hexadecimal digits
   */
  public static String fingerprint(Checkpoint model) {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
    for (Tensor tensor : model) {
      digest.update(tensor.toString().getBytes(StandardCharsets.UTF_8));
      long length = Math.min(SAMPLE, tensor.data().byteSize());
      digest.update(tensor.data().asSlice(0, length).asByteBuffer());
    }
    return HexFormat.of().formatHex(digest.digest(), 0, 16);
  }
}
