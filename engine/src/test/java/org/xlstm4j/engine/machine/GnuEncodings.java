package org.xlstm4j.engine.machine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;
import java.util.List;
import org.xlstm4j.engine.machine.code.Code;

/** What GNU as makes of instructions: lines of bytes and texts, those of labels without bytes. */
public final class GnuEncodings {
  private static final String AGAIN = "engine/src/test/assembler/encodings makes the file again";

  private GnuEncodings() {}

  /**
   * Compares code with a file of lines.
   *
   * @param file its name
   * @param alone each is one instruction and one line
   * @param together jumps and labels, which are the rest of the lines
   */
  public static void check(String file, List<? extends Code> alone, Code together)
      throws IOException {
    List<String> lines = lines(file);
    int next = 0;
    for (Code instruction : alone) {
      assertEquals(lines.get(next) + "\n", hex(instruction) + "\t" + instruction, AGAIN);
      next++;
    }
    StringBuilder bytes = new StringBuilder();
    StringBuilder texts = new StringBuilder();
    for (String line : lines.subList(next, lines.size())) {
      String[] parts = line.split("\t", 2);
      bytes.append(parts[0]);
      texts.append(parts[1]).append('\n');
    }
    assertEquals(texts.toString(), together.toString(), AGAIN);
    assertEquals(bytes.toString(), hex(together), AGAIN);
  }

  private static String hex(Code code) {
    return HexFormat.of().formatHex(code.bytes());
  }

  private static List<String> lines(String file) throws IOException {
    try (InputStream stream = GnuEncodings.class.getResourceAsStream("/assembler/" + file)) {
      return new String(stream.readAllBytes(), UTF_8).lines().toList();
    }
  }
}
