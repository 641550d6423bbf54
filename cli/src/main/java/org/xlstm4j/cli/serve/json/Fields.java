package org.xlstm4j.cli.serve.json;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a JSON object that a client sent. Each is asked for by its name; in the end {@link
 * #refuseOthers} names one that nobody asked for. Not thread-safe.
 */
public final class Fields {
  private final String path;
  private final Map<String, Object> values;
  private final Set<String> known = new HashSet<>();

  private Fields(String path, Map<String, Object> values) {
    this.path = path;
    this.values = values;
  }

  /**
   * Reads an object.
   *
   * @param json its bytes, UTF-8
   * @throws JsonException if they are no JSON object
   */
  public static Fields read(byte[] json) throws JsonException {
    return read(json, List.of());
  }

  /**
   * Reads an object with many numbers.
   *
   * @param json its bytes, UTF-8
   * @param numeric names of fields, at any depth, in whose values each list of numbers is a {@code
   *     double[]}, NaN where it holds null
   * @throws JsonException if they are no JSON object, or such a list holds something else
   */
  public static Fields read(byte[] json, List<String> numeric) throws JsonException {
    return new Fields("", JsonReader.object(json, Set.copyOf(numeric)));
  }

  /** The value of a field as it is, or null if it is absent. */
  public @Nullable Object value(String name) {
    known.add(name);
    return values.get(name);
  }

  /** Whether a field is there. */
  public boolean has(String name) {
    return value(name) != null;
  }

  /** A text that must be there. */
  public String text(String name) throws JsonException {
    Object value = value(name);
    if (value instanceof String text) {
      return text;
    }
    throw wrong(name, value, "a string");
  }

  /** A text, or another if it is absent. */
  public String textOr(String name, String otherwise) throws JsonException {
    return has(name) ? text(name) : otherwise;
  }

  /** Yes or no. */
  public boolean flagOr(String name, boolean otherwise) throws JsonException {
    Object value = value(name);
    if (value == null) {
      return otherwise;
    } else if (value instanceof Boolean flag) {
      return flag;
    }
    throw wrong(name, value, "true or false");
  }

  /** A whole number within a range; one such as 4.0 is whole. */
  public long integerOr(String name, long otherwise, long least, long most) throws JsonException {
    Object value = value(name);
    if (value == null) {
      return otherwise;
    }
    Long number = whole(value);
    if (number == null || number < least || number > most) {
      String range = most == Long.MAX_VALUE ? least + " or more" : least + " to " + most;
      throw wrong(name, value, "a whole number, " + (least == Long.MIN_VALUE ? "64 bits" : range));
    }
    return number;
  }

  /** A number within a range. */
  public double numberOr(String name, double otherwise, double least, double most)
      throws JsonException {
    Object value = value(name);
    if (value == null) {
      return otherwise;
    }
    if (!(value instanceof Number number)
        || !(number.doubleValue() >= least && number.doubleValue() <= most)) {
      throw wrong(name, value, "a number, " + least + " to " + most);
    }
    return number.doubleValue();
  }

  /** A text or a list of at most {@code most} texts; empty if it is absent. */
  public List<String> texts(String name, int most) throws JsonException {
    Object value = value(name);
    if (value == null) {
      return List.of();
    } else if (value instanceof String text) {
      return List.of(text);
    } else if (value instanceof List<?> list && list.size() <= most) {
      List<String> texts = new ArrayList<>();
      for (Object item : list) {
        if (!(item instanceof String text)) {
          throw wrong(name, item, "strings in the list");
        }
        texts.add(text);
      }
      return texts;
    }
    throw wrong(name, value, "a string or a list of at most " + most);
  }

  /** A list of objects that must be there. */
  public List<Fields> objects(String name) throws JsonException {
    Object value = value(name);
    if (!(value instanceof List<?> list)) {
      throw wrong(name, value, "a list of objects");
    }
    List<Fields> objects = new ArrayList<>();
    for (Object item : list) {
      objects.add(object(name + "[" + objects.size() + "]", item));
    }
    return objects;
  }

  /** An object, or null if it is absent. */
  public @Nullable Fields objectOr(String name) throws JsonException {
    Object value = value(name);
    return value == null ? null : object(name, value);
  }

  @SuppressWarnings("unchecked") // the reader makes no other maps
  private Fields object(String name, Object value) throws JsonException {
    if (!(value instanceof Map<?, ?>)) {
      throw wrong(name, value, "an object");
    }
    return new Fields(path(name), (Map<String, Object>) value);
  }

  /**
   * Passes over a field that is not supported, if it has a value that changes nothing.
   *
   * @param allowed such values; lists and objects that are empty always are
   * @throws JsonException if it has another value
   */
  public void neutral(String name, Object... allowed) throws JsonException {
    Object value = value(name);
    boolean passes =
        value == null
            || (value instanceof List<?> list && list.isEmpty())
            || (value instanceof Map<?, ?> map && map.isEmpty())
            || Arrays.stream(allowed).anyMatch(one -> same(one, value));
    if (!passes) {
      throw new JsonException(
          path(name),
          path(name) + " is not supported" + (allowed.length == 0 ? "" : " with this value"));
    }
  }

  private static boolean same(Object one, Object value) {
    return (one instanceof Number first && value instanceof Number second)
        ? first.doubleValue() == second.doubleValue()
        : one.equals(value);
  }

  /** Refuses a field that nobody has asked for, by its name. */
  public void refuseOthers() throws JsonException {
    for (String name : values.keySet()) {
      if (!known.contains(name)) {
        throw new JsonException(path(name), "the field " + shown(path(name)) + " is not supported");
      }
    }
  }

  /** A refusal of a field's value. */
  public JsonException wrong(String name, @Nullable Object found, String expected) {
    return new JsonException(
        path(name), path(name) + " is " + shown(found) + ", expected " + expected);
  }

  /** A refusal of a number in a list. */
  public JsonException wrong(String name, double found, String expected) {
    Long whole = whole(found);
    return wrong(name, whole == null ? (Object) found : whole, expected);
  }

  /** A field's path from the outermost object. */
  public String path(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  private static @Nullable Long whole(Object value) {
    if (value instanceof Long number) {
      return number;
    }
    return value instanceof Double number
            && number == Math.rint(number)
            && Math.abs(number) < 1L << 53
        ? (Long) number.longValue()
        : null;
  }

  private static String shown(@Nullable Object value) {
    return switch (value) {
      case null -> "missing";
      case String text -> text.length() > 64 ? "a string of " + text.length() : "'" + text + "'";
      case List<?> list -> "a list of " + list.size();
      case double[] numbers -> "a list of " + numbers.length + " numbers";
      case Map<?, ?> map -> "an object";
      default -> value.toString();
    };
  }
}
