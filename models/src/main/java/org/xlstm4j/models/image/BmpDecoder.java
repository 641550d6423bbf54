package org.xlstm4j.models.image;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Decodes a BMP file: indices of 1, 4 or 8 bits, plain or as runs; colors of 16, 24 or 32 bits with
 * any masks. Used once.
 */
final class BmpDecoder {
  private static final int FILE_HEADER_BYTES = 14;
  private static final int OLD_HEADER_BYTES = 12;
  private static final int PLAIN = 0;
  private static final int RUNS_OF_BYTES = 1;
  private static final int RUNS_OF_HALF_BYTES = 2;
  private static final int MASKS = 3;

  private final ByteBuffer file;
  private final ImageLimits limits;
  private int width;
  private int height;
  private boolean fromTop;
  private int bits;
  private int compression;

  /** A decoder of the bytes of a file. */
  BmpDecoder(byte[] bytes, ImageLimits limits) {
    file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    this.limits = limits;
  }

  /** Decodes the picture. */
  Image decode() throws UnreadableImageException {
    requireUpTo(FILE_HEADER_BYTES + OLD_HEADER_BYTES);
    long dataStart = file.getInt(10) & 0xFFFF_FFFFL;
    file.position(FILE_HEADER_BYTES);
    int headerBytes = file.getInt();
    int colorCount = header(headerBytes);
    BmpMasks masks = compression == MASKS ? masks(headerBytes) : BmpMasks.usual(bits);
    int paletteEnd = masksEnd(headerBytes);
    byte[] colors = {};
    if (bits <= 8) {
      int colorBytes = headerBytes == OLD_HEADER_BYTES ? 3 : 4;
      colors = palette(paletteEnd, colorCount, colorBytes);
      paletteEnd += colorBytes * colorCount;
    }
    long start = dataStart == 0 ? paletteEnd : dataStart;
    // some programs forget the palette when they say where the pixels are
    if (bits <= 8 && start == FILE_HEADER_BYTES + headerBytes) {
      start = paletteEnd;
    }
    requireUpTo(start);
    file.position((int) start);
    limits.checkSize(width, height, 3);
    boolean runs = compression == RUNS_OF_BYTES || compression == RUNS_OF_HALF_BYTES;
    if (!runs) {
      requireUpTo(start + height * rowBytes());
    }
    ImageBuilder image = new ImageBuilder(width, height, 3, Orientation.of(fromTop ? 1 : 4));
    if (runs) {
      new BmpRuns(file, compression == RUNS_OF_HALF_BYTES, width, height, colors).decode(image);
    } else {
      plain(image, colors, masks);
    }
    return image.image();
  }

  private void requireUpTo(long end) {
    if (end > file.capacity()) {
      throw new BufferUnderflowException();
    }
  }

  /** Reads the picture's header and returns the number of colors of its palette. */
  private int header(int headerBytes) throws UnreadableImageException {
    long colors = 0;
    switch (headerBytes) {
      case OLD_HEADER_BYTES -> {
        width = file.getShort() & 0xFFFF;
        height = file.getShort() & 0xFFFF;
        file.getShort();
        bits = file.getShort() & 0xFFFF;
        compression = PLAIN;
      }
      case 40, 52, 56, 64, 108, 124 -> {
        requireUpTo(FILE_HEADER_BYTES + headerBytes);
        width = file.getInt();
        int signed = file.getInt();
        fromTop = signed < 0;
        height = Math.abs(signed);
        file.getShort();
        bits = file.getShort() & 0xFFFF;
        compression = file.getInt();
        colors = file.getInt(FILE_HEADER_BYTES + 32) & 0xFFFF_FFFFL;
      }
      default ->
          throw new UnreadableImageException(
              "header", "12, 40, 52, 56, 64, 108 or 124 bytes", headerBytes + " bytes");
    }
    boolean known =
        switch (compression) {
          case PLAIN ->
              bits == 1 || bits == 4 || bits == 8 || bits == 16 || bits == 24 || bits == 32;
          case RUNS_OF_BYTES -> bits == 8;
          case RUNS_OF_HALF_BYTES -> bits == 4;
          case MASKS -> (bits == 16 || bits == 24 || bits == 32) && headerBytes != 64;
          default -> false;
        };
    if (!known) {
      throw new UnreadableImageException(
          "header",
          "a known compression of pixels",
          "compression " + (compression & 0xFFFF_FFFFL) + " with " + bits + " bits");
    }
    long count = colors == 0 && bits <= 8 ? 1L << bits : colors;
    if (bits <= 8 && count > 65536) {
      throw new UnreadableImageException("header", "at most 65536 colors", String.valueOf(count));
    }
    return (int) count;
  }

  /** Where the headers end; masks follow the shortest one that can have them. */
  private int masksEnd(int headerBytes) {
    boolean behind = compression == MASKS && headerBytes == 40;
    return FILE_HEADER_BYTES + headerBytes + (behind ? 12 : 0);
  }

  private BmpMasks masks(int headerBytes) throws UnreadableImageException {
    requireUpTo(masksEnd(headerBytes));
    int at = FILE_HEADER_BYTES + 40;
    int alpha = headerBytes >= 56 ? file.getInt(at + 12) : 0;
    return BmpMasks.of(file.getInt(at), file.getInt(at + 4), file.getInt(at + 8), alpha);
  }

  private byte[] palette(int at, int count, int colorBytes) {
    Palette palette = new Palette();
    requireUpTo(at + (long) count * colorBytes);
    for (int i = 0; i < Math.min(256, count); i++) {
      int from = at + i * colorBytes;
      palette.set(i, file.get(from + 2) & 0xFF, file.get(from + 1) & 0xFF, file.get(from) & 0xFF);
    }
    return palette.onWhite();
  }

  /** Bytes of a plain row, a multiple of 4. */
  private long rowBytes() {
    return Math.ceilDiv((long) width * bits, 32) * 4;
  }

  private void plain(ImageBuilder image, byte[] colors, BmpMasks masks) {
    int rowBytes = Math.toIntExact(rowBytes());
    byte[] pixels = new byte[Math.multiplyExact(3, width)];
    for (int row = 0; row < height; row++) {
      int from = file.position();
      for (int i = 0; i < width; i++) {
        if (bits <= 8) {
          System.arraycopy(colors, 3 * index(from, i), pixels, 3 * i, 3);
        } else {
          masks.convert(pixel(from, i), pixels, 3 * i);
        }
      }
      image.putRow(row, pixels, width);
      file.position(from + rowBytes);
    }
  }

  private int index(int from, int column) {
    int perByte = 8 / bits;
    int shift = (perByte - 1 - column % perByte) * bits;
    return (file.get(from + column / perByte) & 0xFF) >> shift & ((1 << bits) - 1);
  }

  private int pixel(int from, int column) {
    return switch (bits) {
      case 16 -> file.getShort(from + 2 * column) & 0xFFFF;
      case 24 -> {
        int at = from + 3 * column;
        yield (file.getShort(at) & 0xFFFF) | (file.get(at + 2) & 0xFF) << 16;
      }
      default -> file.getInt(from + 4 * column);
    };
  }
}
