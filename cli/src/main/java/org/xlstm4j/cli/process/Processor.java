package org.xlstm4j.cli.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What the system says of the processor.
 *
 * @param name its name as sold, or the kind of its instructions where the system does not tell
 * @param features the instruction sets that matter to the kernels, as the system spells them
 */
public record Processor(String name, List<String> features) {
  private static final Pattern RELEVANT =
      Pattern.compile(
          "avx|avx2|fma|f16c|avx512(f|bw|vl|_bf16|_vnni)|amx_.*|asimd.*|sve.*|bf16|i8mm");

  /** Reads what Linux tells; elsewhere only the kind of instructions is known. */
  public static Processor ofMachine() {
    Map<String, String> entries = new HashMap<>();
    try {
      for (String line : Files.readAllLines(Path.of("/proc/cpuinfo"), UTF_8)) {
        int colon = line.indexOf(':');
        if (colon > 0) {
          entries.putIfAbsent(line.substring(0, colon).strip(), line.substring(colon + 1).strip());
        }
      }
    } catch (IOException e) {
      entries.clear();
    }
    String features = entries.getOrDefault("flags", entries.getOrDefault("Features", ""));
    return new Processor(
        entries.getOrDefault("model name", System.getProperty("os.arch")),
        List.of(features.split(" ")).stream()
            .filter(feature -> RELEVANT.matcher(feature).matches())
            .toList());
  }
}
