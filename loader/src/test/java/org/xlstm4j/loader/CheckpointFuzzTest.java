package org.xlstm4j.loader;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.xlstm4j.loader.bytes.FileBytes;
import org.xlstm4j.loader.config.ConfigBytes;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.loader.formats.CheckpointContents;
import org.xlstm4j.loader.formats.SafetensorsReader;
import org.xlstm4j.loader.formats.TorchArchive;
import org.xlstm4j.loader.tensors.Tensor;

/**
 * Whatever the file, it is read or refused in one line. With {@code JAZZER_FUZZ=1} in the
 * environment Jazzer looks for counterexamples; else it tries those kept.
 */
@Tag("slow")
class CheckpointFuzzTest {
  private static final Path FILE = Path.of("x");

  /** Reads from memory what is a file elsewhere. */
  private interface Reader {
    Object read() throws IOException;
  }

  private static void readOrRefused(Reader reader) throws IOException {
    try {
      assertTrue(reader.read() != null);
    } catch (ModelFormatException refused) {
      assertFalse(refused.getMessage().contains("\n"));
    }
  }

  @FuzzTest
  void safetensors(byte[] file) throws IOException {
    FileBytes mapped = new FileBytes(FILE, MemorySegment.ofArray(file));
    readOrRefused(
        () -> {
          CheckpointContents contents = SafetensorsReader.read(mapped);
          long bytes = 0;
          for (Tensor tensor : contents.tensors()) {
            bytes += tensor.data().byteSize();
          }
          assertTrue(bytes <= file.length);
          return contents;
        });
  }

  @FuzzTest
  void torchArchives(byte[] file) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment bytes = arena.allocate(Math.max(file.length, 1)).asSlice(0, file.length);
      bytes.copyFrom(MemorySegment.ofArray(file));
      readOrRefused(() -> TorchArchive.read(new FileBytes(FILE, bytes), arena));
    }
  }

  @FuzzTest
  void configurations(byte[] file) throws IOException {
    readOrRefused(() -> ConfigBytes.json(FILE, file));
    readOrRefused(() -> ConfigBytes.yaml(FILE, file));
  }
}
