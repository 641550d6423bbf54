package org.xlstm4j.models.image;

import java.io.IOException;
import java.io.InputStream;
import java.nio.BufferUnderflowException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.xlstm4j.loader.files.ModelFormatException;

/**
 * Reads image files: JPEG (baseline and progressive; gray, color, CMYK; turned as its metadata
 * say), PNG (any depth; transparency lies on white), GIF (the first frame on its screen) and BMP.
 * The pixels are those of the Python library Pillow; color profiles are not applied.
 *
 * <p>Files are untrusted: the sizes in the header are checked before any pixel is decoded, time and
 * memory are bounded by the size of the file, and a file whose pixels are damaged or end early is
 * refused. Thread-safe.
 */
public final class ImageDecoder {
  private static final int MAX_FILE_BYTES = 1 << 29;

  private ImageDecoder() {}

  /**
   * Reads a file.
   *
   * @param file in one of the formats, whatever its name
   * @return gray with 1 channel, else RGB
   * @throws ModelFormatException if it is another format, damaged, or too large to decode; the
   *     message is one line
   * @throws IOException if the system cannot read it
   */
  public static Image read(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw ModelFormatException.of(file, "file", ImageFormat.READABLE, "a folder");
    }
    if (Files.size(file) > MAX_FILE_BYTES) {
      throw tooLarge(file);
    }
    // a device or a pipe has no size
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_FILE_BYTES + 1);
      if (bytes.length > MAX_FILE_BYTES) {
        throw tooLarge(file);
      }
      return decode(bytes, file);
    }
  }

  private static ModelFormatException tooLarge(Path file) {
    return ModelFormatException.of(
        file, "file", "at most " + MAX_FILE_BYTES + " bytes", "more than that");
  }

  /**
   * Decodes the bytes of a file.
   *
   * @param bytes all of them
   * @param name stands for the file in messages
   * @return as {@link #read}
   * @throws ModelFormatException as {@link #read}
   */
  public static Image decode(byte[] bytes, Path name) throws ModelFormatException {
    return decode(bytes, name, ImageLimits.MOST_PIXELS);
  }

  /**
   * Decodes the bytes of a file, unless there are too many pixels.
   *
   * @param bytes all of them
   * @param name stands for the file in messages
   * @param mostPixels how many are welcome; a picture of more is refused by its header
   * @return as {@link #read}
   * @throws ModelFormatException as {@link #read}
   */
  public static Image decode(byte[] bytes, Path name, long mostPixels) throws ModelFormatException {
    ImageFormat format = ImageFormat.of(bytes);
    ImageLimits limits = new ImageLimits(bytes.length, mostPixels);
    try {
      return switch (format) {
        case JPEG -> new JpegDecoder(bytes, limits).decode();
        case PNG -> new PngDecoder(bytes, limits).decode();
        case GIF -> new GifDecoder(bytes, limits).decode();
        case BMP -> new BmpDecoder(bytes, limits).decode();
        default -> {
          String found = bytes.length == 0 ? "nothing" : format.title;
          throw new UnreadableImageException("file", ImageFormat.READABLE, found);
        }
      };
    } catch (UnreadableImageException e) {
      throw e.in(name);
    } catch (BufferUnderflowException e) {
      ModelFormatException refused =
          ModelFormatException.of(name, "file", "a whole " + format.title, "one that ends early");
      refused.initCause(e);
      throw refused;
    }
  }
}
