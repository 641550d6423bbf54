package org.xlstm4j.loader.bytes;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.loader.files.ModelFormatException;

/** What a file is by its first bytes, for those that are often taken for another kind. */
public final class FileKind {
  /** How the files begin that Git keeps in place of large ones. */
  private static final byte[] GIT_LFS =
      "version https://git-lfs.github.com/spec/".getBytes(StandardCharsets.US_ASCII);

  /** Git LFS keeps its pointers shorter than this. */
  private static final int POINTER_BYTES = 1024;

  private static final byte[] ZIP = {'P', 'K', 3, 4};
  private static final byte[] PICKLE = {(byte) 0x80, 2};
  private static final byte[] GGUF = {'G', 'G', 'U', 'F'};

  private FileKind() {}

  /**
   * Refuses what Git keeps in place of a large file.
   *
   * @param file an existing file
   * @throws ModelFormatException if it is such a pointer
   * @throws IOException if it cannot be read
   */
  public static void requireDownloaded(Path file) throws IOException {
    if (Files.size(file) < POINTER_BYTES
        && startsWith(MemorySegment.ofArray(Files.readAllBytes(file)), GIT_LFS)) {
      throw ModelFormatException.of(
          file,
          "file",
          "a model's data",
          "a pointer of Git LFS: the data was not downloaded (git lfs pull fetches it)");
    }
  }

  /**
   * Whether a file is a zip archive, as PyTorch and training runs write them.
   *
   * @param bytes its content
   * @return whether it begins like one
   */
  public static boolean isZip(MemorySegment bytes) {
    return startsWith(bytes, ZIP);
  }

  /**
   * What a file is that is no safetensors file.
   *
   * @param bytes its content
   * @return words for a message, or null if it cannot be told
   */
  public static @Nullable String nameOf(MemorySegment bytes) {
    if (startsWith(bytes, PICKLE)) {
      return "a pickle, as PyTorch wrote it before version 1.6 (torch.save it again)";
    }
    if (startsWith(bytes, GGUF)) {
      return "a GGUF file";
    }
    String beginning = beginning(bytes);
    return beginning.isBlank() ? null : "a text that begins with \"" + beginning + '"';
  }

  /** The first characters of a text; empty if the file does not begin with one. */
  private static String beginning(MemorySegment bytes) {
    int length = (int) Math.min(bytes.byteSize(), 16);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      byte value = bytes.get(ValueLayout.JAVA_BYTE, i);
      if (value < ' ' && value != '\n' && value != '\r' && value != '\t') {
        return "";
      }
      text.append((char) value);
    }
    return text.toString();
  }

  private static boolean startsWith(MemorySegment bytes, byte[] start) {
    return bytes.byteSize() >= start.length
        && bytes.asSlice(0, start.length).mismatch(MemorySegment.ofArray(start)) == -1;
  }
}
