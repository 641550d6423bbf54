package org.xlstm4j.models.image;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/** What an image file is, told from how it begins, whatever its name. */
enum ImageFormat {
  JPEG("JPEG"),
  PNG("PNG"),
  GIF("GIF"),
  BMP("BMP"),
  WEBP("WebP"),
  TIFF("TIFF"),
  HEIF("HEIF or AVIF"),
  UNKNOWN("unknown bytes");

  /** The formats that are read, for messages. */
  static final String READABLE = "a JPEG, PNG, GIF or BMP image";

  /** Name for people. */
  final String title;

  ImageFormat(String title) {
    this.title = title;
  }

  /** Tells the format. */
  static ImageFormat of(byte[] file) {
    String start = new String(file, 0, Math.min(file.length, 16), ISO_8859_1);
    if (start.startsWith("\u00FF\u00D8\u00FF")) {
      return JPEG;
    } else if (start.startsWith("\u0089PNG\r\n\u001A\n")) {
      return PNG;
    } else if (start.startsWith("GIF87a") || start.startsWith("GIF89a")) {
      return GIF;
    } else if (start.startsWith("BM")) {
      return BMP;
    } else if (start.startsWith("RIFF") && start.startsWith("WEBP", 8)) {
      return WEBP;
    } else if (start.startsWith("II*\0") || start.startsWith("MM\0*")) {
      return TIFF;
    }
    return start.startsWith("ftyp", 4) ? HEIF : UNKNOWN;
  }
}
