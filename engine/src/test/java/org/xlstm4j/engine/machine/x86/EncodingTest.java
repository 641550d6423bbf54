package org.xlstm4j.engine.machine.x86;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.xlstm4j.engine.machine.x86.assembler.Instruction;
import org.xlstm4j.engine.machine.x86.assembler.InstructionForms;
import org.xlstm4j.engine.machine.x86.assembler.Listing;
import org.xlstm4j.engine.machine.x86.assembler.Operand;
import org.xlstm4j.engine.machine.x86.assembler.Operation;

/** The bytes of instructions are those that GNU as makes. */
class EncodingTest {
  private static final String GOLDENS = "/assembler/encodings.txt";
  private static final String AGAIN = "engine/src/test/assembler/encodings makes the file again";

  @Test
  void instructionsAreEncodedAsByGnuAs() throws IOException {
    List<String> lines = goldens();
    int next = 0;
    for (Instruction instruction : EncodingExamples.instructions()) {
      assertEquals(lines.get(next), line(instruction), AGAIN);
      next++;
    }
    StringBuilder bytes = new StringBuilder();
    StringBuilder texts = new StringBuilder();
    for (String line : lines.subList(next, lines.size())) {
      String[] parts = line.split("\t", 2);
      bytes.append(parts[0]);
      texts.append(parts[1]).append('\n');
    }
    Listing jumps = InstructionForms.jumps();
    assertEquals(texts.toString(), jumps.toString(), AGAIN);
    assertEquals(bytes.toString(), HexFormat.of().formatHex(jumps.bytes()));
  }

  @Test
  void everyOperationIsAmongTheExamples() {
    Set<Operation> missing = EnumSet.allOf(Operation.class);
    for (Instruction instruction : EncodingExamples.instructions()) {
      missing.remove(instruction.operation());
    }
    for (Instruction instruction : InstructionForms.jumps().instructions()) {
      missing.remove(instruction.operation());
    }
    assertEquals(Set.of(), missing);
  }

  private static String line(Instruction instruction) {
    Listing listing = new Listing();
    Operand[] operands = instruction.operands().toArray(Operand[]::new);
    if (instruction.mask() == null) {
      listing.add(instruction.operation(), operands);
    } else {
      listing.addMasked(instruction.mask(), instruction.operation(), operands);
    }
    return HexFormat.of().formatHex(listing.bytes()) + "\t" + instruction;
  }

  private static List<String> goldens() throws IOException {
    try (InputStream stream = EncodingTest.class.getResourceAsStream(GOLDENS)) {
      return new String(stream.readAllBytes(), UTF_8).lines().toList();
    }
  }
}
