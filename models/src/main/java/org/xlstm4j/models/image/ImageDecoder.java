package org.xlstm4j.models.image;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.xlstm4j.loader.ModelFormatException;

/**
 * Reads image files: JPEG (grey, colour, CMYK; turned as its EXIF data say), PNG (any depth;
 * transparency lies on white), GIF (the first frame) and BMP. Needs the module {@code
 * java.desktop}.
 *
 * <p>Files are untrusted: the sizes in the header are checked before any pixel is decoded, and a
 * file that ends early is refused. Thread-safe.
 */
public final class ImageDecoder {
  /** As many as Pillow reads before it suspects a decompression bomb. */
  private static final long MAX_PIXELS = 178_956_970;

  private static final int MAX_FILE_BYTES = 1 << 29;

  /** Heap a pixel may take: samples of 16 bits with transparency, and the bytes that are kept. */
  private static final int BYTES_PER_PIXEL = 11;

  private ImageDecoder() {}

  /**
   * Reads a file.
   *
   * @param file in one of the formats, whatever its name
   * @return grey with 1 channel, else RGB
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
    ImageFormat format = ImageFormat.of(bytes);
    if (!format.readable) {
      String found = bytes.length == 0 ? "nothing" : format.title;
      throw ModelFormatException.of(name, "file", ImageFormat.READABLE, found);
    }
    Iterator<ImageReader> readers =
        ImageIO.getImageReadersByFormatName(format.title.toLowerCase(Locale.ROOT));
    ImageReader reader = readers.next();
    try (ImageInputStream input =
        new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
      reader.setInput(input, true, true);
      return decode(reader, format, bytes, name);
    } catch (ModelFormatException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // ImageIO's readers meet damaged files with all kinds of unchecked exceptions
      ModelFormatException refused =
          ModelFormatException.of(name, "pixels", "a whole " + format.title, "a damaged one");
      refused.initCause(e);
      throw refused;
    } finally {
      reader.dispose();
    }
  }

  private static Image decode(ImageReader reader, ImageFormat format, byte[] bytes, Path name)
      throws IOException {
    checkSize(reader.getWidth(0), reader.getHeight(0), name);
    AtomicBoolean endsEarly = new AtomicBoolean();
    reader.addIIOReadWarningListener((source, warning) -> noteEnd(warning, endsEarly));
    Image image =
        format == ImageFormat.JPEG ? jpeg(reader, bytes) : Rasters.toImage(reader.read(0));
    if (endsEarly.get()) {
      throw ModelFormatException.of(
          name, "pixels", "a whole " + format.title, "one that ends early");
    }
    return image;
  }

  /** The JPEG reader fills the rest with grey and only warns; its texts are not translated. */
  private static void noteEnd(String warning, AtomicBoolean endsEarly) {
    String text = warning.toLowerCase(Locale.ROOT);
    if (text.contains("premature end") || text.contains("truncated file")) {
      endsEarly.set(true);
    }
  }

  private static void checkSize(long width, long height, Path name) throws ModelFormatException {
    String size = width + " x " + height + " pixels";
    if (width < 1 || height < 1) {
      throw ModelFormatException.of(name, "header", "at least 1 x 1 pixels", size);
    }
    if (width * height > MAX_PIXELS) {
      throw ModelFormatException.of(name, "header", "at most " + MAX_PIXELS + " pixels", size);
    }
    long heap = Runtime.getRuntime().maxMemory();
    if (width * height > heap / BYTES_PER_PIXEL) {
      throw ModelFormatException.of(
          name, "header", "an image that fits " + (heap >> 20) + " MB of memory", size);
    }
  }

  private static Image jpeg(ImageReader reader, byte[] bytes) throws IOException {
    JpegSegments segments = new JpegSegments(bytes);
    Image image =
        segments.components() == 4
            ? Rasters.ofInks(reader.readRaster(0, null), segments.isYcck())
            : Rasters.toImage(reader.read(0));
    return segments.orientation().apply(image);
  }
}
