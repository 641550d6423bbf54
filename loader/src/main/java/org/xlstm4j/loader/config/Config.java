package org.xlstm4j.loader.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.loader.bytes.FileBytes;
import org.xlstm4j.loader.files.ModelFormatException;

/**
 * A model's configuration: named values from JSON, YAML or a PyTorch archive, read through
 * accessors that check type and range. Immutable and thread-safe.
 *
 * <p>A key is the name of a field, or a path of names with dots between ({@code
 * "mlstm_block.mlstm.num_heads"}); a field whose own name has dots is found by that name first. An
 * explicit {@code null} counts as absent, except in {@link #isNull} and {@link #kind}.
 *
 * <p>Every accessor throws {@link ModelFormatException} with the file, the key's full path, what
 * was expected and what is there.
 */
public final class Config {
  /** Longest configuration read. */
  static final long MAX_BYTES = 16_000_000;

  /** The names of a configuration in a model's folder; the first that is there counts. */
  private static final List<String> NAMES =
      List.of("config.json", "config.yaml", "config.yml", "model-config.yaml");

  private final Path file;
  private final String place;
  private final Value.Fields fields;

  /** What stands at a key. */
  public enum Kind {
    /** Nothing. */
    ABSENT,
    /** An explicit {@code null}. */
    NULL,
    /** True or false. */
    BOOL,
    /** A number. */
    NUMBER,
    /** A text. */
    TEXT,
    /** A list. */
    LIST,
    /** Named values. */
    OBJECT
  }

  public Config(Path file, String place, Value.Fields fields) {
    this.file = file;
    this.place = place;
    this.fields = fields;
  }

  /**
   * A configuration without any field.
   *
   * @param file the file that errors shall name
   */
  public static Config empty(Path file) {
    return new Config(file, "", Value.Fields.NONE);
  }

  /**
   * Reads a configuration: YAML if the name ends in {@code .yaml} or {@code .yml}, else JSON.
   *
   * @throws ModelFormatException if there is no such file, or it is malformed, longer than 16 MB
   *     (YAML: 1 MB), of more than 65,536 values, nested deeper than 64 levels or no object
   * @throws IOException if the system cannot read it
   */
  public static Config read(Path file) throws IOException {
    FileBytes.requireFile(file);
    long size = Files.size(file);
    if (size > MAX_BYTES) {
      throw ModelFormatException.of(
          file, "file", "at most " + MAX_BYTES + " bytes", size + " bytes");
    }
    String name = file.toString();
    boolean yaml = name.endsWith(".yaml") || name.endsWith(".yml");
    byte[] bytes = Files.readAllBytes(file);
    return ofRoot(file, yaml ? YamlValues.read(file, bytes) : JsonValues.read(file, bytes));
  }

  /**
   * Reads a configuration that is part of a file, such as one of its lines.
   *
   * @param file the file that errors shall name
   * @param json an object
   * @throws ModelFormatException if it is malformed, nested deeper than 64 levels or no object
   */
  public static Config parse(Path file, String json) throws IOException {
    return ofRoot(file, JsonValues.read(file, json.getBytes(UTF_8)));
  }

  private static Config ofRoot(Path file, Value value) throws ModelFormatException {
    if (value instanceof Value.Fields root) {
      return new Config(file, "", root);
    }
    throw ModelFormatException.of(file, "root", "an object", value.describe());
  }

  /**
   * Reads the configuration in a model's folder, or next to a model's file: {@code config.json},
   * else {@code config.yaml}, {@code config.yml}, {@code model-config.yaml}.
   *
   * @param folder a model's folder, or the file with its weights
   * @throws ModelFormatException as {@link #read}, or if there is none of these
   */
  public static Config ofFolder(Path folder) throws IOException {
    Config config = find(folder);
    if (config == null) {
      throw ModelFormatException.of(folder, "folder", "config.json or config.yaml", "neither");
    }
    return config;
  }

  /**
   * Reads the configuration in a model's folder, or next to a model's file, if there is one.
   *
   * @param folderOrFile a model's folder, or the file with its weights
   * @return the configuration that {@link #ofFolder} reads; null if there is none
   * @throws ModelFormatException as {@link #read}
   */
  public static @Nullable Config find(Path folderOrFile) throws IOException {
    for (String name : NAMES) {
      Path file =
          Files.isRegularFile(folderOrFile)
              ? folderOrFile.resolveSibling(name)
              : folderOrFile.resolve(name);
      if (FileBytes.isNamed(file)) {
        return read(file);
      }
    }
    return null;
  }

