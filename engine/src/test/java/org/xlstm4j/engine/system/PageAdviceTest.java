package org.xlstm4j.engine.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class PageAdviceTest {

  @Test
  @EnabledOnOs(OS.LINUX)
  void adviceAboutAMappedFileIsTakenAndChangesNothing(@TempDir Path folder) throws IOException {
    byte[] content = new byte[3 << 20];
    Arrays.fill(content, (byte) 7);
    Path file = Files.write(folder.resolve("file"), content);
    try (Arena arena = Arena.ofConfined();
        FileChannel channel = FileChannel.open(file)) {
      MemorySegment mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, content.length, arena);
      assertTrue(PageAdvice.largePages(mapped));
      assertEquals(-1, mapped.mismatch(MemorySegment.ofArray(content)));
    }
  }

  @Test
  void whatIsNoMemoryOfTheSystemIsLeftAlone() {
    assertFalse(PageAdvice.largePages(MemorySegment.ofArray(new byte[100])));
    assertFalse(PageAdvice.largePages(MemorySegment.NULL));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment odd = arena.allocate(ValueLayout.JAVA_LONG).asSlice(3, 2);
      assertFalse(PageAdvice.largePages(odd), "the system refuses what is no page");
    }
  }
}
