package org.xlstm4j.cli.hub;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.LongConsumer;
import org.xlstm4j.loader.files.FolderEntries;

/**
 * Gets contents of files into a cache. What was received before a connection broke or a program
 * ended is kept and continued. A content gets its name only when it was read back from the disk and
 * has the length and the digest of the list.
 */
final class Download {
  private static final int PIECE = 1 << 18;
  private static final int SHA_256_DIGITS = 64;
  private static final int PARTIAL = 206;
  private static final int BEYOND = 416;

  private final HubClient client;
  private final ModelCache cache;
  private final Patience patience;
  private final LongConsumer progress;
  private final byte[] piece = new byte[PIECE];

  /**
   * Downloads into a cache.
   *
   * @param progress is called with the number of bytes that arrived; a negative one takes back what
   *     has to come again
   */
  Download(HubClient client, ModelCache cache, Patience patience, LongConsumer progress) {
    this.client = client;
    this.cache = cache;
    this.patience = patience;
    this.progress = progress;
  }

  /**
   * Gets the content of a file.
   *
   * @param uri where it is
   * @throws IOException if it cannot be had, or is not what the list says; then nothing of it is
   *     kept
   */
  void get(HubFile file, URI uri) throws IOException {
    Path incomplete = cache.incomplete(file);
    try (FileChannel out =
        FileChannel.open(
            incomplete,
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            LinkOption.NOFOLLOW_LINKS)) {
      boolean continued = out.size() > 0;
      receive(file, uri, out);
      String found = digest(file, out);
      if (!found.equals(file.digest()) && continued) {
        // what an earlier program left may be damaged
        startAgain(out);
        receive(file, uri, out);
        found = digest(file, out);
      }
      if (!found.equals(file.digest())) {
        throw refused(file, "its digest is " + found + ", but " + file.digest() + " in the list");
      }
      out.force(true);
    }
    Files.move(
        incomplete,
        cache.blob(file),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
    FolderEntries.syncName(cache.blob(file));
  }

  private void startAgain(FileChannel out) throws IOException {
    progress.accept(-out.size());
    out.truncate(0);
  }

  private IOException refused(HubFile file, String why) throws IOException {
    Files.deleteIfExists(cache.incomplete(file));
    return new IOException(file.path() + ": " + why + "; nothing of it is kept");
  }

  /** Receives what is missing of a content, however often the connection breaks. */
  private void receive(HubFile file, URI uri, FileChannel out) throws IOException {
    if (out.size() > file.size()) {
      out.truncate(0);
    }
    patience.renew();
    long reached = out.size();
    while (out.size() < file.size()) {
      try (HubAnswer answer = client.get(uri, out.size())) {
        receive(file, answer, out);
      } catch (PassingException e) {
        if (out.size() > reached) {
          reached = out.size();
          patience.renew();
        }
        patience.after(
            e.during(file.path() + ", after " + out.size() + " of " + file.size() + " bytes"));
      }
    }
  }

  private void receive(HubFile file, HubAnswer answer, FileChannel out) throws IOException {
    if (answer.status() == BEYOND) {
      startAgain(out);
      throw new PassingException("the server says that it has no more");
    }
    if (answer.status() == PARTIAL) {
      requireStart(file, answer, out.size());
    } else {
      startAgain(out);
    }
    long announced = answer.length();
    if (announced >= 0 && announced != file.size() - out.size()) {
      throw refused(
          file,
          "the server has "
              + (out.size() + announced)
              + " bytes, but the list says "
              + file.size());
    }
    int count = answer.read(piece);
    while (count >= 0) {
      if (count > file.size() - out.size()) {
        throw refused(file, "the server sends more than the " + file.size() + " bytes of the list");
      }
      ByteBuffer data = ByteBuffer.wrap(piece, 0, count);
      long at = out.size();
      while (data.hasRemaining()) {
        at += out.write(data, at);
      }
      progress.accept(count);
      count = answer.read(piece);
    }
    if (out.size() < file.size()) {
      throw new PassingException("the connection ended");
    }
  }

  /** A part must begin where it was asked for. */
  private void requireStart(HubFile file, HubAnswer answer, long from) throws IOException {
    String range = answer.header("Content-Range");
    if (range == null || !range.matches("bytes " + from + "-[0-9]+/(\\*|" + file.size() + ")")) {
      throw refused(file, "asked for bytes from " + from + " of " + file.size() + ", got " + range);
    }
  }

  /** The digest of a content, of the kind that the list has. */
  private String digest(HubFile file, FileChannel content) throws IOException {
    MessageDigest digest = algorithm(file);
    ByteBuffer buffer = ByteBuffer.wrap(piece);
    long at = 0;
    int count = content.read(buffer, at);
    while (count > 0) {
      digest.update(piece, 0, count);
      at += count;
      count = content.read(buffer.clear(), at);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest algorithm(HubFile file) {
    try {
      if (file.digest().length() == SHA_256_DIGITS) {
        return MessageDigest.getInstance("SHA-256");
      }
      MessageDigest git = MessageDigest.getInstance("SHA-1");
      git.update(("blob " + file.size() + "\0").getBytes(UTF_8));
      return git;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-1 and SHA-256", e);
    }
  }
}
