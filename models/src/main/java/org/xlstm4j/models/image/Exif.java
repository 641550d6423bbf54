package org.xlstm4j.models.image;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a camera was held, as metadata say it: the tag Orientation of EXIF data, else of an XMP
 * packet. Anything malformed counts as not said.
 */
final class Exif {
  private static final int ORIENTATION = 0x0112;
  private static final int ENTRY_BYTES = 12;
  private static final Pattern XMP_ORIENTATION =
      Pattern.compile("tiff:Orientation(?:=\"|>)([0-9])");

  private int tag;
  private int packetTag;

  /**
   * Reads EXIF data.
   *
   * @param tiff a TIFF structure of the whole buffer, whose first directory holds the tag
   */
  void readTiff(ByteBuffer tiff) {
    if (tiff.capacity() < 8) {
      return;
    }
    int order = tiff.order(ByteOrder.BIG_ENDIAN).getShort(0);
    if (order == 0x4949) {
      tiff.order(ByteOrder.LITTLE_ENDIAN);
    } else if (order != 0x4D4D) {
      return;
    }
    long directory = tiff.getInt(4) & 0xFFFF_FFFFL;
    if (directory + 2 > tiff.capacity()) {
      return;
    }
    int entries = tiff.getShort((int) directory) & 0xFFFF;
    for (int i = 0; i < entries; i++) {
      long entry = directory + 2 + (long) ENTRY_BYTES * i;
      if (entry + ENTRY_BYTES > tiff.capacity()) {
        return;
      }
      if ((tiff.getShort((int) entry) & 0xFFFF) == ORIENTATION) {
        tag = firstValue(tiff, (int) entry);
      }
    }
  }

  /** The first of an entry's whole numbers; 0 if it holds something else. */
  private static int firstValue(ByteBuffer tiff, int entry) {
    int type = tiff.getShort(entry + 2);
    int bytes =
        switch (type) {
          case 6 -> 1; // signed byte
          case 3, 8 -> 2; // short, signed short
          case 4, 9, 13 -> 4; // long, signed long, directory
          default -> 0;
        };
    long count = tiff.getInt(entry + 4) & 0xFFFF_FFFFL;
    long size = count * bytes;
    long at = size <= 4 ? entry + 8 : tiff.getInt(entry + 8) & 0xFFFF_FFFFL;
    if (size == 0 || at + size > tiff.capacity()) {
      return 0;
    }
    return switch (bytes) {
      case 1 -> tiff.get((int) at);
      case 2 -> tiff.getShort((int) at);
      default -> tiff.getInt((int) at);
    };
  }

  /**
   * Reads an XMP packet, which counts where EXIF data say nothing.
   *
   * @param packet the text
   */
  void readXmp(ByteBuffer packet) {
    Matcher matcher = XMP_ORIENTATION.matcher(ISO_8859_1.decode(packet));
    if (matcher.find()) {
      packetTag = matcher.group(1).charAt(0) - '0';
    }
  }

  /** How the image is to be turned. */
  Orientation orientation() {
    return Orientation.of(tag != 0 ? tag : packetTag);
  }
}
