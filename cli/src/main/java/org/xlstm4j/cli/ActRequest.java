package org.xlstm4j.cli;

import com.fasterxml.jackson.core.Base64Variants;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
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
 */
@SuppressWarnings("ArrayRecordComponent") // made by the parser, used once
record ActRequest(
    float @Nullable [] observation,
    byte @Nullable [] picture,
    float reward,
    @Nullable Reset reset) {
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .configure(JsonFactory.Feature.INTERN_FIELD_NAMES, false)
          .configure(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES, false)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  /**
   * The start of an episode. The task is one of the configuration, or made of the other numbers.
   *
   * @param task its name, or null
   * @param target the return to aim at, or null for the task's
   * @param observation numbers of an observation, 0 for pictures
   * @param action numbers of an action, 0 if this is not a task of its own
   * @param discrete whether the action is an index
   * @param scale what rewards are divided by
   * @param actionScale what continuous actions are multiplied by
   */
  record Reset(
      @Nullable String task,
      @Nullable Double target,
      int observation,
      int action,
      boolean discrete,
      float scale,
      float actionScale) {
    /** The task that the line itself describes, whatever the return to aim at; or null. */
    @Nullable ActionTask own() {
      if (action == 0) {
        return null;
      }
      return new ActionTask(observation, action, discrete, scale, 0, actionScale, false, List.of());
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
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String name = parser.currentName();
        parser.nextToken();
        switch (name) {
          case "observation" -> observation = numbers(parser);
          case "picture" -> picture = bytes(parser);
          case "reward" -> reward = (float) number(parser, name);
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
      return new ActRequest(observation, picture, reward, reset);
    } catch (JsonProcessingException e) {
      throw new IOException(e.getOriginalMessage(), e);
    }
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
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      JsonToken value = parser.nextToken();
      switch (name) {
        case "task" -> {
          require(value == JsonToken.VALUE_STRING, "task: expected a name");
          task = parser.getText();
        }
        case "target" -> target = number(parser, name);
        case "observation" -> observation = count(parser, name);
        case "action" -> action = count(parser, name);
        case "discrete" -> {
          require(value.isBoolean(), "discrete: expected true or false");
          discrete = parser.getBooleanValue();
        }
        case "scale" -> scale = (float) number(parser, name);
        case "action_scale" -> actionScale = (float) number(parser, name);
        default -> throw new IOException("reset: no such key as " + name);
      }
    }
    return new Reset(task, target, observation, action, discrete, scale, actionScale);
  }

  private static float[] numbers(JsonParser parser) throws IOException {
    require(parser.currentToken() == JsonToken.START_ARRAY, "observation: expected an array");
    float[] numbers = new float[16];
    int count = 0;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (count == numbers.length) {
        numbers = Arrays.copyOf(numbers, 2 * count);
      }
      numbers[count] = (float) number(parser, "observation[" + count + "]");
      count++;
    }
    return Arrays.copyOf(numbers, count);
  }

  private static byte[] bytes(JsonParser parser) throws IOException {
    require(parser.currentToken() == JsonToken.VALUE_STRING, "picture: expected base64");
    return parser.getBinaryValue(Base64Variants.MIME_NO_LINEFEEDS);
  }

  private static double number(JsonParser parser, String name) throws IOException {
    require(parser.currentToken().isNumeric(), name + ": expected a number");
    return parser.getDoubleValue();
  }

  private static int count(JsonParser parser, String name) throws IOException {
    require(parser.currentToken() == JsonToken.VALUE_NUMBER_INT, name + ": expected a number");
    int count = parser.getIntValue();
    require(count >= 0, name + ": expected 0 or more");
    return count;
  }

  private static void require(boolean condition, String message) throws IOException {
    if (!condition) {
      throw new IOException(message);
    }
  }
}
