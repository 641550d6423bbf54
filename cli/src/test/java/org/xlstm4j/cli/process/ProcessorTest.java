package org.xlstm4j.cli.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Processors as Linux describes them. */
class ProcessorTest {
  private static final List<String> INTEL =
      """
      processor	: 0
      vendor_id	: GenuineIntel
      model name	: INTEL(R) XEON(R) PLATINUM 8581C CPU @ 2.30GHz
      flags		: fpu sse2 avx avx2 fma f16c avx512f avx512_vnni amx_int8

      processor	: 1
      model name	: another
      flags		: fpu
      """
          .lines()
          .toList();

  private static final List<String> ARM =
      """
      processor	: 0
      BogoMIPS	: 100.00
      Features	: fp asimd crc32 atomics asimddp sve i8mm bf16
      CPU implementer	: 0x41
      CPU architecture: 8
      CPU variant	: 0x0
      CPU part	: 0xd49
      CPU revision	: 0
      """
          .lines()
          .toList();

  @Test
  void intelsHaveNames() {
    assertEquals(
        new Processor(
            "INTEL(R) XEON(R) PLATINUM 8581C CPU @ 2.30GHz",
            List.of("avx", "avx2", "fma", "f16c", "avx512f", "avx512_vnni", "amx_int8")),
        Processor.of("amd64", INTEL));
  }

  @Test
  void armsHaveNumbers() {
    List<String> features = List.of("asimd", "asimddp", "sve", "i8mm", "bf16");
    assertEquals(new Processor("Arm Neoverse N2", features), Processor.of("aarch64", ARM));
    List<String> others =
        ARM.stream().map(line -> line.replace("0x41", "0x61").replace("0xd49", "0x023")).toList();
    assertEquals(
        new Processor("aarch64, designer 0x61, part 0x023", features),
        Processor.of("aarch64", others));
  }

  /** Emulators may show what they run on. */
  @Test
  void anotherKindOfProcessorSaysNothing() {
    assertEquals(new Processor("aarch64", List.of()), Processor.of("aarch64", INTEL));
    assertEquals(new Processor("amd64", List.of()), Processor.of("amd64", ARM));
    assertEquals(new Processor("aarch64", List.of()), Processor.of("aarch64", List.of()));
  }
}
