package org.xlstm4j.cli.act;

import com.fasterxml.jackson.core.Base64Variants;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.models.action.ActionTask;

/**
 * One line of {@code xlstm act --serve}: an observation or a picture with the reward before it, or
 * the start of an episode.
 *
 * @param observation numbers, or null
 * @param picture bytes, or null
 * @param reward what the previous action brought
 * @param reset the start of an episode, or null
 * @param flaw what is wrong with a number or the picture, which is NaN or empty then; or null
 */
@SuppressWarnings("ArrayRecordComponent") // made by the parser, used once
record ActRequest(
    float @Nullable [] observation,
    byte @Nullable [] picture,
    float reward,
    @Nullable Reset reset,
    @Nullable String flaw) {
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .configure(JsonFactory.Feature.INTERN_FIELD_NAMES, false)
          .configure(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES, false)
          // so that they are refused by name, or replaced
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .build();

  /**
   * The start of an episode.
   *
   * @param task name of a task of the configuration, or null
   * @param own a task that the line itself describes, whatever the return to aim at, or null
   * @param target the return to aim at, or null for the task's
   * @param from where the robot is, a number for each dimension of the action, or null
   */
  record Reset(
      @Nullable String task,
      @Nullable ActionTask own,
      @Nullable Double target,
      float @Nullable [] from) {}

  /** What is wrong with numbers that a guard may replace: the first such thing. */
  private static final class Flaws {
    private @Nullable String first;

    void add(String flaw) {
      first = first == null ? flaw : first;
    }
  }

  /**
   * Reads a line.
   *
   * @throws IOException if it is no such JSON object; its message says what was expected
   */
  static ActRequest parse(String line) throws IOException {
    try (JsonParser parser = JSON.createParser(line)) {
      require(parser.nextToken() == JsonToken.START_OBJECT, "expected a JSON object");
      float[] observation = null;
      byte[] picture = null;
      float reward = 0;
      Reset reset = null;
      Flaws flaws = new Flaws();
      Set<String> seen = new HashSet<>();
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String name = next(parser, seen);
        switch (name) {
          case "observation" -> observation = numbers(parser, flaws);
          case "picture" -> picture = bytes(parser, flaws);
          case "reward" -> reward = numberOrNaN(parser, name, flaws);
          case "reset" -> reset = reset(parser);
          default ->
              throw new IOException(
                  "no such key as " + name + ", but observation, picture, reward and reset");
        }
      }
      require(parser.nextToken() == null, "expected one JSON object a line");
      int kinds = (observation == null ? 0 : 1) + (picture == null ? 0 : 1);
      require(
          kinds + (reset == null ? 0 : 1) == 1,
          "expected exactly one of observation, picture and reset");
      require(
          reset == null || !seen.contains("reward"),
          "reward and reset exclude each other, since an episode begins without a reward");
      return new ActRequest(observation, picture, reward, reset, flaws.first);
    } catch (JsonProcessingException e) {
      // its message speaks of the library's settings
      JsonLocation where = e.getLocation();
      throw new IOException(
          where == null
              ? "a number or text that is too long"
              : "no JSON object: stopped at character " + where.getColumnNr(),
          e);
    }
  }

  /** The name of the next value, to which it goes on. */
  private static String next(JsonParser parser, Set<String> seen) throws IOException {
    String name = parser.currentName();
    require(seen.add(name), name + " is there twice");
    parser.nextToken();
    return name;
  }

  private static Reset reset(JsonParser parser) throws IOException {
    require(parser.currentToken() == JsonToken.START_OBJECT, "reset: expected an object");
    String task = null;
    Double target = null;
    int observation = 0;
    int action = 0;
    boolean discrete = false;
    float scale = 1;
    float actionScale = 1;
    float[] from = null;
    Set<String> seen = new HashSet<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = next(parser, seen);
      switch (name) {
        case "task" -> {
          require(parser.currentToken() == JsonToken.VALUE_STRING, "reset: task: expected a name");
          task = parser.getText();
        }
        case "target" -> target = (double) number(parser, "reset: target");
        case "from" -> from = position(parser);
        case "observation" -> observation = count(parser, "reset: observation", 0);
        case "action" -> action = count(parser, "reset: action", 1);
        case "discrete" -> {
          require(parser.currentToken().isBoolean(), "reset: discrete: expected true or false");
          discrete = parser.getBooleanValue();
        }
        case "scale" -> scale = number(parser, "reset: scale");
        case "action_scale" -> actionScale = number(parser, "reset: action_scale");
        default ->
            throw new IOException(
                "reset: no such key as "
                    + name
                    + ", but task, target, from, observation, action, discrete, scale and action_scale");
      }
    }
    seen.remove("target");
    seen.remove("from");
    if (seen.isEmpty() || seen.equals(Set.of("task"))) {
      return new Reset(task, null, target, from);
    }
    for (String needed : List.of("observation", "action")) {
      require(
          task == null || !seen.contains(needed),
          "reset: task and " + needed + " exclude each other");
      require(task != null || seen.contains(needed), "reset: " + needed + " is missing");
    }
    require(task == null, "reset: task and what describes another one exclude each other");
    require(!discrete || action == 1, "reset: action: expected 1, since it is discrete");
    try {
      return new Reset(
          null,
          new ActionTask(observation, action, discrete, scale, 0, actionScale, false, List.of()),
          target,
          from);
    } catch (IllegalArgumentException e) {
      throw new IOException("reset: " + e.getMessage(), e);
    }
  }

  private static float[] position(JsonParser parser) throws IOException {
    require(parser.currentToken() == JsonToken.START_ARRAY, "reset: from: expected an array");
    Flaws flaws = new Flaws();
    float[] numbers = numbers(parser, flaws);
    require(flaws.first == null, "reset: from: expected numbers");
    return numbers;
  }

  private static float[] numbers(JsonParser parser, Flaws flaws) throws IOException {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      flaws.add("observation: expected an array");
      parser.skipChildren();
      return new float[0];
    }
    float[] numbers = new float[16];
    int count = 0;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (count == numbers.length) {
        numbers = Arrays.copyOf(numbers, 2 * count);
      }
      numbers[count] = numberOrNaN(parser, "observation[" + count + "]", flaws);
      count++;
    }
    return Arrays.copyOf(numbers, count);
  }

  private static byte[] bytes(JsonParser parser, Flaws flaws) throws IOException {
    if (parser.currentToken() != JsonToken.VALUE_STRING) {
      flaws.add("picture: expected base64");
      parser.skipChildren();
      return new byte[0];
    }
    parser.finishToken();
    try {
      return parser.getBinaryValue(Base64Variants.MIME_NO_LINEFEEDS);
    } catch (JsonProcessingException e) {
      flaws.add("picture: expected base64");
      return new byte[0];
    }
  }

  private static float numberOrNaN(JsonParser parser, String name, Flaws flaws) throws IOException {
    try {
      return number(parser, name);
    } catch (JsonProcessingException e) {
      throw e;
    } catch (IOException e) {
      flaws.add(String.valueOf(e.getMessage()));
      parser.skipChildren();
      return Float.NaN;
    }
  }

  private static float number(JsonParser parser, String name) throws IOException {
    require(parser.currentToken().isNumeric(), name + ": expected a number");
    float number = (float) parser.getDoubleValue();
    if (!Float.isFinite(number)) {
      throw new IOException(
          name + " is " + parser.getText() + ", expected a number of at most " + Float.MAX_VALUE);
    }
    return number;
  }

  private static int count(JsonParser parser, String name, int least) throws IOException {
    boolean whole =
        parser.currentToken() == JsonToken.VALUE_NUMBER_INT
            && parser.getNumberType() == JsonParser.NumberType.INT;
    int count = whole ? parser.getIntValue() : -1;
    require(count >= least, name + ": expected a whole number, " + least + " or more");
    return count;
  }

  private static void require(boolean condition, String message) throws IOException {
    if (!condition) {
      throw new IOException(message);
    }
  }
}
