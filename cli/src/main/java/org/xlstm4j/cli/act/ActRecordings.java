package org.xlstm4j.cli.act;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The files of a run's recordings, FILE.1, FILE.2 and so on: those that are there stay, whatever
 * process wrote them. Thread-safe.
 */
public final class ActRecordings {
  private final Path file;
  private int number;

  /**
   * Recordings of one name.
   *
   * @param file to which a dot and a number are added
   */
  public ActRecordings(Path file) {
    this.file = file;
  }

  /**
   * The next file.
   *
   * @return an empty file of the next number that is free
   * @throws IOException if it cannot be made
   */
  public synchronized Path next() throws IOException {
    while (true) {
      number++;
      try {
        return Files.createFile(file.resolveSibling(file.getFileName() + "." + number));
      } catch (FileAlreadyExistsException e) {
        // of a connection before, or of another process: the next number
      }
    }
  }
}
