package org.xlstm4j.models.image;

import java.nio.file.Path;
import org.xlstm4j.loader.files.ModelFormatException;

/** Why an image cannot be read, without the file's name, which decoders do not know. */
final class UnreadableImageException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String place;
  private final String expected;
  private final String found;

  /**
   * A refusal.
   *
   * @param place where in the file
   * @param expected what the format demands
   * @param found what the file holds instead
   */
  UnreadableImageException(String place, String expected, String found) {
    super(place + ": expected " + expected + ", found " + found);
    this.place = place;
    this.expected = expected;
    this.found = found;
  }

  /** The refusal of a file. */
  ModelFormatException in(Path file) {
    ModelFormatException refused = ModelFormatException.of(file, place, expected, found);
    refused.initCause(this);
    return refused;
  }
}
