package org.xlstm4j.loader.formats;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.loader.bytes.FileBytes;
import org.xlstm4j.loader.config.Config;
import org.xlstm4j.loader.config.Value;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.loader.tensors.Tensor;

/**
 * Reads what {@code torch.save} writes since version 1.6: a zip archive of a pickle ({@code
 * ROOT/data.pkl}) and of the tensors' storages ({@code ROOT/data/KEY}), stored without compression.
 *
 * <p>The pickle's root is a dictionary. Its tensors, or those of its entry {@code state_dict} or
 * {@code head_state_dict}, are the checkpoint's tensors; its plain values are the attributes.
 * Further tensors (an optimizer's) are left out.
 *
 * <p>A training run of the stable-baselines3 kind saves a zip archive around such archives: {@code
 * policy.pth} with the model, and {@code pytorch_variables.pth}, whose tensors get the prefix
 * {@code pytorch_variables.}.
 */
public final class TorchArchive {
  private static final String PICKLE = "/data.pkl";

  /** Of a model, and of a head that belongs on another model. */
  private static final List<String> STATE_DICTS = List.of("state_dict", "head_state_dict");

  private static final String POLICY = "policy.pth";
  private static final String VARIABLES = "pytorch_variables";

  private final Path file;
  private final SegmentAllocator allocator;
  private final PickleBudget budget;
  private final List<Tensor> tensors = new ArrayList<>();
  private final Map<String, Value> attributes = new LinkedHashMap<>();

  private TorchArchive(FileBytes file, SegmentAllocator allocator) {
    this.file = file.path();
    budget = new PickleBudget(file.path(), file.bytes().byteSize());
    this.allocator = allocator;
  }

  /**
   * The contents of an archive; the tensors are views of its bytes, but for those of unusual
   * strides.
   *
   * @param file the archive
   * @param allocator where copies go
   */
  public static CheckpointContents read(FileBytes file, SegmentAllocator allocator)
      throws ModelFormatException {
    TorchArchive reader = new TorchArchive(file, allocator);
    ZipArchive archive = ZipArchive.read(file.path(), file.bytes());
    String root = root(archive);
    if (root != null) {
      reader.readModel(archive, root);
    } else if (archive.names().contains(POLICY)) {
      reader.readTrainingRun(archive);
    } else {
      throw ModelFormatException.of(
          file.path(), "archive", "an entry ROOT/data.pkl or " + POLICY, "neither");
    }
    return new CheckpointContents(
        List.of(file),
        reader.tensors,
        Map.of(),
        new Config(file.path(), "", new Value.Fields(reader.attributes)));
  }

  /** The archive's root folder with a slash at the end, or null if there is no pickle in one. */
  private static @Nullable String root(ZipArchive archive) {
    for (String name : archive.names()) {
      if (name.endsWith(PICKLE) && name.indexOf('/') == name.length() - PICKLE.length()) {
        return name.substring(0, name.indexOf('/') + 1);
      }
    }
    return null;
  }

  private void readTrainingRun(ZipArchive run) throws ModelFormatException {
    ZipArchive policy = ZipArchive.read(file, run.stored(POLICY));
    readModel(policy, requireRoot(policy, POLICY));
    String name = VARIABLES + ".pth";
    if (run.names().contains(name)) {
      ZipArchive variables = ZipArchive.read(file, run.stored(name));
      Pickled.Dictionary values = readPickle(variables, requireRoot(variables, name));
      addTensors(VARIABLES + ".", values);
    }
  }

  private String requireRoot(ZipArchive archive, String name) throws ModelFormatException {
    String root = root(archive);
    if (root == null) {
      throw ModelFormatException.of(file, name, "an entry ROOT/data.pkl", "none");
    }
    return root;
  }

  private void readModel(ZipArchive archive, String root) throws ModelFormatException {
    Pickled.Dictionary values = readPickle(archive, root);
    addTensors("", stateDict(values));
    if (tensors.isEmpty()) {
      throw ModelFormatException.of(
          file,
          root + "data.pkl",
          "tensors in the dictionary or its state_dict",
          "the keys " + String.join(", ", values.values().keySet()));
    }
    long pickleBytes = archive.stored(root + "data.pkl").byteSize();
    PlainValues plain = new PlainValues(file, root + "data.pkl", pickleBytes, budget);
    for (Map.Entry<String, Pickled> entry : values.values().entrySet()) {
      Value value = STATE_DICTS.contains(entry.getKey()) ? null : plain.of(entry.getValue());
      if (value != null) {
        attributes.put(entry.getKey(), value);
      }
    }
  }

  /** The dictionary's entry with the tensors, or itself. */
  private Pickled.Dictionary stateDict(Pickled.Dictionary values) throws ModelFormatException {
    for (String name : STATE_DICTS) {
      Pickled inner = values.values().get(name);
      if (inner instanceof Pickled.Dictionary dictionary) {
        return dictionary;
      }
      if (inner != null) {
        throw ModelFormatException.of(file, name, "a dictionary", inner.describe());
      }
    }
    return values;
  }

  private Pickled.Dictionary readPickle(ZipArchive archive, String root)
      throws ModelFormatException {
    requireLittleEndian(archive, root + "byteorder");
    MemorySegment pickle = archive.stored(root + "data.pkl");
    TorchTensors torch = new TorchTensors(file, archive, root, allocator, archive.byteSize());
    Pickled value = PickleReader.read(file, root + "data.pkl", pickle, torch, budget);
    if (value instanceof Pickled.Dictionary dictionary) {
      return dictionary;
    }
    throw ModelFormatException.of(file, root + "data.pkl", "a dictionary", value.describe());
  }

  /** Archives from before the entry existed were little-endian in practice. */
  private void requireLittleEndian(ZipArchive archive, String entry) throws ModelFormatException {
    if (!archive.names().contains(entry)) {
      return;
    }
    byte[] little = "little".getBytes(StandardCharsets.US_ASCII);
    if (archive.stored(entry).mismatch(MemorySegment.ofArray(little)) != -1) {
      throw ModelFormatException.of(file, entry, "little", "another byte order");
    }
  }

  private void addTensors(String prefix, Pickled.Dictionary dictionary)
      throws ModelFormatException {
    for (Map.Entry<String, Pickled> entry : dictionary.values().entrySet()) {
      if (entry.getValue() instanceof Pickled.Array(Tensor tensor)) {
        budget.take(PickleBudget.NAMED_TENSOR, "archive");
        tensors.add(tensor.named(prefix + entry.getKey()));
      }
    }
  }
}
