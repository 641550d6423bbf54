package org.xlstm4j.models.image;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** The decompressed data of a PNG file, from the chunks they are spread over. */
final class PngData implements AutoCloseable {
  private final Inflater inflater = new Inflater();
  private final Deque<ByteBuffer> chunks = new ArrayDeque<>();

  /** Adds the body of a chunk. */
  void add(ByteBuffer chunk) {
    chunks.add(chunk);
  }

  /** Fills an array. */
  void read(byte[] bytes) throws UnreadableImageException {
    int at = 0;
    while (at < bytes.length) {
      if (inflater.needsInput() && !chunks.isEmpty()) {
        inflater.setInput(chunks.remove());
      }
      int count;
      try {
        count = inflater.inflate(bytes, at, bytes.length - at);
      } catch (DataFormatException e) {
        UnreadableImageException refused =
            new UnreadableImageException("pixels", "deflated data", "damaged ones");
        refused.initCause(e);
        throw refused;
      }
      boolean over = inflater.finished() || inflater.needsDictionary();
      if (count == 0 && (over || (inflater.needsInput() && chunks.isEmpty()))) {
        throw new UnreadableImageException("pixels", "a whole PNG", "one that ends early");
      }
      at += count;
    }
  }

  @Override
  public void close() {
    inflater.end();
  }
}
