package org.xlstm4j.loader.formats;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.xlstm4j.loader.config.Value;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.loader.tensors.Tensor;
import org.xlstm4j.loader.tensors.TensorType;

/**
 * Storages and tensors of a PyTorch archive.
 *
 * <p>A tensor is a view of its storage unless its strides are not those of a row-major array: then
 * its elements are copied. All copies together take at most as much memory as the archive.
 */
final class TorchTensors {
  /** A line of the cache: where in one a row begins settles the order of its sum. */
  private static final long LINE = 64;

  private final Path file;
  private final ZipArchive archive;
  private final String root;
  private final SegmentAllocator allocator;
  private long copyBudget;

  /**
   * The tensors of one archive.
   *
   * @param file the file that errors name
   * @param archive the storages' entries
   * @param root the folder in the archive
   * @param allocator where copies go
   * @param copyBudget most bytes that all copies may take
   */
  TorchTensors(
      Path file, ZipArchive archive, String root, SegmentAllocator allocator, long copyBudget) {
    this.file = file;
    this.archive = archive;
    this.root = root;
    this.allocator = allocator;
    this.copyBudget = copyBudget;
  }

  /**
   * A storage by its persistent identity: {@code ("storage", type, key, device, elements)}.
   *
   * @param identity the tuple's values
   * @param place gives where errors point
   */
  Pickled.Storage storage(List<Pickled> identity, Supplier<String> place)
      throws ModelFormatException {
    if (identity.size() == 5
        && identity.get(0) instanceof Pickled.Plain(Value.Text(String kind))
        && kind.equals("storage")
        && identity.get(1) instanceof Pickled.Global global
        && global.storage() != null
        && identity.get(2) instanceof Pickled.Plain(Value.Text(String key))
        && identity.get(4) instanceof Pickled.Plain(Value.Whole(long elements))) {
      TensorType type = global.storage();
      String entry = root + "data/" + key;
      MemorySegment bytes = archive.stored(entry);
      if (elements < 0 || type.bytes(new long[] {elements}) != bytes.byteSize()) {
        throw ModelFormatException.of(
            file, entry, elements + " elements of " + type, bytes.byteSize() + " bytes");
      }
      return new Pickled.Storage(entry, type, bytes);
    }
    throw ModelFormatException.of(
        file,
        place.get(),
        "a storage (\"storage\", type, key, device, elements)",
        "something else");
  }

  /**
   * A tensor by the arguments of {@code torch._utils._rebuild_tensor_v2}: storage, offset, size,
   * stride, requires_grad, hooks.
   *
   * @param arguments the tuple's values
   * @param place gives where errors point
   * @return the tensor, named after its storage
   */
  Tensor rebuild(List<Pickled> arguments, Supplier<String> place) throws ModelFormatException {
    if (arguments.size() == 6
        && arguments.get(0) instanceof Pickled.Storage storage
        && arguments.get(1) instanceof Pickled.Plain(Value.Whole(long offset))
        && offset >= 0) {
      long[] shape = lengths(arguments.get(2), place);
      long[] strides = lengths(arguments.get(3), place);
      long bytes = storage.type().bytes(shape);
      if (bytes >= 0 && strides.length == shape.length) {
        return new Tensor(
            file,
            storage.entry(),
            storage.type(),
            shape,
            isRowMajor(shape, strides)
                ? view(storage, offset, bytes)
                : copy(storage, offset, shape, strides, bytes));
      }
    }
    throw ModelFormatException.of(
        file, place.get(), "a tensor (storage, offset, size, stride, ...)", "something else");
  }

  private long[] lengths(Pickled tuple, Supplier<String> place) throws ModelFormatException {
    if (!(tuple instanceof Pickled.Tuple(List<Pickled> values))
        || values.size() > SafetensorsReader.MAX_RANK) {
      throw ModelFormatException.of(
          file,
          place.get(),
          "a tuple of at most " + SafetensorsReader.MAX_RANK + " lengths",
          tuple.describe());
    }
    long[] lengths = new long[values.size()];
    for (int i = 0; i < lengths.length; i++) {
      if (!(values.get(i) instanceof Pickled.Plain(Value.Whole(long length))) || length < 0) {
        throw ModelFormatException.of(
            file, place.get(), "a length that is not negative", values.get(i).describe());
      }
      lengths[i] = length;
    }
    return lengths;
  }

  private static boolean isRowMajor(long[] shape, long[] strides) {
    long stride = 1;
    for (int i = shape.length - 1; i >= 0; i--) {
      if (shape[i] == 0) {
        return true;
      }
      if (shape[i] != 1 && strides[i] != stride) {
        return false;
      }
      stride *= shape[i];
    }
    return true;
  }

  private MemorySegment view(Pickled.Storage storage, long offset, long bytes)
      throws ModelFormatException {
    int width = storage.type().bits() / 8;
    long available = storage.bytes().byteSize();
    if (offset > available / width || bytes > available - offset * width) {
      throw beyond(storage, bytes + " bytes from element " + offset);
    }
    return storage.bytes().asSlice(offset * width, bytes);
  }

  private MemorySegment copy(
      Pickled.Storage storage, long offset, long[] shape, long[] strides, long bytes)
      throws ModelFormatException {
    int width = storage.type().bits() / 8;
    MemorySegment source = storage.bytes();
    if (lastElement(offset, shape, strides) >= source.byteSize() / width) {
      throw beyond(storage, "strides that lead past its end");
    }
    // Strides of zero could repeat one element for ever.
    if (bytes > source.byteSize() || bytes > copyBudget) {
      throw ModelFormatException.of(
          file, storage.entry(), "tensors no larger than their storages", bytes + " bytes");
    }
    copyBudget -= bytes;
    MemorySegment target = allocator.allocate(bytes, LINE);
    long[] index = new long[shape.length];
    long from = offset;
    for (long to = 0; to < bytes; to += width) {
      MemorySegment.copy(source, from * width, target, to, width);
      for (int axis = shape.length - 1; axis >= 0; axis--) {
        from += strides[axis];
        if (++index[axis] < shape[axis]) {
          break;
        }
        from -= strides[axis] * shape[axis];
        index[axis] = 0;
      }
    }
    return target;
  }

  /** Index in the storage of the last element, or the largest long if it overflows. */
  private static long lastElement(long offset, long[] shape, long[] strides) {
    try {
      long last = offset;
      for (int i = 0; i < shape.length; i++) {
        last = Math.addExact(last, Math.multiplyExact(shape[i] - 1, strides[i]));
      }
      return last;
    } catch (ArithmeticException e) {
      return Long.MAX_VALUE;
    }
  }

  private ModelFormatException beyond(Pickled.Storage storage, String found) {
    return ModelFormatException.of(
        file,
        storage.entry(),
        "a tensor within its storage of " + storage.bytes().byteSize() + " bytes",
        found);
  }
}
