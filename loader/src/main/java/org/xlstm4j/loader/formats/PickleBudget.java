package org.xlstm4j.loader.formats;

import java.nio.file.Path;
import org.xlstm4j.loader.files.ModelFormatException;

/**
 * The memory that all objects unpickled from one file may take. A byte or two of a pickle can make
 * an object of several hundred bytes, so objects are counted by about their size in the JVM.
 */
final class PickleBudget {
  /** A number that is not shared. */
  static final int NUMBER = 40;

  /** A text, but for its characters: they are bounded by the pickle's length. */
  static final int TEXT = 80;

  /** A list or tuple without its items. */
  static final int SEQUENCE = 56;

  /** A reference in a sequence or in the memo. */
  static final int REFERENCE = 8;

  /** A dictionary without its entries. */
  static final int DICTIONARY = 88;

  /** An entry of a dictionary, and its key if that was a number. */
  static final int ENTRY = 112;

  /** A storage without the name of its entry. */
  static final int STORAGE = 160;

  /** A tensor without its shape. */
  static final int TENSOR = 200;

  /** What a tensor of the checkpoint takes more than one that has no name. */
  static final int NAMED_TENSOR = 128;

  /** A container when it becomes a plain value, without its items. */
  static final int CONVERTED = 160;

  private static final long FIXED = 10 << 20;
  private static final int TIMES = 8;

  private final Path file;
  private final long most;
  private long taken;

  /**
   * The budget of a file.
   *
   * @param file the file that errors name
   * @param bytes its length
   */
  PickleBudget(Path file, long bytes) {
    this.file = file;
    most = FIXED + TIMES * Math.min(bytes, PickleReader.MAX_BYTES);
  }

  /**
   * Counts an object.
   *
   * @param bytes about what it takes
   * @param entry the archive's entry that errors name
   */
  void take(long bytes, String entry) throws ModelFormatException {
    taken += bytes;
    if (taken > most) {
      throw ModelFormatException.of(
          file, entry, "objects that take at most " + most + " bytes of memory", "more");
    }
  }
}
