package org.xlstm4j.loader.formats;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Zip archives in memory. */
public final class ZipBytes {
  private ZipBytes() {}

  /** An archive of stored entries in the map's order. */
  public static byte[] stored(Map<String, byte[]> entries) throws IOException {
    return archive(entries, ZipEntry.STORED);
  }

  /** An archive of compressed entries in the map's order. */
  public static byte[] deflated(Map<String, byte[]> entries) throws IOException {
    return archive(entries, ZipEntry.DEFLATED);
  }

  private static byte[] archive(Map<String, byte[]> entries, int method) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        ZipEntry header = new ZipEntry(entry.getKey());
        header.setMethod(method);
        if (method == ZipEntry.STORED) {
          CRC32 checksum = new CRC32();
          checksum.update(entry.getValue());
          header.setSize(entry.getValue().length);
          header.setCrc(checksum.getValue());
        }
        zip.putNextEntry(header);
        zip.write(entry.getValue());
      }
    }
    return bytes.toByteArray();
  }
}
