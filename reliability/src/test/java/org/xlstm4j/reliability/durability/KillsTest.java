package org.xlstm4j.reliability.durability;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A handful of kills; {@code reliability/kills} makes a thousand. */
@Tag("slow")
@EnabledOnOs(OS.LINUX)
class KillsTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource(names = {"SESSION", "QUANTIZE", "RECORD"})
  void theOldOrTheNewResultIsThere(KilledWriter writer) {
    assertDoesNotThrow(() -> Kills.kill(writer, 2, folder, 7));
  }
}
