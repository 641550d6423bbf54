package org.xlstm4j.loader.formats;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.loader.config.Value;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.loader.json.JsonScanner;

/**
 * The plain part of an unpickled object as {@link Value} trees.
 *
 * <p>Python objects can be shared and can contain themselves, so a small pickle can describe an
 * endless tree. What is shared is converted once and shared again. The depth and the number of
 * values that the tree would have are bounded: without sharing, a pickle has no more values than
 * bytes. What is converted is counted in the {@link PickleBudget} like what was read.
 */
final class PlainValues {
  private final Path file;
  private final String entry;
  private final long maxValues;
  private final PickleBudget budget;

  /** What containers were converted to. */
  private final IdentityHashMap<Pickled, Converted> known = new IdentityHashMap<>();

  /** The plain part of an object, or null, and how many values it holds with all in it. */
  private record Converted(@Nullable Value value, long values) {}

  private long values;

  /**
   * Converts the objects of one pickle.
   *
   * @param file the file that errors name
   * @param entry the archive's entry that errors name
   * @param pickleBytes the pickle's length
   * @param budget bounds the memory of the values
   */
  PlainValues(Path file, String entry, long pickleBytes, PickleBudget budget) {
    this.file = file;
    this.entry = entry;
    this.maxValues = 4 * pickleBytes;
    this.budget = budget;
  }

  /** The plain part of an object: null if it is a tensor, else without the tensors in it. */
  @Nullable Value of(Pickled object) throws ModelFormatException {
    return of(object, 0);
  }

  private @Nullable Value of(Pickled object, int depth) throws ModelFormatException {
    if (object instanceof Pickled.Plain(Value value)) {
      count(1);
      return value;
    }
    Converted converted = known.get(object);
    if (converted == null) {
      if (depth > JsonScanner.DEEPEST) {
        throw tooMany();
      }
      budget.take(PickleBudget.CONVERTED, entry);
      long before = values;
      Value value = convert(object, depth);
      count(1);
      known.put(object, new Converted(value, values - before));
      return value;
    }
    count(converted.values());
    return converted.value();
  }

  private void count(long more) throws ModelFormatException {
    values += more;
    if (values > maxValues) {
      throw tooMany();
    }
  }

  private ModelFormatException tooMany() {
    return ModelFormatException.of(
        file,
        entry,
        "at most " + maxValues + " values, nested at most " + JsonScanner.DEEPEST + " deep",
        "more: objects that contain each other");
  }

  private @Nullable Value convert(Pickled object, int depth) throws ModelFormatException {
    return switch (object) {
      case Pickled.Plain(Value value) -> value;
      case Pickled.Items(List<Pickled> items) -> list(items, depth);
      case Pickled.Tuple(List<Pickled> items) -> list(items, depth);
      case Pickled.Dictionary(Map<String, Pickled> dictionary) -> fields(dictionary, depth);
      case Pickled.Storage ignored -> null;
      case Pickled.Array ignored -> null;
      case Pickled.Global ignored -> null;
    };
  }

  private Value fields(Map<String, Pickled> dictionary, int depth) throws ModelFormatException {
    if (dictionary.isEmpty()) {
      return Value.Fields.NONE;
    }
    budget.take((long) PickleBudget.ENTRY * dictionary.size(), entry);
    Map<String, Value> fields = LinkedHashMap.newLinkedHashMap(dictionary.size());
    for (Map.Entry<String, Pickled> field : dictionary.entrySet()) {
      Value value = of(field.getValue(), depth + 1);
      if (value != null) {
        fields.put(field.getKey(), value);
      }
    }
    return new Value.Fields(fields);
  }

  private Value list(List<Pickled> items, int depth) throws ModelFormatException {
    budget.take((long) PickleBudget.REFERENCE * items.size(), entry);
    List<Value> converted = new ArrayList<>(items.size());
    for (Pickled item : items) {
      Value value = of(item, depth + 1);
      converted.add(value == null ? Value.Null.NULL : value);
    }
    return new Value.Items(converted);
  }
}
