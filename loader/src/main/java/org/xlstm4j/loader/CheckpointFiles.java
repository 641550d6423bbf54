package org.xlstm4j.loader;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.loader.bytes.FileBytes;
import org.xlstm4j.loader.bytes.FileKind;
import org.xlstm4j.loader.config.Config;
import org.xlstm4j.loader.files.LoadOption;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.loader.formats.CheckpointContents;
import org.xlstm4j.loader.formats.SafetensorsReader;
import org.xlstm4j.loader.formats.ShardIndex;
import org.xlstm4j.loader.formats.TorchArchive;
import org.xlstm4j.loader.tensors.Tensor;

/**
 * The files that make up a checkpoint.
 *
 * @param source the folder or file they were looked for in
 * @param paths safetensors files, or one PyTorch archive
 * @param index what the shards must hold, if an index says so
 */
record CheckpointFiles(Path source, List<Path> paths, @Nullable ShardIndex index) {
  private static final String SAFETENSORS = ".safetensors";
  private static final String WHOLE = "model.safetensors";
  private static final Pattern NUMBERED = Pattern.compile("model_[0-9]+\\.safetensors");
  private static final Pattern ARCHIVE = Pattern.compile(".*\\.(ckpt|pt|pth|th|zip)");

  /** Archives that count where there are others, too. */
  private static final List<String> NAMED_ARCHIVES = List.of("pytorch_model.bin", "model.ckpt");

  /** Finds the files; the rule is told at {@link Checkpoint#open}. */
  static CheckpointFiles locate(Path source) throws IOException {
    if (!Files.isDirectory(source)) {
      FileBytes.requireFile(source);
      return new CheckpointFiles(source, List.of(source), null);
    }
    Path whole = source.resolve(WHOLE);
    if (FileBytes.isNamed(whole)) {
      return new CheckpointFiles(source, List.of(whole), null);
    }
    Path indexFile = source.resolve(ShardIndex.FILE_NAME);
    if (FileBytes.isNamed(indexFile)) {
      ShardIndex index = ShardIndex.read(indexFile);
      return new CheckpointFiles(source, index.paths(), index);
    }
    List<Path> numbered = numbered(source);
    return new CheckpointFiles(source, numbered.isEmpty() ? archive(source) : numbered, null);
  }

  /**
   * {@code model_0.safetensors} and its successors, as the official xLSTM-Large code saves them.
   */
  private static List<Path> numbered(Path folder) throws IOException {
    List<Path> found = matching(folder, NUMBERED);
    List<Path> files = new ArrayList<>();
    for (int i = 0; i < found.size(); i++) {
      Path file = folder.resolve("model_" + i + SAFETENSORS);
      if (!found.contains(file)) {
        throw ModelFormatException.of(
            folder, "folder", found.size() + " files from model_0 on", "no " + file.getFileName());
      }
      files.add(file);
    }
    return files;
  }

  private static List<Path> archive(Path folder) throws IOException {
    for (String name : NAMED_ARCHIVES) {
      Path named = folder.resolve(name);
      if (FileBytes.isNamed(named)) {
        return List.of(named);
      }
    }
    List<Path> archives = matching(folder, ARCHIVE);
    if (archives.size() != 1) {
      throw ModelFormatException.of(
          folder,
          "folder",
          "model.safetensors, its index, model_0.safetensors, pytorch_model.bin, model.ckpt or one"
              + " PyTorch archive (.ckpt, .pt, .pth, .th, .zip)",
          archives.isEmpty() ? "none" : several(archives));
    }
    return archives;
  }

  private static String several(List<Path> archives) {
    List<String> names = new ArrayList<>();
    for (Path archive : archives) {
      names.add(String.valueOf(archive.getFileName()));
    }
    names.sort(null);
    return archives.size()
        + " of the latter: "
        + String.join(", ", names)
        + "; give the path of the one with the weights in place of the folder's";
  }

  private static List<Path> matching(Path folder, Pattern name) throws IOException {
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(
            folder, file -> name.matcher(String.valueOf(file.getFileName())).matches())) {
      List<Path> matching = new ArrayList<>();
      files.forEach(matching::add);
      return matching;
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  /** Opens and reads the files. */
  CheckpointContents read(Arena arena, LoadOption... options) throws IOException {
    List<FileBytes> files = new ArrayList<>();
    List<Tensor> tensors = new ArrayList<>();
    Map<String, String> metadata = new LinkedHashMap<>();
    Config attributes = Config.empty(source);
    for (Path path : paths) {
      FileBytes file = FileBytes.open(path, arena, options);
      CheckpointContents contents =
          isArchive(path, file) ? TorchArchive.read(file, arena) : SafetensorsReader.read(file);
      files.add(file);
      tensors.addAll(contents.tensors());
      contents.metadata().forEach(metadata::putIfAbsent);
      attributes = contents.attributes();
    }
    return new CheckpointContents(files, tensors, metadata, attributes);
  }

  /**
   * Whether a file is a PyTorch archive: by its content; else by its name, for messages. A
   * safetensors file has JSON behind its header's length.
   */
  private static boolean isArchive(Path path, FileBytes file) {
    boolean header =
        file.bytes().byteSize() > Long.BYTES
            && file.bytes().get(ValueLayout.JAVA_BYTE, Long.BYTES) == '{';
    return !header && (FileKind.isZip(file.bytes()) || ARCHIVE.matcher(path.toString()).matches());
  }

  /** Checks the tensors against the index, if there is one. */
  void check(Map<String, Tensor> tensors) throws ModelFormatException {
    if (index != null) {
      index.check(tensors);
    }
  }
}
