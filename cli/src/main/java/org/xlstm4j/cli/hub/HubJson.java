package org.xlstm4j.cli.hub;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.CharConversionException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads what the hub says in JSON. Keys that are not needed are passed over. */
final class HubJson {
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .configure(JsonFactory.Feature.INTERN_FIELD_NAMES, false)
          .configure(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES, false)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

  private HubJson() {}

  /** Whether a text is a commit's name. */
  static boolean isCommit(String text) {
    return COMMIT.matcher(text).matches();
  }

  /** Reads a value. */
  private interface Reading<T> {
    T read(JsonParser parser) throws IOException;
  }

  /** What {@code reading} makes of a whole document. */
  private static <T> T document(byte[] json, String what, Reading<T> reading) throws IOException {
    try (JsonParser parser = JSON.createParser(json)) {
      parser.nextToken();
      T value = reading.read(parser);
      if (parser.nextToken() != null) {
        throw new IOException(what + ": more than one JSON value");
      }
      return value;
    } catch (JsonProcessingException e) {
      JsonLocation where = e.getLocation();
      String stopped = where == null ? "" : ", stopped at byte " + where.getByteOffset();
      throw new IOException(what + ": no JSON that can be read" + stopped, e);
    } catch (CharConversionException e) {
      throw new IOException(what + ": no JSON that can be read, not even characters", e);
    }
  }

  /** The commit that a revision is. */
  static String commit(byte[] json) throws IOException {
    return document(
        json,
        "the hub's answer about the revision",
        parser -> {
          require(parser, JsonToken.START_OBJECT, "the hub's answer about the revision");
          String commit = "";
          while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            JsonToken value = parser.nextToken();
            if (key.equals("sha") && value == JsonToken.VALUE_STRING) {
              commit = parser.getText();
            } else {
              parser.skipChildren();
            }
          }
          if (!isCommit(commit)) {
            throw new IOException("the hub names no commit but '" + commit + "'");
          }
          return commit;
        });
  }

  /** The files of a page of a list. */
  static List<HubFile> files(byte[] json) throws IOException {
    return document(
        json,
        "the hub's list of files",
        parser -> {
          require(parser, JsonToken.START_ARRAY, "the hub's list of files");
          List<HubFile> files = new ArrayList<>();
          while (parser.nextToken() != JsonToken.END_ARRAY) {
            require(parser, JsonToken.START_OBJECT, "an entry of the hub's list of files");
            HubFile file = file(parser);
            if (file != null) {
              files.add(file);
            }
          }
          return files;
        });
  }

  /** A file, or null for what is none. */
  private static @Nullable HubFile file(JsonParser parser) throws IOException {
    String type = "";
    String path = "";
    String digest = "";
    long size = -1;
    boolean large = false;
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      JsonToken value = parser.nextToken();
      if (value == JsonToken.VALUE_STRING && key.equals("type")) {
        type = parser.getText();
      } else if (value == JsonToken.VALUE_STRING && key.equals("path")) {
        path = parser.getText();
      } else if (value == JsonToken.VALUE_STRING && key.equals("oid") && !large) {
        digest = parser.getText();
      } else if (value == JsonToken.VALUE_NUMBER_INT && key.equals("size") && !large) {
        size = number(parser);
      } else if (value == JsonToken.START_OBJECT && key.equals("lfs")) {
        large = true;
        digest = "";
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String inner = parser.currentName();
          JsonToken token = parser.nextToken();
          if (token == JsonToken.VALUE_STRING && inner.equals("oid")) {
            digest = parser.getText();
          } else if (token == JsonToken.VALUE_NUMBER_INT && inner.equals("size")) {
            size = number(parser);
          } else {
            parser.skipChildren();
          }
        }
      } else {
        parser.skipChildren();
      }
    }
    return type.equals("file") ? HubFile.of(path, size, digest) : null;
  }

  /** A whole number, or -1 if it is too large to be a length. */
  private static long number(JsonParser parser) throws IOException {
    return parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER ? -1 : parser.getLongValue();
  }

  private static void require(JsonParser parser, JsonToken expected, String what)
      throws IOException {
    if (parser.currentToken() != expected) {
      throw new IOException(what + ": found " + parser.currentToken() + ", expected " + expected);
    }
  }
}
