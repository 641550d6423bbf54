package org.xlstm4j.loader.config;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.loader.json.JsonScanner;

/**
 * {@link Value} trees from YAML, built from the parser's events.
 *
 * <p>The subset that configurations are written in: one document, mappings with scalar keys, no
 * tags, no aliases (so no alias bombs). Plain scalars follow the core schema of YAML 1.2, in which
 * {@code 1e-06} is a number.
 */
final class YamlValues {
  private static final Pattern NULL = Pattern.compile("|~|null|Null|NULL");
  private static final Pattern BOOL = Pattern.compile("true|True|TRUE|false|False|FALSE");
  private static final Pattern WHOLE = Pattern.compile("[-+]?[0-9]+");
  private static final Pattern REAL =
      Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");
  private static final Pattern INFINITE = Pattern.compile("[-+]?\\.(inf|Inf|INF)");
  private static final Pattern NOT_A_NUMBER = Pattern.compile("\\.(nan|NaN|NAN)");

  /** Longest text read: the parser takes more than twice the time for twice the text. */
  private static final int MAX_BYTES = 1_000_000;

  /** Longest text of a number; more digits than any number has a use for. */
  private static final int MAX_DIGITS = 400;

  private final Path file;
  private final Iterator<Event> events;
  private int values;

  private YamlValues(Path file, Iterator<Event> events) {
    this.file = file;
    this.events = events;
  }

  /** Reads a document. */
  static Value read(Path file, byte[] utf8) throws IOException {
    if (utf8.length > MAX_BYTES) {
      throw ModelFormatException.of(
          file, "file", "at most " + MAX_BYTES + " bytes", utf8.length + " bytes");
    }
    LoadSettings settings = LoadSettings.builder().setCodePointLimit(Integer.MAX_VALUE).build();
    try (InputStreamReader reader =
        new InputStreamReader(
            new ByteArrayInputStream(utf8), StandardCharsets.UTF_8.newDecoder())) {
      return new YamlValues(file, new ParserImpl(settings, new StreamReader(settings, reader)))
          .readDocument();
    } catch (UncheckedIOException e) {
      throw ModelFormatException.notUtf8(file, "text");
    } catch (MarkedYamlEngineException e) {
      throw refused(file, e.getProblemMark(), "valid YAML", e.getProblem());
    } catch (YamlEngineException e) {
      if (e.getCause() instanceof IOException) {
        throw ModelFormatException.notUtf8(file, "text");
      }
      throw refused(file, Optional.empty(), "valid YAML", String.valueOf(e.getMessage()));
    } catch (NumberFormatException e) {
      // of an escape that is no character, which the library does not catch
      throw refused(file, Optional.empty(), "valid YAML", String.valueOf(e.getMessage()));
    }
  }

  private Value readDocument() throws ModelFormatException {
    events.next();
    Event start = events.next();
    if (start.getEventId() != Event.ID.DocumentStart) {
      throw refused(start, "a mapping", "nothing");
    }
    Value value = read(events.next(), 0);
    events.next();
    Event end = events.next();
    if (end.getEventId() != Event.ID.StreamEnd) {
      throw refused(end, "one document", "another one");
    }
    return value;
  }

  private Value read(Event event, int depth) throws ModelFormatException {
    if (depth > JsonScanner.DEEPEST) {
      throw refused(event, "at most " + JsonScanner.DEEPEST + " levels of nesting", "more");
    }
    values++;
    if (values > Value.MOST) {
      throw refused(event, "at most " + Value.MOST + " values in all", "more");
    }
    if (event instanceof ScalarEvent scalar) {
      requireNoTag(event, scalar.getTag());
      return scalar.isPlain() ? resolve(scalar.getValue()) : new Value.Text(scalar.getValue());
    }
    if (event instanceof CollectionStartEvent collection) {
      requireNoTag(event, collection.getTag());
    }
    return switch (event.getEventId()) {
      case MappingStart -> readMapping(depth);
      case SequenceStart -> readSequence(depth);
      default ->
          throw refused(
              event,
              "a plain value",
              event instanceof NodeEvent node
                  ? "an alias " + node.getAnchor().orElseThrow()
                  : event.getEventId().name());
    };
  }

  private Value readMapping(int depth) throws ModelFormatException {
    Map<String, Value> fields = new LinkedHashMap<>();
    for (Event key = events.next(); key.getEventId() != Event.ID.MappingEnd; key = events.next()) {
      if (!(key instanceof ScalarEvent scalar)) {
        throw refused(key, "a text as key", "something else");
      }
      requireNoTag(key, scalar.getTag());
      Value value = read(events.next(), depth + 1);
      if (fields.putIfAbsent(scalar.getValue(), value) != null) {
        throw refused(key, "each key once", scalar.getValue() + " twice");
      }
    }
    return new Value.Fields(fields);
  }

  private Value readSequence(int depth) throws ModelFormatException {
    List<Value> items = new ArrayList<>();
    for (Event item = events.next();
        item.getEventId() != Event.ID.SequenceEnd;
        item = events.next()) {
      items.add(read(item, depth + 1));
    }
    return new Value.Items(items);
  }

  private static Value resolve(String plain) {
    if (NULL.matcher(plain).matches()) {
      return Value.Null.NULL;
    }
    if (BOOL.matcher(plain).matches()) {
      return new Value.Bool(Character.toLowerCase(plain.charAt(0)) == 't');
    }
    if (plain.length() > MAX_DIGITS) {
      return new Value.Text(plain);
    }
    if (WHOLE.matcher(plain).matches()) {
      BigInteger whole = new BigInteger(plain);
      return whole.bitLength() < Long.SIZE
          ? new Value.Whole(whole.longValue())
          : new Value.Real(whole.doubleValue());
    }
    if (REAL.matcher(plain).matches()) {
      return new Value.Real(Double.parseDouble(plain));
    }
    if (INFINITE.matcher(plain).matches()) {
      return new Value.Real(
          plain.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY);
    }
    if (NOT_A_NUMBER.matcher(plain).matches()) {
      return new Value.Real(Double.NaN);
    }
    return new Value.Text(plain);
  }

  private void requireNoTag(Event event, Optional<String> tag) throws ModelFormatException {
    if (tag.isPresent()) {
      throw refused(event, "a plain value", "one with the tag " + tag.get());
    }
  }

  private ModelFormatException refused(Event event, String expected, String found) {
    return refused(file, event.getStartMark(), expected, found);
  }

  private static ModelFormatException refused(
      Path file, Optional<Mark> mark, String expected, String found) {
    String place =
        mark.map(m -> "line " + (m.getLine() + 1) + " column " + (m.getColumn() + 1))
            .orElse("text");
    return ModelFormatException.of(file, place, expected, found);
  }
}
