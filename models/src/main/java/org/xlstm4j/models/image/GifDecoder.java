package org.xlstm4j.models.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the first frame of a GIF file at its place on the screen. What the frame does not cover
 * has the transparent color, if there is one, else the first. Used once.
 */
final class GifDecoder {
  private static final int EXTENSION = 0x21;
  private static final int FRAME = 0x2C;
  private static final int TRAILER = 0x3B;
  private static final int GRAPHIC_CONTROL = 0xF9;

  /** First row and distance of the rows of each pass over an interlaced frame. */
  private static final int[][] PASSES = {{0, 8}, {4, 8}, {2, 4}, {1, 2}};

  private static final int[][] ONE_PASS = {{0, 1}};

  private final ByteBuffer file;
  private final ImageLimits limits;
  private int transparent = -1;

  /** A decoder of the bytes of a file. */
  GifDecoder(byte[] bytes, ImageLimits limits) {
    file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    this.limits = limits;
  }

  /** Decodes the picture. */
  Image decode() throws UnreadableImageException {
    file.position(6);
    int width = unsignedShort();
    int height = unsignedShort();
    int flags = unsignedByte();
    unsignedShort(); // background and proportions are ignored
    Palette shared = palette(flags);
    while (true) {
      switch (unsignedByte()) {
        case EXTENSION -> extension();
        case FRAME -> {
          return frame(width, height, shared == null ? Palette.grays() : shared);
        }
        case TRAILER -> throw new UnreadableImageException("frames", "a frame", "none");
        default -> {} // passed over, as other readers do
      }
    }
  }

  private int unsignedByte() {
    return file.get() & 0xFF;
  }

  private int unsignedShort() {
    return file.getShort() & 0xFFFF;
  }

  private @Nullable Palette palette(int flags) {
    if ((flags & 0x80) == 0) {
      return null;
    }
    Palette palette = new Palette();
    for (int i = 0; i < 2 << (flags & 7); i++) {
      palette.set(i, unsignedByte(), unsignedByte(), unsignedByte());
    }
    return palette;
  }

  private void extension() {
    boolean control = unsignedByte() == GRAPHIC_CONTROL;
    for (int length = unsignedByte(); length > 0; length = unsignedByte()) {
      byte[] block = new byte[length];
      file.get(block);
      if (control && length >= 4 && (block[0] & 1) != 0) {
        transparent = block[3] & 0xFF;
      }
      control = false; // it is in the first block
    }
  }

  private Image frame(int screenWidth, int screenHeight, Palette shared)
      throws UnreadableImageException {
    int left = unsignedShort();
    int top = unsignedShort();
    int width = unsignedShort();
    int height = unsignedShort();
    int flags = unsignedByte();
    Palette own = palette(flags);
    Palette palette = own == null ? shared : own;
    int wholeWidth = Math.max(screenWidth, left + width);
    int wholeHeight = Math.max(screenHeight, top + height);
    limits.checkSize(width, height, 3);
    limits.checkSize(wholeWidth, wholeHeight, 3);
    if (transparent >= 0) {
      palette.setOpacity(transparent, 0);
    }
    byte[] colors = palette.onWhite();
    ImageBuilder image = new ImageBuilder(wholeWidth, wholeHeight, 3, Orientation.of(1));
    if (width < wholeWidth || height < wholeHeight) {
      int uncovered = 3 * Math.max(transparent, 0);
      image.fill(new byte[] {colors[uncovered], colors[uncovered + 1], colors[uncovered + 2]});
    }
    GifCodes codes = new GifCodes(file, unsignedByte());
    byte[] indices = new byte[width];
    byte[] pixels = new byte[3 * width];
    for (int[] pass : (flags & 0x40) == 0 ? ONE_PASS : PASSES) {
      for (int row = pass[0]; row < height; row += pass[1]) {
        codes.read(indices);
        for (int i = 0; i < width; i++) {
          System.arraycopy(colors, 3 * (indices[i] & 0xFF), pixels, 3 * i, 3);
        }
        image.put(top + row, left, 1, pixels, width);
      }
    }
    return image.image();
  }
}
