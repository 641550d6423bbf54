package org.xlstm4j.reliability.durability;

import java.io.IOException;
import java.nio.file.Path;

/** Writes until it is killed, and says after each round that it is finished. */
public final class EndlessWriter {
  private EndlessWriter() {}

  /**
   * Runs it.
   *
   * @param arguments the writer, the folder, the first round, the last one
   */
  public static void main(String[] arguments) throws IOException {
    KilledWriter writer = KilledWriter.valueOf(arguments[0]);
    Path folder = Path.of(arguments[1]);
    int last = Integer.parseInt(arguments[3]);
    for (int round = Integer.parseInt(arguments[2]); round <= last; round++) {
      writer.write(folder, round);
      System.out.println(round);
      System.out.flush();
    }
    System.exit(0);
  }
}
