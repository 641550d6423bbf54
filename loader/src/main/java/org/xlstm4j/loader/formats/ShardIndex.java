package org.xlstm4j.loader.formats;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.xlstm4j.loader.bytes.FileBytes;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.loader.json.JsonCursor;
import org.xlstm4j.loader.tensors.Tensor;

/**
 * Hugging Face's {@code model.safetensors.index.json}: which shard holds which tensor.
 *
 * <p>The shards' names come from the file, so they must be nothing but names in the index's own
 * folder. What has the name may be a link: those are made by whoever made the folder, as for
 * Hugging Face's cache, and no name in the file can make one.
 *
 * @param file the index
 * @param shards names of tensors to names of files, in the order of the index
 */
public record ShardIndex(Path file, Map<String, String> shards) {
  public static final String FILE_NAME = "model.safetensors.index.json";

  /** Longest index read; that of a model with a hundred thousand tensors takes a tenth. */
  private static final long MAX_BYTES = 100_000_000;

  /**
   * Reads an index.
   *
   * @throws ModelFormatException if it is no JSON object with a {@code weight_map} from text to
   *     text
   */
  public static ShardIndex read(Path file) throws IOException {
    FileBytes.requireFile(file);
    if (Files.size(file) > MAX_BYTES) {
      throw ModelFormatException.of(
          file, "file", "at most " + MAX_BYTES + " bytes", Files.size(file) + " bytes");
    }
    JsonCursor json = new JsonCursor(file, Files.readAllBytes(file));
    Map<String, String> shards = new LinkedHashMap<>();
    Set<String> seen = new HashSet<>();
    json.start();
    json.enterObject();
    for (String key = json.nextKey(seen); key != null; key = json.nextKey(seen)) {
      if (key.equals("weight_map")) {
        readWeightMap(json, shards);
      } else {
        json.skip();
      }
    }
    json.requireEnd();
    if (shards.isEmpty()) {
      throw ModelFormatException.of(file, "weight_map", "an object from tensor to file", "none");
    }
    return new ShardIndex(file, shards);
  }

  private static void readWeightMap(JsonCursor json, Map<String, String> shards)
      throws IOException {
    Set<String> seen = new HashSet<>();
    Map<String, String> names = new HashMap<>();
    json.enterObject();
    for (String tensor = json.nextKey(seen); tensor != null; tensor = json.nextKey(seen)) {
      String shard = json.string();
      shards.put(tensor, names.computeIfAbsent(shard, name -> name));
    }
  }

  /**
   * The shards' paths, each once, in the order of the index.
   *
   * @throws ModelFormatException if a name is more than a name, or of no file
   */
  public List<Path> paths() throws ModelFormatException {
    List<Path> paths = new ArrayList<>();
    for (String name : new LinkedHashSet<>(shards.values())) {
      if (!isPlainName(name)) {
        throw ModelFormatException.of(
            file, "weight_map", "names of .safetensors files in the index's folder", name);
      }
      Path shard;
      try {
        shard = file.resolveSibling(name);
      } catch (InvalidPathException e) {
        throw ModelFormatException.of(file, "weight_map", "names that this system allows", name);
      }
      if (!FileBytes.isNamed(shard)) {
        throw ModelFormatException.of(file, "weight_map", "the shard " + name, "no such file");
      }
      paths.add(shard);
    }
    return paths;
  }

  private static boolean isPlainName(String name) {
    return name.endsWith(".safetensors")
        && !name.startsWith(".")
        && name.chars().noneMatch(c -> c < ' ' || c == '/' || c == '\\' || c == ':');
  }

  /**
   * Checks that the shards hold exactly what the index says.
   *
   * @param tensors all tensors of all shards
   * @throws ModelFormatException at the first tensor that is somewhere else, missing or unlisted
   */
  public void check(Map<String, Tensor> tensors) throws ModelFormatException {
    for (Map.Entry<String, String> entry : shards.entrySet()) {
      Tensor tensor = tensors.get(entry.getKey());
      if (tensor == null || !tensor.file().endsWith(entry.getValue())) {
        throw ModelFormatException.of(
            file,
            "weight_map",
            "tensor " + entry.getKey() + " in " + entry.getValue(),
            tensor == null ? "no such tensor" : "it in " + tensor.file().getFileName());
      }
    }
    Set<String> listed = shards.keySet();
    for (Tensor tensor : tensors.values()) {
      if (!listed.contains(tensor.name())) {
        throw ModelFormatException.of(
            tensor.file(), "tensor " + tensor.name(), "only tensors of the index", "one more");
      }
    }
  }
}
