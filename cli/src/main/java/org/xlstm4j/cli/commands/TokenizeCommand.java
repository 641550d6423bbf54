package org.xlstm4j.cli.commands;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.cli.options.ModelLocator;
import org.xlstm4j.cli.options.UsageException;
import org.xlstm4j.cli.output.Table;
import org.xlstm4j.cli.output.TableFormat;
import org.xlstm4j.cli.terminal.StandardInput;
import org.xlstm4j.cli.terminal.Terminal;
import org.xlstm4j.loader.tokenizer.Tokenizer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows how a text is cut into tokens. */
@Command(
    name = "tokenize",
    description = "Shows the tokens of a text, or converts JSON lines.",
    footer = {
      "",
      "Examples:",
      "  xlstm tokenize -m xlstm-large-mini -p \"Hello world\"",
      "  echo '\"Hello world\"' | xlstm tokenize -m xlstm-large-mini --jsonl"
    })
final class TokenizeCommand extends Subcommand {
  private static final JsonFactory JSON = new JsonFactory();

  @Option(
      names = {"-m", "--model"},
      paramLabel = "MODEL_OR_TOKENIZER_JSON",
      required = true,
      description = "A model, or a tokenizer.json.")
  private String model = "";

  @Option(
      names = {"-p", "--prompt"},
      paramLabel = "TEXT",
      description =
          "The text; with --decode, ids separated by blanks or commas; - reads standard input.")
  private @Nullable String text;

  @Option(
      names = "--jsonl",
      description = "Read one JSON string per line and write one JSON array of ids per line.")
  private boolean lines;

  @Option(names = "--decode", description = "The reverse: from ids to text.")
  private boolean decode;

  @Override
  public void run(Terminal terminal) throws IOException {
    if (lines == (text != null)) {
      throw new UsageException("expected one of -p TEXT and --jsonl");
    }
    Tokenizer tokenizer = Tokenizer.read(ModelLocator.ofProcess().find(model));
    if (text == null) {
      try {
        convertLines(tokenizer, terminal);
      } catch (CharacterCodingException e) {
        throw new IOException(
            StandardInput.NAME + ": found bytes that are no UTF-8, expected lines of JSON", e);
      }
      return;
    }
    String given = text.equals(StandardInput.MARK) ? StandardInput.text(terminal) : text;
    if (decode) {
      terminal.out().write(decode(tokenizer, ids(given)) + "\n");
    } else {
      Table table = new Table(Table.Column.number("id", "%d"), Table.Column.text("piece"));
      for (int id : tokenizer.encode(given)) {
        table.row(id, shown(tokenizer.bytes(id)));
      }
      TableFormat.TEXT.write(table, terminal.out());
    }
  }

  /** A token's text in quotes, or its bytes where they are not whole characters. */
  private static String shown(byte[] bytes) throws IOException {
    try {
      return quoted(UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      return "bytes " + HexFormat.ofDelimiter(" ").formatHex(bytes);
    }
  }

  private void convertLines(Tokenizer tokenizer, Terminal terminal) throws IOException {
    BufferedReader reader =
        new BufferedReader(new InputStreamReader(terminal.in(), UTF_8.newDecoder()));
    int number = 0;
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      number++;
      try (JsonParser parser = JSON.createParser(line)) {
        String result = decode ? decoded(tokenizer, parser) : encoded(tokenizer, parser);
        if (parser.nextToken() != null) {
          throw new UsageException("found a second value, expected one");
        }
        terminal.out().write(result + "\n");
      } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
        throw new IOException(
            StandardInput.NAME + ": line " + number + ": " + e.getOriginalMessage(), e);
      } catch (UsageException e) {
        throw new IOException(StandardInput.NAME + ": line " + number + ": " + e.getMessage(), e);
      }
      if (!reader.ready()) {
        terminal.out().flush(); // somebody may be waiting for the answer before they go on
      }
    }
  }

  private static String encoded(Tokenizer tokenizer, JsonParser parser) throws IOException {
    if (parser.nextToken() != JsonToken.VALUE_STRING) {
      throw new UsageException("found " + parser.currentToken() + ", expected a JSON string");
    }
    StringBuilder ids = new StringBuilder("[");
    for (int id : tokenizer.encode(parser.getText())) {
      ids.append(ids.length() == 1 ? "" : ", ").append(id);
    }
    return ids.append(']').toString();
  }

  private static String decoded(Tokenizer tokenizer, JsonParser parser) throws IOException {
    if (parser.nextToken() != JsonToken.START_ARRAY) {
      throw new UsageException("found " + parser.currentToken() + ", expected a JSON array of ids");
    }
    List<Integer> ids = new ArrayList<>();
    while (parser.nextToken() == JsonToken.VALUE_NUMBER_INT) {
      ids.add(parser.getIntValue());
    }
    if (parser.currentToken() != JsonToken.END_ARRAY) {
      throw new UsageException("found " + parser.currentToken() + ", expected an id");
    }
    return quoted(decode(tokenizer, ids.stream().mapToInt(Integer::intValue).toArray()));
  }

  private static String decode(Tokenizer tokenizer, int[] ids) {
    for (int id : ids) {
      if (id < 0 || !tokenizer.contains(id)) {
        throw new UsageException("token " + id + " is not in the vocabulary");
      }
    }
    return tokenizer.decode(ids);
  }

  private static int[] ids(String text) {
    List<Integer> ids = new ArrayList<>();
    for (String part : text.trim().split("[\\s,\\[\\]]+", -1)) {
      try {
        if (!part.isEmpty()) {
          ids.add(Integer.valueOf(part));
        }
      } catch (NumberFormatException e) {
        throw new UsageException("-p holds " + part + ", expected an id");
      }
    }
    return ids.stream().mapToInt(Integer::intValue).toArray();
  }

  private static String quoted(String text) throws IOException {
    StringWriter line = new StringWriter();
    try (JsonGenerator generator = JSON.createGenerator(line)) {
      generator.writeString(text);
    }
    return line.toString();
  }
}
