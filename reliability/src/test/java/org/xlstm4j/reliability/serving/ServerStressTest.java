package org.xlstm4j.reliability.serving;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A few rounds of what {@code reliability/stress} does for as long as one likes. */
class ServerStressTest {
  private static final int ROUNDS = 3;

  @TempDir private Path scratch;

  @Test
  void serversEndWhateverTheyAreDoing() throws Exception {
    ServerStress stress = new ServerStress(scratch);
    for (int round = 0; round < ROUNDS; round++) {
      stress.round();
    }
    assertTrue(stress.answered() + stress.cut() > ROUNDS, "hardly anybody asked");
  }
}
