package org.xlstm4j.cli.hub;

import java.io.IOException;
import java.util.regex.Pattern;

/**
 * A file of a published model, as the hub lists it.
 *
 * @param path its path in the model's folder, with slashes; it does not leave that folder
 * @param size in bytes
 * @param digest what its content is checked against, and its name among the blobs: the SHA-256 of
 *     its bytes, or git's SHA-1 of a small one, in hexadecimal digits
 */
record HubFile(String path, long size, String digest) {
  private static final int LONGEST_PATH = 1000;
  private static final long LARGEST = 1L << 50;
  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");
  private static final Pattern DRIVE = Pattern.compile("[A-Za-z]:.*");
  private static final Pattern UNSAFE = Pattern.compile("[\\\\\\p{Cntrl}]");

  /**
   * A file that somebody else describes.
   *
   * @throws IOException if it could not be stored under this name and no other
   */
  static HubFile of(String path, long size, String digest) throws IOException {
    if (leaves(path)) {
      throw new IOException("file '" + path + "' would lie outside the model's folder");
    }
    if (size < 0 || size > LARGEST) {
      throw new IOException(path + ": a size of " + size + " bytes, expected 0 to " + LARGEST);
    }
    if (!DIGEST.matcher(digest).matches()) {
      throw new IOException(path + ": found no SHA-1 or SHA-256 but '" + digest + "'");
    }
    return new HubFile(path, size, digest);
  }

  private static boolean leaves(String path) {
    if (path.length() > LONGEST_PATH
        || UNSAFE.matcher(path).find()
        || DRIVE.matcher(path).matches()) {
      return true;
    }
    for (String part : path.split("/", -1)) {
      if (part.isEmpty() || part.equals(".") || part.equals("..")) {
        return true;
      }
    }
    return false;
  }
}
