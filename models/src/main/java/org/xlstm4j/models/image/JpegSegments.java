package org.xlstm4j.models.image;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * What a JPEG file says about itself besides its pixels: how a camera was held (EXIF, the tag
 * Orientation), and how four colour components are to be read (Adobe's segment). Anything malformed
 * there counts as not said.
 */
final class JpegSegments {
  private static final int APP1 = 0xE1;
  private static final int APP14 = 0xEE;
  private static final int START_OF_SCAN = 0xDA;
  private static final int ORIENTATION = 0x0112;
  private static final int UNSIGNED_SHORT = 3;
  private static final int ENTRY_BYTES = 12;

  private Orientation orientation = Orientation.of(1);
  private int adobeTransform;
  private int components;

  /** Reads the segments before the first scan. */
  JpegSegments(byte[] file) {
    int at = 2;
    while (at + 4 <= file.length && (file[at] & 0xFF) == 0xFF) {
      int marker = file[at + 1] & 0xFF;
      if (marker == 0xFF) {
        at++;
        continue;
      }
      int length = ((file[at + 2] & 0xFF) << 8) | (file[at + 3] & 0xFF);
      if (marker == START_OF_SCAN || length < 2 || at + 2 + length > file.length) {
        return;
      }
      ByteBuffer body = ByteBuffer.wrap(file, at + 4, length - 2).slice();
      if (isFrame(marker) && body.capacity() > 5) {
        components = body.get(5) & 0xFF;
      } else if (marker == APP1 && startsWith(body, "Exif\0\0")) {
        orientation = exifOrientation(body.slice(6, body.capacity() - 6));
      } else if (marker == APP14 && startsWith(body, "Adobe") && body.capacity() >= 12) {
        adobeTransform = body.get(11) & 0xFF;
      }
      at += 2 + length;
    }
  }

  /** The markers C0 to CF begin a frame, but for three that define tables. */
  private static boolean isFrame(int marker) {
    return (marker & 0xF0) == 0xC0 && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
  }

  private static boolean startsWith(ByteBuffer body, String text) {
    byte[] expected = text.getBytes(ISO_8859_1);
    return body.capacity() >= expected.length
        && body.slice(0, expected.length).equals(ByteBuffer.wrap(expected));
  }

  /** The first directory of a TIFF structure holds the tag. */
  private static Orientation exifOrientation(ByteBuffer tiff) {
    ByteOrder order = byteOrder(tiff);
    if (order == null) {
      return Orientation.of(1);
    }
    tiff.order(order);
    long directory = tiff.getInt(4) & 0xFFFF_FFFFL;
    if (directory + 2 > tiff.capacity()) {
      return Orientation.of(1);
    }
    int entries = tiff.getShort((int) directory) & 0xFFFF;
    for (int i = 0; i < entries; i++) {
      long entry = directory + 2 + (long) ENTRY_BYTES * i;
      if (entry + ENTRY_BYTES > tiff.capacity()) {
        break;
      }
      int at = (int) entry;
      boolean found = (tiff.getShort(at) & 0xFFFF) == ORIENTATION;
      if (found && tiff.getShort(at + 2) == UNSIGNED_SHORT) {
        return Orientation.of(tiff.getShort(at + 8) & 0xFFFF);
      }
    }
    return Orientation.of(1);
  }

  private static @Nullable ByteOrder byteOrder(ByteBuffer tiff) {
    if (tiff.capacity() < 8) {
      return null;
    }
    return switch (tiff.getShort(0)) {
      case 0x4949 -> ByteOrder.LITTLE_ENDIAN;
      case 0x4D4D -> ByteOrder.BIG_ENDIAN;
      default -> null;
    };
  }

  /** Number of colour components; 0 if no frame was found. */
  int components() {
    return components;
  }

  /** How the image is to be turned. */
  Orientation orientation() {
    return orientation;
  }

  /** Whether four components are a luma, two chromas and black, rather than inks. */
  boolean isYcck() {
    return adobeTransform == 2;
  }
}
