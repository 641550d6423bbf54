package org.xlstm4j.loader;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.xlstm4j.loader.files.WholeFile;
import org.xlstm4j.loader.tensors.TensorType;

/**
 * Writes a safetensors file, tensor by tensor, as a {@link WholeFile}.
 *
 * <p>Not thread-safe.
 */
public final class SafetensorsWriter implements AutoCloseable {
  /** The data of the first tensor starts at a multiple of this many bytes. */
  private static final int ALIGNMENT = 64;

  private final Path name;
  private final WholeFile file;
  private final List<Entry> entries;
  private int current;
  private long written;

  /**
   * A tensor to be written.
   *
   * @param name unique within the file
   * @param type how its elements are stored
   * @param shape its dimensions
   */
  public record Entry(String name, TensorType type, List<Long> shape) {
    /** Checks the dimensions. */
    public Entry {
      shape = List.copyOf(shape);
      for (long dimension : shape) {
        if (dimension < 0) {
          throw new IllegalArgumentException(name + " has a dimension of " + dimension);
        }
      }
    }

    /**
     * The tensor's size in the file.
     *
     * @return bytes
     */
    public long byteSize() {
      long elements = 1;
      for (long dimension : shape) {
        elements = Math.multiplyExact(elements, dimension);
      }
      return Math.multiplyExact(elements, type.bits()) / 8;
    }
  }

  /**
   * Starts a file.
   *
   * @param name where it shall appear; replaced if it exists
   * @param entries the tensors in the order in which they will be written
   * @param metadata texts by name, part of the header
   * @throws IOException if the folder cannot be written to
   */
  public SafetensorsWriter(Path name, List<Entry> entries, Map<String, String> metadata)
      throws IOException {
    this(new WholeFile(name), name, entries, metadata);
  }

  /**
   * Starts a file of which nothing shall be lost if the program is told to end: {@link
   * WholeFile#finishedAtShutdown}.
   *
   * @param name where it shall appear; replaced if it exists
   * @param entries the tensors in the order in which they will be written
   * @param metadata texts by name, part of the header
   * @return the writer
   * @throws IOException if the folder cannot be written to
   */
  public static SafetensorsWriter finishedAtShutdown(
      Path name, List<Entry> entries, Map<String, String> metadata) throws IOException {
    return new SafetensorsWriter(WholeFile.finishedAtShutdown(name), name, entries, metadata);
  }

  private SafetensorsWriter(
      WholeFile file, Path name, List<Entry> entries, Map<String, String> metadata)
      throws IOException {
    this.name = name;
    this.entries = List.copyOf(entries);
    this.file = file;
    try {
      writeHeader(metadata);
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private void writeHeader(Map<String, String> metadata) throws IOException {
    ByteArrayOutputStream header = new ByteArrayOutputStream();
    try (JsonGenerator json = new JsonFactory().createGenerator(header)) {
      json.writeStartObject();
      if (!metadata.isEmpty()) {
        json.writeObjectFieldStart("__metadata__");
        for (Map.Entry<String, String> text : metadata.entrySet()) {
          json.writeStringField(text.getKey(), text.getValue());
        }
        json.writeEndObject();
      }
      long offset = 0;
      for (Entry entry : entries) {
        json.writeObjectFieldStart(entry.name());
        json.writeStringField("dtype", entry.type().name());
        json.writeArrayFieldStart("shape");
        for (long dimension : entry.shape()) {
          json.writeNumber(dimension);
        }
        json.writeEndArray();
        json.writeArrayFieldStart("data_offsets");
        json.writeNumber(offset);
        offset = Math.addExact(offset, entry.byteSize());
        json.writeNumber(offset);
        json.writeEndArray();
        json.writeEndObject();
      }
      json.writeEndObject();
    }
    while ((Long.BYTES + header.size()) % ALIGNMENT != 0) {
      header.write(' ');
    }
    ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    file.write(length.putLong(header.size()).flip());
    file.write(ByteBuffer.wrap(header.toByteArray()));
  }

  /**
   * Appends to the data of the current tensor; when it is complete the next one follows.
   *
   * @param data bytes in the file's order, little endian; not beyond the tensor's end
   * @throws IOException if the disk does not take them
   */
  public void write(ByteBuffer data) throws IOException {
    skipEmpty();
    if (current == entries.size()) {
      throw new IllegalStateException("all tensors of " + name + " are written");
    }
    Entry entry = entries.get(current);
    if (data.remaining() > entry.byteSize() - written) {
      throw new IllegalStateException(entry.name() + " gets more data than its shape holds");
    }
    written += data.remaining();
    file.write(data);
    if (written == entry.byteSize()) {
      current++;
      written = 0;
    }
  }

  /**
   * Appends floats to the current tensor, which must be of type F32.
   *
   * @param values all or a part of its elements
   * @throws IOException if the disk does not take them
   */
  public void write(float... values) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      if (!buffer.hasRemaining()) {
        write(buffer.flip());
        buffer.clear();
      }
      buffer.putFloat(value);
    }
    if (buffer.position() > 0) {
      write(buffer.flip());
    }
  }

  /**
   * Makes the file appear under its name.
   *
   * @throws IOException if the disk does not take it
   */
  public void finish() throws IOException {
    skipEmpty();
    if (current != entries.size()) {
      throw new IllegalStateException(entries.get(current).name() + " is not complete");
    }
    file.finish();
  }

  private void skipEmpty() {
    while (current < entries.size() && entries.get(current).byteSize() == 0) {
      current++;
    }
  }

  /** Removes what was written, unless the file is finished. */
  @Override
  public void close() throws IOException {
    file.close();
  }
}
