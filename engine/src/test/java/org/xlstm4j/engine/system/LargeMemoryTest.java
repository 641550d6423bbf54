package org.xlstm4j.engine.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LargeMemoryTest {
  private static final long LARGE = 96L << 20;

  @ParameterizedTest
  @ValueSource(longs = {1, 100, (2 << 20) - 1, 2 << 20, (2 << 20) + 1, 9_999_999})
  void memoryHasTheSizeAskedForAndBeginsAtALine(long size) {
    MemorySegment memory;
    try (Arena arena = Arena.ofShared()) {
      memory = LargeMemory.allocate(size, arena);
      assertEquals(size, memory.byteSize());
      assertEquals(0, memory.address() % 64);
      memory.set(ValueLayout.JAVA_BYTE, 0, (byte) 1);
      memory.set(ValueLayout.JAVA_BYTE, size - 1, (byte) 2);
      assertEquals(2, memory.get(ValueLayout.JAVA_BYTE, size - 1));
      assertThrows(IndexOutOfBoundsException.class, () -> memory.get(ValueLayout.JAVA_BYTE, size));
    }
    assertThrows(IllegalStateException.class, () -> memory.get(ValueLayout.JAVA_BYTE, 0));
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void memoryIsTheSystemsAgainWhenTheArenaIsClosed() throws IOException {
    long open;
    try (Arena arena = Arena.ofShared()) {
      LargeMemory.allocate(LARGE, arena).fill((byte) 1);
      open = residentBytes();
    }
    long freed = open - residentBytes();
    assertTrue(freed > LARGE / 2, freed + " bytes freed of " + LARGE);
  }

  private static long residentBytes() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmRSS:")) {
        return 1024 * Long.parseLong(line.replaceAll("[^0-9]", ""));
      }
    }
    throw new IOException("the system does not tell");
  }
}
