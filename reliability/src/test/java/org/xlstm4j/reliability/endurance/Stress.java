package org.xlstm4j.reliability.endurance;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.xlstm4j.reliability.folders.TemporaryFolder;
import org.xlstm4j.reliability.serving.ServerStress;

/** Puts teams, sessions and servers under stress for a while. */
public final class Stress {
  private Stress() {}

  /**
   * Runs it, a third of the time each; ends with an exception if a promise was broken.
   *
   * @param arguments seconds
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    long third = 1_000_000_000L * Integer.parseInt(arguments[0]) / 3;
    int processors = Runtime.getRuntime().availableProcessors();
    long regions = 0;
    long end = System.nanoTime() + third;
    // teams of one caller alone too: then helpers do most bands
    for (int round = 0; System.nanoTime() < end; round++) {
      TeamStress stress = new TeamStress(1 + round % (processors + 2));
      Thread.sleep(500);
      stress.end();
      regions += stress.regions();
    }
    System.out.println("regions of teams," + regions);
    Path golden = Path.of(Objects.requireNonNull(System.getProperty("xlstm4j.golden")));
    SessionStress sessions = new SessionStress(golden.resolve("xlstm/lm_mixed_1to1"));
    long rounds = 0;
    for (end = System.nanoTime() + third; System.nanoTime() < end; rounds++) {
      sessions.round();
    }
    System.out.println("models opened and closed while in use," + rounds);
    System.out.println("steps of their sessions," + sessions.steps());
    System.out.println("sessions that found their model closed," + sessions.closed());
    Path scratch = TemporaryFolder.ofProcess("stress");
    ServerStress servers = new ServerStress(scratch);
    rounds = 0;
    for (end = System.nanoTime() + third; System.nanoTime() < end; rounds++) {
      servers.round();
    }
    System.out.println("servers opened and closed while in use," + rounds);
    System.out.println("answers of these," + servers.answered());
    System.out.println("requests that an end cut off," + servers.cut());
    System.exit(0);
  }
}