  /**
   * Whether {@link #find} may read a file of this name as a model's configuration.
   *
   * @param name of a file, without its folder
   * @return true for some names
   */
  public static boolean isNamed(String name) {
    return NAMES.contains(name);
  }

  /** The file the values come from. */
  public Path file() {
    return file;
  }

  /** The names of the fields, in the file's order. */
  public Set<String> keys() {
    return fields.values().keySet();
  }

  /** The value of a field, by its own name. */
  Value value(String name) {
    Value value = fields.values().get(name);
    return value == null ? Value.Null.NULL : value;
  }

  /** Whether there is a value other than {@code null}. */
  public boolean has(String key) {
    return find(key) != null;
  }

  /**
   * Whether there is an explicit {@code null}, which differs from nothing where it switches off.
   */
  public boolean isNull(String key) {
    return kind(key) == Kind.NULL;
  }

  /** What stands at a key; distinguishes an explicit {@code null} from nothing. */
  public Kind kind(String key) {
    Value value = lookUp(fields, key);
    return value == null ? Kind.ABSENT : value.kind();
  }

  /** A whole number from {@code min} to {@code max}. */
  public int integer(String key, int min, int max) throws ModelFormatException {
    return toInteger(key, find(key), min, max);
  }

  /** A whole number from {@code min} to {@code max}, or {@code otherwise} if there is none. */
  public int integerOr(String key, int otherwise, int min, int max) throws ModelFormatException {
    return has(key) ? integer(key, min, max) : otherwise;
  }

  /** Whole numbers from {@code min} to {@code max}. */
  public int[] integers(String key, int min, int max) throws ModelFormatException {
    List<Value> items = items(key);
    int[] integers = new int[items.size()];
    for (int i = 0; i < integers.length; i++) {
      integers[i] = toInteger(element(key, i), items.get(i), min, max);
    }
    return integers;
  }

  /** A finite number. */
  public double number(String key) throws ModelFormatException {
    return toNumber(key, find(key));
  }

  /** A finite number, or {@code otherwise} if there is none. */
  public double numberOr(String key, double otherwise) throws ModelFormatException {
    return has(key) ? number(key) : otherwise;
  }

  /**
   * A number from {@code min} to {@code max} as a 32-bit float, or {@code otherwise} if there is
   * none.
   */
  public float floatOr(String key, double otherwise, double min, double max)
      throws ModelFormatException {
    double number = numberOr(key, otherwise);
    if (!(number >= min && number <= max)) {
      throw error(key, String.valueOf(number), "a number from " + min + " to " + max);
    }
    return (float) number;
  }

  /** Finite numbers. */
  public double[] numbers(String key) throws ModelFormatException {
    List<Value> items = items(key);
    double[] numbers = new double[items.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = toNumber(element(key, i), items.get(i));
    }
    return numbers;
  }

  /** A text. */
  public String text(String key) throws ModelFormatException {
    return toText(key, find(key));
  }

  /** A text, or {@code otherwise} if there is none. */
  public String textOr(String key, String otherwise) throws ModelFormatException {
    return has(key) ? text(key) : otherwise;
  }

  /** Texts. */
  public List<String> texts(String key) throws ModelFormatException {
    List<Value> items = items(key);
    List<String> texts = new ArrayList<>(items.size());
    for (int i = 0; i < items.size(); i++) {
      texts.add(toText(element(key, i), items.get(i)));
    }
    return List.copyOf(texts);
  }

  /** True or false. */
  public boolean bool(String key) throws ModelFormatException {
    Value value = find(key);
    if (value instanceof Value.Bool bool) {
      return bool.value();
    }
    throw refused(key, "true or false", value);
  }

  /** True or false, or {@code otherwise} if neither is there. */
  public boolean boolOr(String key, boolean otherwise) throws ModelFormatException {
    return has(key) ? bool(key) : otherwise;
  }

  /** The object at a key. */
  public Config child(String key) throws ModelFormatException {
    return toChild(key, find(key));
  }

  /** The object at a key, or one without fields if there is none. */
  public Config childOrEmpty(String key) throws ModelFormatException {
    return has(key) ? child(key) : new Config(file, path(key), Value.Fields.NONE);
  }

