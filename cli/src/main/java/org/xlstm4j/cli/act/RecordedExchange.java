package org.xlstm4j.cli.act;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A line of a recording.
 *
 * @param time nanoseconds since the recording began
 * @param duration nanoseconds the step took, or 0 if there was none
 * @param request as it was sent, or null if it was too long
 * @param answer as it was given
 */
record RecordedExchange(long time, long duration, @Nullable String request, String answer) {
  private static final JsonFactory JSON = new JsonFactory();

  /**
   * Reads a line.
   *
   * @throws IOException if it is none of a recording
   */
  static RecordedExchange parse(String line) throws IOException {
    try (JsonParser parser = JSON.createParser(line)) {
      long time = -1;
      long duration = -1;
      String request = null;
      String answer = null;
      require(parser.nextToken() == JsonToken.START_OBJECT);
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        JsonToken value = parser.nextToken();
        switch (name) {
          case "time" -> time = parser.getLongValue();
          case "duration" -> duration = parser.getLongValue();
          case "request" ->
              request =
                  switch (value) {
                    case VALUE_NULL -> null;
                    case VALUE_STRING -> parser.getText();
                    default -> object(parser, line);
                  };
          case "answer" -> answer = object(parser, line);
          default -> require(false);
        }
      }
      require(time >= 0 && answer != null && parser.nextToken() == null);
      String given = String.valueOf(answer);
      return new RecordedExchange(time, duration < 0 ? duration(given) : duration, request, given);
    } catch (JsonProcessingException e) {
      throw new IOException("no line of a recording", e);
    }
  }

  /** The text of an object, from where the parser stands. */
  private static String object(JsonParser parser, String line) throws IOException {
    require(parser.currentToken() == JsonToken.START_OBJECT);
    int start = (int) parser.currentTokenLocation().getCharOffset();
    parser.skipChildren();
    return line.substring(start, (int) parser.currentLocation().getCharOffset());
  }

  /** What the answer says of it, as in recordings of before there was a field for it. */
  private static long duration(String answer) throws IOException {
    try (JsonParser parser = JSON.createParser(answer)) {
      require(parser.nextToken() == JsonToken.START_OBJECT);
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        if (name.equals("nanoseconds")) {
          return parser.getLongValue();
        }
        parser.skipChildren();
      }
      return 0;
    }
  }

  private static void require(boolean condition) throws IOException {
    if (!condition) {
      throw new IOException("no line of a recording");
    }
  }
}
