package org.xlstm4j.models.image;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.Objects.requireNonNull;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Decodes a PNG file; of an animated one the default picture. Chunks that say nothing about the
 * pixels are passed over, whatever is in them. Used once.
 */
final class PngDecoder {
  private static final int SIGNATURE_BYTES = 8;
  private static final int CHUNK_BYTES = 12;
  private static final String XMP = "XML:com.adobe.xmp\0\0\0";

  /** First column and row, and distances, of the passes over an interlaced picture. */
  private static final int[][] PASSES = {
    {0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}
  };

  private static final int[][] ONE_PASS = {{0, 0, 1, 1}};

  private final byte[] file;
  private final Exif exif = new Exif();
  private final PngData data = new PngData();
  private final ImageLimits limits;
  private int width;
  private int height;
  private boolean interlaced;
  private @Nullable PngPixels pixels;

  /** A decoder of the bytes of a file. */
  PngDecoder(byte[] file, ImageLimits limits) {
    this.file = file;
    this.limits = limits;
  }

  /** Decodes the picture. */
  Image decode() throws UnreadableImageException {
    PngPixels samples = readChunks();
    limits.checkSize(width, height, samples.channels());
    limits.checkData((long) samples.rowBytes(width) * height);
    ImageBuilder image = new ImageBuilder(width, height, samples.channels(), exif.orientation());
    byte[] converted = new byte[Math.multiplyExact(width, samples.channels())];
    try (data) {
      for (int[] pass : interlaced ? PASSES : ONE_PASS) {
        int columns = Math.ceilDiv(width - pass[0], pass[2]);
        if (columns <= 0) {
          continue;
        }
        PngRows rows = new PngRows(data, samples.rowBytes(columns), samples.pixelBytes());
        for (int row = pass[1]; row < height; row += pass[3]) {
          samples.convert(rows.next(), columns, converted);
          image.put(row, pass[0], pass[2], converted, columns);
        }
      }
    }
    return image.image();
  }

  /** Reads the chunks up to the end of the file, whose last chunks may be missing. */
  private PngPixels readChunks() throws UnreadableImageException {
    int at = SIGNATURE_BYTES;
    while (file.length - at >= CHUNK_BYTES) {
      ByteBuffer chunk = ByteBuffer.wrap(file, at, file.length - at).slice();
      int length = chunk.getInt();
      String type = ISO_8859_1.decode(chunk.slice(4, 4)).toString();
      if (length < 0 || type.equals("IEND")) {
        break;
      }
      int present = Math.min(length, chunk.capacity() - CHUNK_BYTES + 4);
      boolean whole = length <= chunk.capacity() - CHUNK_BYTES;
      ByteBuffer body = chunk.slice(8, present);
      if ((pixels == null) != type.equals("IHDR")) {
        throw new UnreadableImageException("chunks", "IHDR first and only there", type);
      }
      if (type.equals("IDAT")) {
        data.add(body);
      } else if (!whole) {
        break;
      } else {
        readChunk(type, body, chunk.getInt(8 + length), at + 4);
      }
      if (!whole) {
        break;
      }
      at += CHUNK_BYTES + length;
    }
    if (pixels == null) {
      throw new BufferUnderflowException();
    }
    return pixels;
  }

  private void readChunk(String type, ByteBuffer body, int checksum, int at)
      throws UnreadableImageException {
    boolean needed =
        switch (type) {
          case "IHDR", "PLTE", "tRNS", "eXIf" -> true;
          default -> false;
        };
    if (needed) {
      CRC32 crc = new CRC32();
      crc.update(file, at, 4 + body.capacity());
      if ((int) crc.getValue() != checksum) {
        throw new UnreadableImageException(type, "the chunk's checksum", "another one");
      }
    }
    switch (type) {
      case "IHDR" -> header(body);
      case "PLTE" -> requireNonNull(pixels).readPalette(body);
      case "tRNS" -> requireNonNull(pixels).readTransparency(body);
      case "eXIf" -> exif.readTiff(body);
      case "iTXt" -> {
        byte[] expected = XMP.getBytes(ISO_8859_1);
        if (body.capacity() > expected.length
            && body.slice(0, expected.length).equals(ByteBuffer.wrap(expected))) {
          exif.readXmp(body);
        }
      }
      default -> {}
    }
  }

  private void header(ByteBuffer body) throws UnreadableImageException {
    width = body.getInt();
    height = body.getInt();
    int bits = body.get();
    int kind = body.get();
    int compression = body.get();
    int filter = body.get();
    interlaced = body.get() != 0;
    if (compression != 0 || filter != 0) {
      throw new UnreadableImageException(
          "IHDR", "compression 0 and filter 0", compression + " and " + filter);
    }
    pixels = PngPixels.of(bits, kind);
  }
}