  /** A list of objects. */
  public List<Config> children(String key) throws ModelFormatException {
    List<Value> items = items(key);
    List<Config> children = new ArrayList<>(items.size());
    for (int i = 0; i < items.size(); i++) {
      children.add(toChild(element(key, i), items.get(i)));
    }
    return List.copyOf(children);
  }

  /**
   * A copy with one field set; the field keeps its place if it was there.
   *
   * @param name the field's own name, dots and all, not a path
   * @param value null, a Boolean, Number, String or Config, or a List or Map with text keys of
   *     these
   * @throws IllegalArgumentException if the value is of another type
   */
  public Config with(String name, @Nullable Object value) {
    Map<String, Value> changed = new LinkedHashMap<>(fields.values());
    changed.put(name, toValue(value));
    return new Config(file, place, new Value.Fields(changed));
  }

  /** A copy without one field. */
  public Config without(String name) {
    Map<String, Value> changed = new LinkedHashMap<>(fields.values());
    changed.remove(name);
    return new Config(file, place, new Value.Fields(changed));
  }

  /** The whole as JSON text, indented, fields in order. */
  public String toJson() {
    return JsonValues.write(fields);
  }

  /**
   * The exception for a value that does not fit the others, such as a number of heads that does not
   * divide the width.
   *
   * @param key where the value stands
   * @param found what follows from it
   * @param expected what it must be
   */
  public ModelFormatException error(String key, String found, String expected) {
    return ModelFormatException.of(file, path(key), expected, found);
  }

  private int toInteger(String key, @Nullable Value value, int min, int max)
      throws ModelFormatException {
    if (value instanceof Value.Whole(long whole) && whole >= min && whole <= max) {
      return (int) whole;
    }
    throw refused(key, "a whole number from " + min + " to " + max, value);
  }

  private double toNumber(String key, @Nullable Value value) throws ModelFormatException {
    if (value instanceof Value.Whole(long whole)) {
      return whole;
    }
    if (value instanceof Value.Real(double real) && Double.isFinite(real)) {
      return real;
    }
    throw refused(key, "a finite number", value);
  }

  private String toText(String key, @Nullable Value value) throws ModelFormatException {
    if (value instanceof Value.Text(String text)) {
      return text;
    }
    throw refused(key, "a text", value);
  }

  private Config toChild(String key, @Nullable Value value) throws ModelFormatException {
    if (value instanceof Value.Fields child) {
      return new Config(file, path(key), child);
    }
    throw refused(key, "an object", value);
  }

  private List<Value> items(String key) throws ModelFormatException {
    Value value = find(key);
    if (value instanceof Value.Items items) {
      return items.values();
    }
    throw refused(key, "a list", value);
  }

  private static String element(String key, int index) {
    return key + "[" + index + "]";
  }

  /** The full path of a key, for messages. */
  String path(String key) {
    return place.isEmpty() ? key : place + "." + key;
  }

  private ModelFormatException refused(String key, String expected, @Nullable Value value) {
    return error(key, value == null ? "nothing" : value.describe(), expected);
  }

  /** The value at a key, or null if it is absent or {@code null}. */
  private @Nullable Value find(String key) {
    Value value = lookUp(fields, key);
    return value instanceof Value.Null ? null : value;
  }

  private static @Nullable Value lookUp(Value.Fields fields, String path) {
    Value value = fields.values().get(path);
    int dot = path.indexOf('.');
    if (value != null || dot < 0) {
      return value;
    }
    return fields.values().get(path.substring(0, dot)) instanceof Value.Fields inner
        ? lookUp(inner, path.substring(dot + 1))
        : null;
  }

  private static Value toValue(@Nullable Object value) {
    return switch (value) {
      case null -> Value.Null.NULL;
      case Boolean bool -> new Value.Bool(bool);
      case Integer whole -> new Value.Whole(whole);
      case Long whole -> new Value.Whole(whole);
      case Float real -> new Value.Real(real);
      case Double real -> new Value.Real(real);
      case String text -> new Value.Text(text);
      case Config config -> config.fields;
      case List<?> list -> new Value.Items(list.stream().map(Config::toValue).toList());
      case Map<?, ?> map -> {
        Map<String, Value> fields = new LinkedHashMap<>();
        map.forEach((key, field) -> fields.put((String) key, toValue(field)));
        yield new Value.Fields(fields);
      }
      default -> throw new IllegalArgumentException("a value of " + value.getClass());
    };
  }
}
