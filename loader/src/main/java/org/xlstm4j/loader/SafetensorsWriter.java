package org.xlstm4j.loader;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;

/**
 * Writes a safetensors file, tensor by tensor. The file appears under its name only when it is
 * whole and on the disk: it is written beside, synced and renamed, and what a failure leaves is
 * removed.
 *
 * <p>Not thread-safe.
 */
public final class SafetensorsWriter implements AutoCloseable {
  /** The data of the first tensor starts at a multiple of this many bytes. */
  private static final int ALIGNMENT = 64;

  private final Path file;
  private final Path beside;
  private final List<Entry> entries;
  private final FileChannel channel;
  private int current;
  private long written;
  private boolean finished;

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
   * @param file where it shall appear; replaced if it exists
   * @param entries the tensors in the order in which they will be written
   * @param metadata texts by name, part of the header
   * @throws IOException if the folder cannot be written to
   */
  public SafetensorsWriter(Path file, List<Entry> entries, Map<String, String> metadata)
      throws IOException {
    this.file = file;
    this.entries = List.copyOf(entries);
    Path folder = file.toAbsolutePath().getParent();
    beside = Files.createTempFile(folder, "." + file.getFileName(), ".tmp");
    channel = FileChannel.open(beside, StandardOpenOption.WRITE);
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
    writeFully(length.putLong(header.size()).flip());
    writeFully(ByteBuffer.wrap(header.toString(UTF_8).getBytes(UTF_8)));
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
      throw new IllegalStateException("all tensors of " + file + " are written");
    }
    Entry entry = entries.get(current);
    if (data.remaining() > entry.byteSize() - written) {
      throw new IllegalStateException(entry.name() + " gets more data than its shape holds");
    }
    written += data.remaining();
    writeFully(data);
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
    channel.force(true);
    channel.close();
    Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    finished = true;
  }

  private void skipEmpty() {
    while (current < entries.size() && entries.get(current).byteSize() == 0) {
      current++;
    }
  }

  private void writeFully(ByteBuffer data) throws IOException {
    while (data.hasRemaining()) {
      channel.write(data);
    }
  }

  /** Removes what was written, unless the file is finished. */
  @Override
  public void close() throws IOException {
    if (!finished) {
      channel.close();
      Files.deleteIfExists(beside);
    }
  }
}
