package org.xlstm4j.loader.config;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.xlstm4j.loader.json.JsonCursor;

/** {@link Value} trees from JSON and to JSON. The reader bounds the depth of the recursion. */
final class JsonValues {
  private final JsonCursor json;
  private int values;

  private JsonValues(JsonCursor json) {
    this.json = json;
  }

  /** Reads a document. */
  static Value read(Path file, byte[] utf8) throws IOException {
    JsonCursor json = new JsonCursor(file, utf8);
    json.start();
    Value value = new JsonValues(json).read();
    json.requireEnd();
    return value;
  }

  private Value read() throws IOException {
    values++;
    if (values > Value.MOST) {
      throw json.refuse("at most " + Value.MOST + " values in all", "more");
    }
    return switch (json.kind()) {
      case OBJECT -> {
        Map<String, Value> fields = new LinkedHashMap<>();
        Set<String> seen = new HashSet<>();
        for (String key = json.nextKey(seen); key != null; key = json.nextKey(seen)) {
          fields.put(key, read());
        }
        yield new Value.Fields(fields);
      }
      case ARRAY -> {
        List<Value> items = new ArrayList<>();
        while (json.nextElement()) {
          items.add(read());
        }
        yield new Value.Items(items);
      }
      case STRING -> new Value.Text(json.string());
      case INTEGER -> {
        OptionalLong whole = json.whole();
        yield whole.isPresent()
            ? new Value.Whole(whole.getAsLong())
            : new Value.Real(json.number());
      }
      case NUMBER -> new Value.Real(json.number());
      case TRUE, FALSE -> new Value.Bool(json.booleanValue());
      case NULL -> Value.Null.NULL;
      case NOTHING -> throw new IllegalStateException("no value");
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
