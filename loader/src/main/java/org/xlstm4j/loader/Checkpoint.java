package org.xlstm4j.loader;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.engine.WeightType;
import org.xlstm4j.engine.weights.Matrix;
import org.xlstm4j.loader.bytes.FileBytes;
import org.xlstm4j.loader.config.Config;
import org.xlstm4j.loader.files.LoadOption;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.loader.formats.CheckpointContents;
import org.xlstm4j.loader.tensors.MatrixForm;
import org.xlstm4j.loader.tensors.MatrixView;
import org.xlstm4j.loader.tensors.QuantizationConfig;
import org.xlstm4j.loader.tensors.Tensor;

/**
 * The tensors of a trained model, in memory: mapped, or read with {@link LoadOption#IN_MEMORY}.
 *
 * <p>Thread-safe. The checkpoint owns the memory: closing it ends every {@link Tensor#data()} and
 * every weight made from one; an access after that throws {@link IllegalStateException}. A file
 * that another process truncates while it is mapped makes the JVM raise {@link InternalError} on
 * access, or crash if native code reads it, as with any mapped file; {@link LoadOption#IN_MEMORY}
 * avoids that.
 */
public final class Checkpoint implements AutoCloseable, Iterable<Tensor> {
  private final Path path;

  /** Longer than any call that holds the memory. */
  private static final long PATIENCE_NANOS = 1_000_000_000;

  private final Arena arena;
  private final CheckpointContents contents;
  private final Map<String, Tensor> tensors;
  private final @Nullable RandomTensors random;
  private final MatrixUses matrixUses = new MatrixUses();

  private Checkpoint(
      Path path,
      Arena arena,
      CheckpointContents contents,
      Map<String, Tensor> tensors,
      @Nullable RandomTensors random) {
    this.path = path;
    this.arena = arena;
    this.contents = contents;
    this.tensors = tensors;
    this.random = random;
  }

  /**
   * Opens a checkpoint.
   *
   * <p>A folder is searched for, in this order: {@code model.safetensors}; {@code
   * model.safetensors.index.json} and its shards; {@code model_0.safetensors}, {@code
   * model_1.safetensors} and so on; {@code pytorch_model.bin}; {@code model.ckpt}; the only PyTorch
   * archive ({@code .ckpt .pt .pth .th .zip}). The content of a file shows whether it is a PyTorch
   * archive or safetensors. Any file may be a link.
   *
   * <p>A PyTorch archive is read without running anything in it. Its tensors are those of its
   * dictionary, or of the entry {@code state_dict} or {@code head_state_dict} in it. In a training
   * run's archive (a zip with {@code policy.pth}) they are those of the policy, and those of {@code
   * pytorch_variables.pth} with the prefix {@code pytorch_variables.}.
   *
   * <p>In a folder whose {@code config.json} describes quantized tensors ({@link
   * QuantizationConfig}), these have their {@link Tensor#packing()}.
   *
   * @param folderOrFile a model's folder or one file
   * @param options how the files are opened; mapped unless they say otherwise
   * @return the open checkpoint; close it after the last use of its tensors
   * @throws ModelFormatException if nothing of the kind is there or a file is malformed
   * @throws IOException if the system cannot read a file
   */
  public static Checkpoint open(Path folderOrFile, LoadOption... options) throws IOException {
    Path file = folderOrFile.resolve("config.json");
    return open(
        folderOrFile,
        FileBytes.isNamed(file) ? Config.read(file) : Config.empty(folderOrFile),
        options);
  }

  /**
   * Opens a checkpoint whose configuration has been read already.
   *
   * @param folderOrFile as in {@link #open(Path, LoadOption...)}
   * @param config of the model; describes quantized tensors, if there are any
   * @param options how the files are opened; mapped unless they say otherwise
   * @return the open checkpoint; close it after the last use of its tensors
   * @throws ModelFormatException if nothing of the kind is there or a file is malformed
   * @throws IOException if the system cannot read a file
   */
  public static Checkpoint open(Path folderOrFile, Config config, LoadOption... options)
      throws IOException {
    Arena arena = Arena.ofShared();
    boolean opened = false;
    try {
      CheckpointFiles files = CheckpointFiles.locate(folderOrFile);
      CheckpointContents contents = files.read(arena, options);
      Map<String, Tensor> tensors = byName(described(config, contents.tensors()));
      files.check(tensors);
      opened = true;
      return new Checkpoint(folderOrFile, arena, contents, tensors, null);
    } catch (InternalError e) {
      // What the JVM makes of a page fault behind the new end of a file that shrank meanwhile.
      ModelFormatException refused =
          ModelFormatException.of(
              folderOrFile,
              "file",
              "a file that stays as it is",
              "one truncated while it was read");
      refused.initCause(e);
      throw refused;
    } finally {
      if (!opened) {
        arena.close();
      }
    }
  }

