package org.xlstm4j.cli.serve.http;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.cli.serve.json.JsonException;

/**
 * The parameters behind a path's question mark. Each is asked for by its name; in the end {@link
 * #refuseOthers} names one that nobody asked for. Not thread-safe.
 */
public final class Query {
  private final Map<String, List<String>> values;
  private final Set<String> known = new HashSet<>();

  /**
   * The parameters of a request.
   *
   * @throws ApiException if they are not encoded as they have to be
   */
  public static Query of(Request request) throws ApiException {
    return new Query(parameters(request));
  }

  /** The parameters of a request by their names. */
  static Map<String, List<String>> parameters(Request request) throws ApiException {
    try {
      return Request.extractQueryParameters(request).toMultiMap();
    } catch (IllegalArgumentException | IllegalStateException | HttpException.RuntimeException e) {
      throw ApiException.invalid("the path's parameters are not encoded as UTF-8 with %XX", null);
    }
  }

  /** Parameters by their names. */
  public Query(Map<String, List<String>> values) {
    this.values = values;
  }

  /** A text, or null if the parameter is absent. */
  public @Nullable String textOrNull(String name) throws JsonException {
    List<String> texts = texts(name);
    if (texts.size() > 1) {
      throw new JsonException(name, name + " is there " + texts.size() + " times");
    }
    return texts.isEmpty() ? null : texts.getFirst();
  }

  /** A text, or another if the parameter is absent. */
  public String textOr(String name, String otherwise) throws JsonException {
    String text = textOrNull(name);
    return text == null ? otherwise : text;
  }

  /** All texts of a parameter that may be there several times. */
  public List<String> texts(String name) {
    known.add(name);
    return values.getOrDefault(name, List.of());
  }

  /** A whole number within a range. */
  public int integerOr(String name, int otherwise, int least, int most) throws JsonException {
    String text = textOrNull(name);
    if (text == null) {
      return otherwise;
    }
    long number = text.matches("-?[0-9]{1,18}") ? Long.parseLong(text) : Long.MIN_VALUE;
    if (number < least || number > most) {
      throw wrong(name, text, "a whole number, " + least + " to " + most);
    }
    return (int) number;
  }

  /** A number within a range, or null if the parameter is absent. */
  public @Nullable Double numberOrNull(String name, double least, double most)
      throws JsonException {
    String text = textOrNull(name);
    if (text == null) {
      return null;
    }
    double number;
    try {
      number = Double.parseDouble(text);
    } catch (NumberFormatException e) {
      number = Double.NaN;
    }
    if (!(number >= least && number <= most)) {
      throw wrong(name, text, "a number, " + least + " to " + most);
    }
    return number;
  }

  /** Yes or no; a parameter without a value is a yes. Null if it is absent. */
  public @Nullable Boolean flagOrNull(String name) throws JsonException {
    String text = textOrNull(name);
    return switch (text) {
      case null -> null;
      case "", "true" -> true;
      case "false" -> false;
      default -> throw wrong(name, text, "true or false");
    };
  }

  /** Yes or no; no if the parameter is absent. */
  public boolean flag(String name) throws JsonException {
    return Boolean.TRUE.equals(flagOrNull(name));
  }

  /** Refuses a parameter that nobody has asked for, by its name. */
  public void refuseOthers() throws JsonException {
    for (String name : values.keySet()) {
      if (!known.contains(name)) {
        throw new JsonException(shown(name), "the parameter " + shown(name) + " is not supported");
      }
    }
  }

  /** A refusal of a parameter's value. */
  public static JsonException wrong(String name, String found, String expected) {
    return new JsonException(name, name + " is '" + shown(found) + "', expected " + expected);
  }

  private static String shown(String text) {
    return text.length() > 64 ? text.substring(0, 64) + "..." : text;
  }
}
