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

  private static final String ARM = "aarch64";

  /** The number of Arm among those who design processors. */
  private static final String ARM_LIMITED = "0x41";

  /**
   * Arm's own designs by their part numbers, as the manual of each has them in {@code MIDR_EL1}.
   */
  private static final Map<String, String> PARTS =
      Map.ofEntries(
          Map.entry("0xd03", "Cortex-A53"),
          Map.entry("0xd05", "Cortex-A55"),
          Map.entry("0xd07", "Cortex-A57"),
          Map.entry("0xd08", "Cortex-A72"),
          Map.entry("0xd09", "Cortex-A73"),
          Map.entry("0xd0a", "Cortex-A75"),
          Map.entry("0xd0b", "Cortex-A76"),
          Map.entry("0xd0c", "Neoverse N1"),
          Map.entry("0xd0d", "Cortex-A77"),
          Map.entry("0xd40", "Neoverse V1"),
          Map.entry("0xd41", "Cortex-A78"),
          Map.entry("0xd44", "Cortex-X1"),
          Map.entry("0xd46", "Cortex-A510"),
          Map.entry("0xd47", "Cortex-A710"),
          Map.entry("0xd48", "Cortex-X2"),
          Map.entry("0xd49", "Neoverse N2"),
          Map.entry("0xd4d", "Cortex-A715"),
          Map.entry("0xd4e", "Cortex-X3"),
          Map.entry("0xd4f", "Neoverse V2"),
          Map.entry("0xd80", "Cortex-A520"),
          Map.entry("0xd81", "Cortex-A720"));

  /** Reads what Linux tells; elsewhere only the kind of instructions is known. */
  public static Processor ofMachine() {
    List<String> lines;
    try {
      lines = Files.readAllLines(Path.of("/proc/cpuinfo"), UTF_8);
    } catch (IOException e) {
      lines = List.of();
    }
    return of(System.getProperty("os.arch"), lines);
  }

  /**
   * The first processor of a text such as that of {@code /proc/cpuinfo}. Where the text is of
   * another kind of processor, as an emulator may show that of the machine it runs on, only the
   * kind of instructions is known.
   *
   * @param architecture the kind of instructions, as {@code os.arch} names it
   */
  static Processor of(String architecture, List<String> lines) {
    Map<String, String> entries = new HashMap<>();
    for (String line : lines) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        entries.putIfAbsent(line.substring(0, colon).strip(), line.substring(colon + 1).strip());
      }
    }
    String features = entries.get(architecture.equals(ARM) ? "Features" : "flags");
    if (features == null) {
      return new Processor(architecture, List.of());
    }
    List<String> relevant =
        List.of(features.split(" ")).stream()
            .filter(feature -> RELEVANT.matcher(feature).matches())
            .toList();
    return new Processor(name(architecture, entries), relevant);
  }

  /** Linux has numbers for processors of ARM, not names. */
  private static String name(String architecture, Map<String, String> entries) {
    String designer = entries.get("CPU implementer");
    String part = entries.get("CPU part");
    if (designer == null || part == null) {
      return entries.getOrDefault("model name", architecture);
    }
    String known = designer.equals(ARM_LIMITED) ? PARTS.get(part) : null;
    return known == null
        ? architecture + ", designer " + designer + ", part " + part
        : "Arm " + known;
  }
}