  /**
   * Weights for measurements: whatever tensors a model asks for are made of random numbers in
   * memory, large matrices directly in the wanted type. There is no tensor before a model was put
   * together from it.
   *
   * @param config of the model; errors name its file
   * @param type of the matrices; vectors and small kernels are F32
   * @return a checkpoint for one model
   */
  public static Checkpoint random(Config config, WeightType type) {
    Arena arena = Arena.ofShared();
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    Path path = config.file();
    CheckpointContents contents =
        new CheckpointContents(List.of(), List.of(), Map.of(), Config.empty(path));
    RandomTensors random = new RandomTensors(path, arena, type, tensors);
    return new Checkpoint(path, arena, contents, Collections.unmodifiableMap(tensors), random);
  }

  /** What makes the tensors of a {@link #random} checkpoint. */
  @Nullable RandomTensors randomTensors() {
    return random;
  }

  /** Tensors of a quantized model's folder with their packing. */
  private static List<Tensor> described(Config config, List<Tensor> tensors) throws IOException {
    QuantizationConfig description = QuantizationConfig.of(config);
    if (description == null) {
      return tensors;
    }
    List<Tensor> described = new ArrayList<>();
    for (Tensor tensor : tensors) {
      described.add(description.apply(tensor));
    }
    return described;
  }

  private static Map<String, Tensor> byName(List<Tensor> list) throws ModelFormatException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Tensor tensor : list) {
      Tensor other = tensors.putIfAbsent(tensor.name(), tensor);
      if (other != null) {
        throw ModelFormatException.of(
            tensor.file(),
            "tensor " + tensor.name(),
            "each tensor once",
            "another one in " + other.file().getFileName());
      }
    }
    return Collections.unmodifiableMap(tensors);
  }

  /** The folder or file this was opened from. */
  public Path path() {
    return path;
  }

  /** The tensors' names as the files have them, in the files' order. */
  public Set<String> names() {
    return tensors.keySet();
  }

  /** The tensor of this name, or null. */
  public @Nullable Tensor find(String name) {
    return tensors.get(name);
  }

  /**
   * The tensor of this name.
   *
   * @throws ModelFormatException if there is none
   */
  public Tensor get(String name) throws ModelFormatException {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw ModelFormatException.of(path, "tensor " + name, "such a tensor", "none");
    }
    return tensor;
  }

  /** The tensors in the order of the files and of their places in them. */
  @Override
  public Iterator<Tensor> iterator() {
    return tensors.values().iterator();
  }

  /** The texts of the safetensors headers; empty for a PyTorch archive. */
  public Map<String, String> metadata() {
    return Collections.unmodifiableMap(contents.metadata());
  }

  /**
   * The plain values that a PyTorch archive has besides its tensors, such as {@code
   * hyper_parameters}; empty for safetensors.
   */
  public Config attributes() {
    return contents.attributes();
  }

  /** Number of weights of all kinds: the elements of all tensors but {@link #aliases()}. */
  public long parameters() {
    Set<String> aliases = aliases();
    return tensors.values().stream()
        .filter(tensor -> !aliases.contains(tensor.name()))
        .mapToLong(Tensor::elements)
        .sum();
  }

  /**
   * The tensors that models put together from this checkpoint multiply by, and how: those that may
   * be quantized. Empty until a model is put together.
   *
   * @return by the tensors' names in the file
   */
  public Map<String, MatrixForm> matrices() {
    return matrixUses.forms();
  }

  /**
   * Whose weights a matrix shows.
   *
   * @param matrix of a model put together from this checkpoint
   * @return the tensor; null if the matrix is none of this checkpoint's, or a part of one
   */
  public @Nullable MatrixView viewOf(Matrix matrix) {
    return matrixUses.viewOf(matrix);
  }

  /**
   * Names of tensors that models put together from this checkpoint found to be further names of
   * others. Empty until a model is put together.
   *
   * @return names in the file
   */
  public Set<String> aliases() {
    return matrixUses.aliases();
  }

  MatrixUses matrixUses() {
    return matrixUses;
  }

  /** Total length of the files, in bytes. */
  public long byteSize() {
    return contents.files().stream().mapToLong(file -> file.bytes().byteSize()).sum();
  }

  /**
   * Reads all mapped files into memory, so that later accesses take no page faults; takes as long
   * as the disk does. Best effort: the system drops what does not fit its memory.
   */
  public void prefault() {
    for (FileBytes file : contents.files()) {
      if (file.bytes().isMapped()) {
        file.bytes().load();
      }
    }
  }

  /**
   * Ends the mappings, and frees the memory. A thread that is in the middle of a step gets an
   * {@link IllegalStateException} at its next use of a weight; until then it holds the memory, and
   * this call waits for it.
   *
   * @throws IllegalStateException if a thread does not let go of the memory for a second
   */
  @Override
  @SuppressWarnings("ThreadPriorityCheck") // who holds the memory may need this thread's processor
  public void close() {
    long end = System.nanoTime() + PATIENCE_NANOS;
    while (arena.scope().isAlive()) {
      try {
        arena.close();
      } catch (IllegalStateException e) {
        if (arena.scope().isAlive() && System.nanoTime() > end) {
          throw e;
        }
        Thread.yield();
      }
    }
  }
}
