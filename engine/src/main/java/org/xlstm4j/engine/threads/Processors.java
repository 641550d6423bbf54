package org.xlstm4j.engine.threads;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;

/** How many processors there are to work on. */
final class Processors {
  private static final Path CPUS = Path.of("/sys/devices/system/cpu");

  private Processors() {}

  /**
   * Physical cores this process may use: two threads of one core share its arithmetic units and its
   * path to memory, so the second adds nothing. Where the system does not tell, the number of
   * logical processors.
   */
  static int physicalCores() {
    int logical = Runtime.getRuntime().availableProcessors();
    Set<String> cores = new HashSet<>();
    try (Stream<Path> entries = Files.list(CPUS)) {
      for (Path cpu : (Iterable<Path>) entries::iterator) {
        Path siblings = cpu.resolve("topology/thread_siblings_list");
        if (Files.isReadable(siblings)) {
          cores.add(Files.readString(siblings).strip());
        }
      }
    } catch (IOException | RuntimeException e) {
      return logical;
    }
    return cores.isEmpty() ? logical : Math.min(logical, cores.size());
  }
}
