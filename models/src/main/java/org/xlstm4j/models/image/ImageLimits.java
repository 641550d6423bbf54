package org.xlstm4j.models.image;

/**
 * How much a file may ask for. A few bytes can stand for a picture of any size, or for any number
 * of passes over it, so that time and memory are bounded by the number of bytes there are.
 *
 * <p>Not thread-safe.
 */
final class ImageLimits {
  /** As many as Pillow reads before it takes a file for a decompression bomb. */
  static final long MOST_PIXELS = 178_956_970;

  private static final long VALUES = 96 << 20;
  private static final long VALUES_PER_BYTE = 24;
  private static final long DATA = 128 << 20;
  private static final long DATA_PER_BYTE = 32;
  private static final long BLOCKS = 8 << 20;
  private static final long BLOCKS_PER_BYTE = 16;
  private static final long COEFFICIENTS_PER_BYTE = 30;
  private static final long SMALL_FILE = 1 << 20;

  private final long bytes;
  private final long mostPixels;
  private long blocks;

  /**
   * The limits of a file.
   *
   * @param bytes its size
   * @param mostPixels a limit of the caller's, beyond those that the file's size gives
   */
  ImageLimits(int bytes, long mostPixels) {
    this.bytes = bytes;
    this.mostPixels = mostPixels;
  }

  /**
   * Checks the size of a picture before memory is taken for it.
   *
   * @param width in pixels, as the file says it
   * @param height in pixels, as the file says it
   * @param channels of the decoded picture
   */
  void checkSize(long width, long height, int channels) throws UnreadableImageException {
    String size = width + " x " + height + " pixels";
    if (width < 1 || height < 1) {
      throw new UnreadableImageException("header", "at least 1 x 1 pixels", size);
    }
    if (width > mostPixels / height) {
      throw new UnreadableImageException("header", "at most " + mostPixels + " pixels", size);
    }
    long most = (VALUES + VALUES_PER_BYTE * bytes) / channels;
    if (width > most / height) {
      throw new UnreadableImageException(
          "header", "at most " + most + " pixels in " + bytes + " bytes", size);
    }
    checkMemory(width * height * channels, size);
  }

  /**
   * Checks how much data there will be to decompress.
   *
   * @param data in bytes
   */
  void checkData(long data) throws UnreadableImageException {
    long most = DATA + DATA_PER_BYTE * bytes;
    if (data > most) {
      throw new UnreadableImageException(
          "header", "at most " + most + " bytes of pixels in " + bytes + " bytes", data + " bytes");
    }
  }

  /**
   * Checks the memory for coefficients that are kept until all scans of a picture are read.
   *
   * @param coefficients of 16 bits
   */
  void checkCoefficients(long coefficients) throws UnreadableImageException {
    long most = COEFFICIENTS_PER_BYTE * Math.max(SMALL_FILE, bytes);
    String found = coefficients + " coefficients";
    if (coefficients > most) {
      throw new UnreadableImageException(
          "header", "at most " + most + " coefficients in " + bytes + " bytes", found);
    }
    checkMemory(Short.BYTES * coefficients, found);
  }

  private static void checkMemory(long needed, String found) throws UnreadableImageException {
    long heap = Runtime.getRuntime().maxMemory();
    if (needed > heap / 2) {
      throw new UnreadableImageException(
          "header", "an image that fits " + (heap >> 20) + " MB of memory", found);
    }
  }

  /**
   * Counts the blocks that a scan passes over.
   *
   * @param more blocks of the next scan
   */
  void countBlocks(long more) throws UnreadableImageException {
    blocks += more;
    long most = BLOCKS + BLOCKS_PER_BYTE * bytes;
    if (blocks > most) {
      throw new UnreadableImageException(
          "scans", "at most " + most + " blocks in all scans", "more than that");
    }
  }
}
