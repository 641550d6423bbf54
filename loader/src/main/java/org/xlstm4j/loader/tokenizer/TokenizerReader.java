package org.xlstm4j.loader.tokenizer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.loader.ModelFormatException;

/**
 * Reads a {@code tokenizer.json}. Every key is either understood or refused by its name.
 *
 * <p>Without regular expressions, lambdas and trees, since it runs in a cold JVM.
 */
final class TokenizerReader {
  /** The longest file read, in bytes; vocabularies of 250 000 tokens take 20 MB. */
  private static final int LONGEST_FILE = 1 << 28;

  private final JsonCursor json;

  /** Ids are below this. Each takes a byte of the file at least, so higher ones would be gaps. */
  private final int idLimit;

  private List<AddedToken> addedTokens = List.of();
  private boolean normalizes;
  private @Nullable ByteLevel preTokenizer;
  private @Nullable ByteLevel decoder;
  private Template template = Template.NONE;
  private @Nullable BytePairModel model;

  private TokenizerReader(JsonCursor json, int idLimit) {
    this.json = json;
    this.idLimit = idLimit;
  }

  /** Reads a file. */
  static Tokenizer read(Path file) throws IOException {
    long size = Files.size(file);
    if (size > LONGEST_FILE) {
      throw ModelFormatException.of(
          file, "length", "at most " + LONGEST_FILE + " bytes", size + " bytes");
    }
    return read(file, Files.readAllBytes(file));
  }

  /** Reads the contents of a file; its name is for messages. */
  static Tokenizer read(Path file, byte[] contents) throws IOException {
    CharBuffer text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(contents));
    } catch (CharacterCodingException e) {
      throw ModelFormatException.of(file, "text", "UTF-8", "bytes that are no UTF-8");
    }
    JsonCursor json = new JsonCursor(file, text.array(), text.limit());
    return new TokenizerReader(json, contents.length).readAll();
  }

  private Tokenizer readAll() throws IOException {
    Set<String> seen = new HashSet<>();
    json.start();
    json.enterObject();
    for (String key = json.nextKey(seen); key != null; key = json.nextKey(seen)) {
      switch (key) {
        case "version" -> json.requireString("1.0");
        case "truncation", "padding" -> json.requireNull();
        case "added_tokens" -> addedTokens = new AddedTokensReader(json).read(idLimit);
        case "normalizer" -> readNormalizer();
        case "pre_tokenizer" -> preTokenizer = ByteLevel.read(json);
        case "post_processor" -> template = new PostProcessorReader(json).read(idLimit);
        case "decoder" -> decoder = ByteLevel.read(json);
        case "model" -> model = new ModelReader(json).read(idLimit);
        default -> throw json.refuseKey();
      }
    }
    json.requireEnd();
    return build();
  }

  private void readNormalizer() throws IOException {
    if (json.isNull()) {
      return;
    }
    Set<String> seen = new HashSet<>();
    json.enterObject();
    for (String key = json.nextKey(seen); key != null; key = json.nextKey(seen)) {
      if (!key.equals("type")) {
        throw json.refuseKey();
      }
      json.requireString("NFC");
    }
    json.requireKeys(seen, "type");
    normalizes = true;
  }

  private Tokenizer build() throws IOException {
    BytePairModel bytePairs = present(model, "model");
    AddedTokens added = new AddedTokensReader(json).build(addedTokens, bytePairs, normalizes);
    ByteLevel words = present(preTokenizer, "pre_tokenizer");
    present(decoder, "decoder");
    Pipeline pipeline = new Pipeline(added, normalizes, words, bytePairs);
    Tokenizer tokenizer = new Tokenizer(pipeline, template);
    requireTokens(tokenizer, template.before());
    requireTokens(tokenizer, template.after());
    return tokenizer;
  }

  private <T> T present(@Nullable T part, String key) throws IOException {
    if (part == null) {
      throw json.refuseAt("/" + key, "an object", "nothing");
    }
    return part;
  }

  private void requireTokens(Tokenizer tokenizer, int[] ids) throws IOException {
    for (int id : ids) {
      if (!tokenizer.contains(id)) {
        throw json.refuseAt("/post_processor", "ids of the vocabulary", "id " + id);
      }
    }
  }
}
