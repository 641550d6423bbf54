package org.xlstm4j.engine.kernels.dispatch;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Zeros in the kind of memory that the weights of the loaded models lie in: mapped or not. A kernel
 * that has met both kinds is compiled for both, and then takes up to twice the time.
 */
final class ExerciseWeights {
  private final int bytes;
  private @Nullable MemorySegment segment;

  ExerciseWeights(int bytes) {
    this.bytes = bytes;
  }

  /** The zeros; their kind is decided at the first call. */
  MemorySegment get() {
    MemorySegment made = segment;
    if (made == null) {
      made = KernelNeeds.weightsAreMapped() ? mapped() : Arena.ofAuto().allocate(bytes, 64);
      segment = made;
    }
    return made;
  }

  /** A file of its own name, made here: {@code Files.createTempFile} starts Java's cryptography. */
  private MemorySegment mapped() {
    String name = "xlstm4j-" + ProcessHandle.current().pid() + "-" + System.nanoTime() + ".zeros";
    Path file = Path.of(System.getProperty("java.io.tmpdir"), name);
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.DELETE_ON_CLOSE)) {
      return channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes, Arena.ofAuto());
    } catch (IOException e) {
      // no place for a temporary file: slower, but right
      return Arena.ofAuto().allocate(bytes, 64);
    }
  }
}
