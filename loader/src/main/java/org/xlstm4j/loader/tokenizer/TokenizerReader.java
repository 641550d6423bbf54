package org.xlstm4j.loader.tokenizer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.loader.bytes.FileKind;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.loader.json.JsonCursor;

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
  private @Nullable PreTokenizer preTokenizer;
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
    FileKind.requireDownloaded(file);
    return read(file, Files.readAllBytes(file));
  }

  /** Reads the contents of a file; its name is for messages. */
  static Tokenizer read(Path file, byte[] contents) throws IOException {
    return new TokenizerReader(new JsonCursor(file, contents), contents.length).readAll();
  }

  private Tokenizer readAll() throws IOException {
    Set<String> seen = new HashSet<>();
    json.start();
    json.enterObject();
    for (String key = json.nextKey(seen); key != null; key = json.nextKey(seen)) {
      switch (key) {
        case "version" -> json.requireString("1.0");
        case "truncation", "padding" -> json.skip(); // those of batches, kept by a training run
        case "added_tokens" -> addedTokens = new AddedTokensReader(json).read(idLimit);
        case "normalizer" -> readNormalizer(true);
        case "pre_tokenizer" -> preTokenizer = new PreTokenizerReader(json).read();
        case "post_processor" -> template = new PostProcessorReader(json).read(idLimit);
        case "decoder" -> decoder = ByteLevel.read(json);
        case "model" -> model = new ModelReader(json).read(idLimit);
        default -> throw json.refuseKey();
      }
    }
    json.requireEnd();
    return build();
  }

  /** Reads {@code null}, {@code NFC} or one {@code Sequence} of these. */
  private void readNormalizer(boolean outermost) throws IOException {
    if (json.isNull()) {
      return;
    }
    boolean sequence = false;
    Set<String> seen = new HashSet<>();
    json.enterObject();
    for (String key = json.nextKey(seen); key != null; key = json.nextKey(seen)) {
      switch (key) {
        case "type" -> {
          sequence = outermost && json.isString() && json.string().equals("Sequence");
          if (!sequence) {
            json.requireString("NFC");
          }
        }
        case "normalizers" -> readNormalizers(outermost);
        default -> throw json.refuseKey();
      }
    }
    json.requireKeys(seen, "type");
    if (sequence != seen.contains("normalizers")) {
      throw json.refuse("normalizers in a Sequence only", "another");
    }
    normalizes |= !sequence;
  }

  private void readNormalizers(boolean outermost) throws IOException {
    if (!outermost) {
      throw json.refuseKey();
    }
    json.enterArray();
    while (json.nextElement()) {
      readNormalizer(false);
    }
  }

  private Tokenizer build() throws IOException {
    BytePairModel bytePairs = present(model, "model");
    AddedTokens added = new AddedTokensReader(json).build(addedTokens, bytePairs, normalizes);
    PreTokenizer words = present(preTokenizer, "pre_tokenizer");
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
