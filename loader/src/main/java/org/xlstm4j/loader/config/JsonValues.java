package org.xlstm4j.loader.config;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.loader.json.Json;

/** {@link Value} trees from JSON and to JSON. The parser bounds the depth of the recursion. */
final class JsonValues {
  private JsonValues() {}

  /** Reads a document. */
  static Value read(Path file, InputStream utf8) throws IOException {
    try (JsonParser parser = Json.parser(utf8)) {
      if (parser.nextToken() == null) {
        throw ModelFormatException.of(file, "line 1", "a JSON object", "nothing");
      }
      Value value = read(parser);
      if (parser.nextToken() != null) {
        throw ModelFormatException.of(file, "end", "nothing after the object", parser.getText());
      }
      return value;
    } catch (JacksonException e) {
      throw Json.malformed(file, "at", e);
    } catch (CharacterCodingException e) {
      throw Json.notUtf8(file, "text");
    }
  }

  private static Value read(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> {
        Map<String, Value> fields = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
          String name = parser.currentName();
          parser.nextToken();
          fields.put(name, read(parser));
        }
        yield new Value.Fields(fields);
      }
      case START_ARRAY -> {
        List<Value> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          items.add(read(parser));
        }
        yield new Value.Items(items);
      }
      case VALUE_STRING -> new Value.Text(parser.getText());
      case VALUE_NUMBER_INT ->
          parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
              ? new Value.Real(parser.getDoubleValue())
              : new Value.Whole(parser.getLongValue());
      case VALUE_NUMBER_FLOAT -> new Value.Real(parser.getDoubleValue());
      case VALUE_TRUE -> new Value.Bool(true);
      case VALUE_FALSE -> new Value.Bool(false);
      default -> Value.Null.NULL;
    };
  }

  /** Writes a tree, indented by two spaces, with a line feed at the end. */
  static String write(Value value) {
    StringWriter text = new StringWriter();
    DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
    printer.indentObjectsWith(new DefaultIndenter("  ", "\n"));
    try (JsonGenerator generator =
        new JsonFactory().createGenerator(text).setPrettyPrinter(printer)) {
      write(value, generator);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.append('\n').toString();
  }

  private static void write(Value value, JsonGenerator generator) throws IOException {
    switch (value) {
      case Value.Null ignored -> generator.writeNull();
      case Value.Bool bool -> generator.writeBoolean(bool.value());
      case Value.Whole whole -> generator.writeNumber(whole.value());
      case Value.Real real -> generator.writeNumber(real.value());
      case Value.Text string -> generator.writeString(string.value());
      case Value.Items items -> {
        generator.writeStartArray();
        for (Value item : items.values()) {
          write(item, generator);
        }
        generator.writeEndArray();
      }
      case Value.Fields fields -> {
        generator.writeStartObject();
        for (Map.Entry<String, Value> field : fields.values().entrySet()) {
          generator.writeFieldName(field.getKey());
          write(field.getValue(), generator);
        }
        generator.writeEndObject();
      }
    }
  }
}
