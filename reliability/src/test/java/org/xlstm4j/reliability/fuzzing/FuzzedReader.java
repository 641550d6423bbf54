package org.xlstm4j.reliability.fuzzing;

import java.io.IOException;

/** Reads a file from a stranger. */
@FunctionalInterface
interface FuzzedReader {
  /**
   * Reads the file and uses what it says a little.
   *
   * @param file its bytes
   * @throws IOException if it is refused
   */
  void read(byte[] file) throws IOException;
}
