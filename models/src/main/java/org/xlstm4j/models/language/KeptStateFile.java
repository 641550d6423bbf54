package org.xlstm4j.models.language;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.loader.files.WholeFile;
import org.xlstm4j.models.StateFile;

/**
 * A session's state in a file of its own, named by a digest of the tokens that led to it. Little
 * endian:
 *
 * <pre>
 * bytes            what
 * 8                xlstmst1
 * 32               fingerprint of the model
 * 4                n, the number of tokens
 * 4                v, the size of the vocabulary
 * 8                s, bytes of the state
 * 4                CRC-32C of all that and the tokens
 * 4                CRC-32C of logits and state
 * 4 n              tokens
 * 4 v              logits behind the last token
 * s                the state
 * </pre>
 *
 * <p>Immutable and thread-safe.
 */
final class KeptStateFile {
  /** Names of such files. */
  static final Pattern NAME = Pattern.compile("[0-9a-f]{32}\\.state");

  private static final String MAGIC = "xlstmst1";
  private static final int FINGERPRINT = 32;
  private static final int SUMMED = 8 + FINGERPRINT + 4 + 4 + 8;
  private static final int HEADER = SUMMED + 4 + 4;

  /** Most bytes of memory in one buffer. */
  private static final long PIECE = 1 << 26;

  private final byte[] fingerprint;
  private final int vocabulary;
  private final long stateBytes;

  KeptStateFile(LanguageModel model) {
    fingerprint = StateFile.fingerprint(model.checkpoint()).getBytes(US_ASCII);
    vocabulary = model.vocabularySize();
    stateBytes = model.stateLayout().byteSize();
  }

  /** Bytes of a file. */
  long size(int tokens) {
    return HEADER + Integer.BYTES * (long) tokens + Float.BYTES * (long) vocabulary + stateBytes;
  }

  /** The name of the file for these tokens. */
  String name(int[] tokens) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(fingerprint);
      digest.update(bytes(tokens));
      return HexFormat.of().formatHex(digest.digest(), 0, 16) + ".state";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ByteBuffer allocate(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static ByteBuffer bytes(int[] tokens) {
    ByteBuffer bytes = allocate(Math.multiplyExact(Integer.BYTES, tokens.length));
    bytes.asIntBuffer().put(tokens);
    return bytes;
  }

  private static ByteBuffer bytes(float[] logits) {
    ByteBuffer bytes = allocate(Math.multiplyExact(Float.BYTES, logits.length));
    bytes.asFloatBuffer().put(logits);
    return bytes;
  }

  /** All before the checksums. */
  private ByteBuffer summed(int tokens) {
    return allocate(SUMMED)
        .put(MAGIC.getBytes(US_ASCII))
        .put(fingerprint)
        .putInt(tokens)
        .putInt(vocabulary)
        .putLong(stateBytes)
        .flip();
  }

  private static int checksum(ByteBuffer first, ByteBuffer second) {
    CRC32C crc = new CRC32C();
    crc.update(first.duplicate());
    crc.update(second.duplicate());
    return (int) crc.getValue();
  }

  private int checksum(ByteBuffer logits, MemorySegment state) {
    CRC32C crc = new CRC32C();
    crc.update(logits.duplicate());
    for (long at = 0; at < stateBytes; at += PIECE) {
      crc.update(piece(state, at));
    }
    return (int) crc.getValue();
  }

  private ByteBuffer piece(MemorySegment state, long at) {
    return state.asSlice(at, Math.min(PIECE, stateBytes - at)).asByteBuffer();
  }

  /**
   * Writes a session.
   *
   * @throws IOException if the disk does not take it; there is no file then
   */
  void write(Path file, int[] tokens, LanguageSession session) throws IOException {
    ByteBuffer start = summed(tokens.length);
    ByteBuffer ids = bytes(tokens);
    ByteBuffer logits = bytes(session.logits());
    MemorySegment state = session.state().segment();
    ByteBuffer sums =
        allocate(HEADER - SUMMED)
            .putInt(checksum(start, ids))
            .putInt(checksum(logits, state))
            .flip();
    try (WholeFile whole = new WholeFile(file)) {
      for (ByteBuffer part : new ByteBuffer[] {start, sums, ids, logits}) {
        whole.write(part);
      }
      for (long at = 0; at < stateBytes; at += PIECE) {
        whole.write(piece(state, at));
      }
      whole.finish();
    }
  }

  /** The tokens of a file, as far as its header shows whether it is whole; null if it does not. */
  int @Nullable [] tokens(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      int[] tokens = header(channel);
      boolean named = tokens != null && file.getFileName().toString().equals(name(tokens));
      return named ? tokens : null;
    } catch (EOFException e) {
      return null;
    }
  }

  /** Reads up to the logits; null if something is not as it should be. */
  private int @Nullable [] header(FileChannel channel) throws IOException {
    ByteBuffer header = read(channel, allocate(HEADER));
    int count = header.getInt(SUMMED - 16);
    if (!header.slice(0, SUMMED).equals(summed(count))
        || count < 1
        || channel.size() != size(count)) {
      return null;
    }
    ByteBuffer ids = read(channel, allocate(Math.multiplyExact(Integer.BYTES, count)));
    if (checksum(summed(count), ids) != header.getInt(SUMMED)) {
      return null;
    }
    int[] tokens = new int[count];
    ids.asIntBuffer().get(tokens);
    return tokens;
  }

  /**
   * Reads a session.
   *
   * @param tokens that the file must be of
   * @return whether it is; if not, the session has no meaning
   */
  boolean read(Path file, int[] tokens, LanguageSession session) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      if (!Arrays.equals(header(channel), tokens)) {
        return false;
      }
      ByteBuffer sums = allocate(HEADER - SUMMED);
      channel.read(sums, SUMMED);
      ByteBuffer logits = read(channel, allocate(Float.BYTES * vocabulary));
      MemorySegment state = session.state().segment();
      for (long at = 0; at < stateBytes; at += PIECE) {
        read(channel, piece(state, at));
      }
      session.restored(tokens.length);
      logits.asFloatBuffer().get(session.logits());
      return checksum(logits, state) == sums.getInt(Integer.BYTES);
    } catch (IOException e) {
      return false;
    }
  }

  /** Fills a buffer and turns it around. */
  private static ByteBuffer read(FileChannel channel, ByteBuffer target) throws IOException {
    while (target.hasRemaining()) {
      if (channel.read(target) < 0) {
        throw new EOFException();
      }
    }
    return target.flip();
  }
}
