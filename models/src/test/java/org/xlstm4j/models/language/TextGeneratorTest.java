package org.xlstm4j.models.language;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.loader.config.Config;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.models.testing.Golden;

/** Text in, text out, with the model whose next token is a table of the current one. */
class TextGeneratorTest {
  private static final Path FOLDER = Golden.root().resolve("text").resolve("table");
  private static final String FACE = "\ud83d\ude00";

  private LanguageModel model;
  private TextGenerator generator;

  @TempDir private Path temporary;

  @BeforeEach
  void open() throws IOException {
    model = LanguageModel.open(FOLDER);
    generator = TextGenerator.of(model, FOLDER);
  }

  @AfterEach
  void close() {
    model.close();
  }

  private GenerationOptions most(int tokens) {
    return generator.options().withMaxTokens(tokens);
  }

  private LanguageSession newSession() {
    return model.newSession(Team.of(1));
  }

  private static List<String> texts(TextStream stream) {
    List<String> texts = new ArrayList<>();
    stream.forEach(piece -> texts.add(piece.text()));
    return texts;
  }

  @Test
  void anyOfTheConfiguredTokensEndsTheText() {
    GeneratedText generated = generator.generate("a", most(6));
    assertEquals("b", generated.text());
    assertEquals(EndReason.END_TOKEN, generated.usage().end());
    assertEquals(2, generated.usage().promptTokens());
    assertEquals(2, generated.usage().generatedTokens());
    assertEquals(List.of(), generated.choices());
    assertEquals(FACE + "END!", generator.generate("x").text());
  }

  @Test
  void aTextHasOneBeginTokenWhoeverPutsItThere() throws IOException {
    Path folder = copy("\"post_processor\": null", OWN_BEGIN);
    TextGenerator own = TextGenerator.of(model, folder);
    for (TextGenerator each : List.of(generator, own)) {
      assertArrayEquals(new int[] {256, 'a'}, each.tokenizer().encodeFromBegin("a"));
      assertArrayEquals(new int[] {'a'}, each.tokenizer().encode("a"));
      assertEquals(2, each.generate("a", most(3)).usage().promptTokens());
      assertEquals(1, each.generate("a", most(3).withoutBegin()).usage().promptTokens());
      LanguageSession session = newSession();
      texts(each.stream(session, "z", most(2)));
      TextStream second = each.stream(session, "z", most(2));
      texts(second);
      assertEquals(1, second.finish().promptTokens());
      assertEquals(2 + 2 + 1 + 2, session.position());
    }
  }

  private static final String OWN_BEGIN =
      """
      "post_processor": {"type": "TemplateProcessing",
       "single": [{"SpecialToken": {"id": "<|endoftext|>", "type_id": 0}},
                  {"Sequence": {"id": "A", "type_id": 0}}],
       "pair": [],
       "special_tokens": {"<|endoftext|>":
         {"id": "<|endoftext|>", "ids": [256], "tokens": ["<|endoftext|>"]}}}
      """;

  /** The model's folder with another tokenizer and without weights. */
  private Path copy(String old, String changed) throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      for (Path file : files.filter(file -> file.toString().endsWith(".json")).toList()) {
        String text = Files.readString(file);
        Files.writeString(temporary.resolve(file.getFileName()), text.replace(old, changed));
      }
    }
    assertNotEquals(
        Files.readString(FOLDER.resolve("tokenizer.json")),
        Files.readString(temporary.resolve("tokenizer.json")));
    return temporary;
  }

  @Test
  void aPieceIsWholeCharacters() {
    assertEquals(
        List.of(FACE, "E", "N", "D", "!"), texts(generator.stream("x", generator.options())));
    assertEquals(List.of(FACE), texts(generator.stream("x", most(4))));
    // what never becomes a character is told at the end
    assertEquals(List.of("\ufffd"), texts(generator.stream("x", most(3))));
    assertEquals(List.of("\ufffd"), texts(generator.stream("y", generator.options())));
  }

  @Test
  void specialTokensHaveNoText() {
    GeneratedText generated = generator.generate("z", most(4));
    assertEquals("www", generated.text());
    assertEquals(4, generated.usage().generatedTokens());
    assertEquals(EndReason.MAX_TOKENS, generated.usage().end());
  }

  @Test
  void theTextEndsBeforeAStopString() {
    GenerationOptions options = generator.options();
    GeneratedText generated = generator.generate("x", options.withStops("no", "END", ""));
    assertEquals(FACE, generated.text());
    assertEquals(EndReason.STOP, generated.usage().end());
    assertEquals(7, generated.usage().generatedTokens());
    // "EN" waits for what may become a stop string, and comes when it did not
    assertEquals(List.of(FACE, "END!"), texts(generator.stream("x", options.withStops("ENDE"))));
    assertEquals(List.of(FACE, "END!"), texts(generator.stream("x", options.withStops("END!!"))));
    assertEquals("", generator.generate("x", options.withStops(FACE + "E")).text());
  }

  @Test
  void aCallbackGetsThePiecesAsTheyCome() {
    List<String> pieces = new ArrayList<>();
    GeneratedText generated =
        generator.generate("x", generator.options(), piece -> pieces.add(piece.text()));
    assertEquals(List.of(FACE, "E", "N", "D", "!"), pieces);
    assertEquals(String.join("", pieces), generated.text());
    IllegalStateException enough =
        assertThrows(
            IllegalStateException.class,
            () ->
                generator.generate(
                    "z",
                    most(1_000_000),
                    piece -> {
                      throw new IllegalStateException("enough");
                    }));
    assertEquals("enough", enough.getMessage());
  }

  @Test
  void nothingIsComputedBeforeItIsAskedFor() {
    LanguageSession session = newSession();
    TextStream stream = generator.stream(session, "x", generator.options());
    assertEquals(0, session.position());
    Iterator<TextPiece> pieces = stream.iterator();
    assertEquals(FACE, pieces.next().text());
    assertEquals("E", stream.iterator().next().text());
    assertTrue(pieces.hasNext());
    assertTrue(pieces.hasNext());
    while (pieces.hasNext()) {
      pieces.next();
    }
    assertThrows(NoSuchElementException.class, pieces::next);
    assertEquals(EndReason.END_TOKEN, stream.finish().end());
  }

  @Test
  void whatWasHandedOutIsWhatTheSessionHasRead() {
    LanguageSession session = newSession();
    TextStream stream = generator.stream(session, "z", most(100));
    Iterator<TextPiece> pieces = stream.iterator();
    assertEquals("w", pieces.next().text());
    assertEquals("w", pieces.next().text());
    Usage usage = stream.finish();
    assertEquals(EndReason.CANCELLED, usage.end());
    assertEquals(3, usage.generatedTokens());
    assertEquals(2 + 3, session.position());
    assertFalse(pieces.hasNext());
    assertEquals(usage, stream.finish());
  }

  @Test
  void aSessionGoesOnWithAndWithoutNewText() throws IOException {
    LanguageSession session = newSession();
    assertEquals(List.of(FACE, "E"), texts(generator.stream(session, "x", most(5))));
    Path file = temporary.resolve("session");
    SessionFile.save(session, file);
    LanguageSession loaded = newSession();
    SessionFile.load(loaded, file);
    LanguageSession copied = newSession();
    copied.copyFrom(session);
    for (LanguageSession each : List.of(session, loaded, copied)) {
      TextStream stream = generator.stream(each, "", most(3));
      assertEquals(List.of("N", "D", "!"), texts(stream));
      assertEquals(0, stream.finish().promptTokens());
      assertEquals(List.of("b"), texts(generator.stream(each, "a", most(3))));
    }
  }

  @Test
  void anEmptyPromptBeginsWithTheBeginToken() {
    assertEquals("ab", generator.generate("").text());
    assertThrows(
        IllegalArgumentException.class,
        () -> generator.generate("", generator.options().withoutBegin()));
  }

  @Test
  void anotherThreadCancels() throws Exception {
    TextStream stream = generator.stream("z", most(Integer.MAX_VALUE));
    try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
      Iterator<TextPiece> pieces = stream.iterator();
      assertEquals("w", pieces.next().text());
      Future<?> cancelled = thread.submit(stream::cancel);
      while (pieces.hasNext()) {
        assertEquals("w", pieces.next().text());
      }
      cancelled.get();
    }
    assertEquals(EndReason.CANCELLED, stream.finish().end());
  }

  @Test
  void anInterruptCancels() {
    Thread.currentThread().interrupt();
    try {
      GeneratedText generated = generator.generate("z", most(Integer.MAX_VALUE));
      assertEquals("", generated.text());
      assertEquals(EndReason.CANCELLED, generated.usage().end());
      assertTrue(Thread.currentThread().isInterrupted());
    } finally {
      assertTrue(Thread.interrupted());
    }
  }

  @Test
  void aLongPromptIsLeftWhenItIsCancelled() {
    LanguageSession session = newSession();
    TextStream stream = generator.stream(session, ".".repeat(5000), most(10));
    stream.cancel();
    assertEquals(List.of(), texts(stream));
    assertEquals(0, stream.finish().promptTokens());
    assertEquals(0, session.position());
  }

  @Test
  void aLongPromptIsTheSameInParts() throws IOException {
    String prompt = "xyz".repeat(600);
    LanguageSession whole = newSession();
    whole.feed(generator.tokenizer().encodeFromBegin(prompt));
    LanguageSession parts = newSession();
    texts(generator.stream(parts, prompt, most(0)));
    assertEquals(whole.position(), parts.position());
    assertArrayEquals(whole.logits(), parts.logits());
  }

  @Test
  void logProbabilitiesAreThoseOfTheModelAlone() {
    GenerationOptions options =
        most(2).withTemperature(3).withSeed(1).withLogProbabilities(3).withoutBegin();
    GeneratedText generated = generator.generate("x", options);
    assertEquals(2, generated.choices().size());
    LanguageSession session = newSession();
    float[] logits = session.feed('x');
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit);
    }
    TokenChoice first = generated.choices().getFirst();
    int chosen = first.chosen().token();
    assertEquals(logits[chosen] - Math.log(sum), first.chosen().logProbability(), 1e-9);
    assertEquals(3, first.likeliest().size());
    assertEquals(0xF0, first.likeliest().getFirst().token());
    assertEquals(logits[0xF0] - Math.log(sum), first.likeliest().getFirst().logProbability(), 1e-9);
    // all others are equally likely: those of the smallest ids come first
    assertEquals(0, first.likeliest().get(1).token());
    assertEquals(1, first.likeliest().get(2).token());
  }

  @Test
  void logProbabilitiesOfEveryTokenAreTold() {
    GenerationOptions options = generator.options().withLogProbabilities(0);
    TextStream stream = generator.stream("x", options.withStops("END!!"));
    List<List<Integer>> tokens = new ArrayList<>();
    for (TextPiece piece : stream) {
      tokens.add(piece.choices().stream().map(choice -> choice.chosen().token()).toList());
    }
    // the end token has no text, but "END!" waits for it
    assertEquals(
        List.of(
            List.of(0xF0, 0x9F, 0x98, 0x80),
            List.of((int) 'E', (int) 'N', (int) 'D', (int) '!', 256)),
        tokens);
    List<TextPiece> pieces = new ArrayList<>();
    generator.stream("a", options).forEach(pieces::add);
    assertEquals(2, pieces.size());
    assertEquals("", pieces.getLast().text());
    assertEquals(257, pieces.getLast().choices().getFirst().chosen().token());
    int everything = generator.tokenizer().vocabularySize();
    GeneratedText all = generator.generate("a", options.withLogProbabilities(everything + 5));
    double probability = 0;
    for (TokenProbability token : all.choices().getFirst().likeliest()) {
      probability += Math.exp(token.logProbability());
    }
    assertEquals(everything, all.choices().getFirst().likeliest().size());
    assertEquals(1, probability, 1e-9);
  }

  @Test
  void theSameSeedWritesTheSameText() {
    GenerationOptions hot =
        most(20).withSampling(new Sampler.Settings(100, 0, 1, 0, 1)).withLogProbabilities(0);
    List<TokenChoice> one = generator.generate("a", hot.withSeed(5)).choices();
    assertEquals(one, generator.generate("a", hot.withSeed(5)).choices());
    assertNotEquals(one, generator.generate("a", hot.withSeed(6)).choices());
    assertNotEquals(generator.generate("a", hot).choices(), generator.generate("a", hot).choices());
  }

  @Test
  void theModelsFolderRecommendsHowToChoose() throws IOException {
    assertEquals(0, generator.options().sampling().temperature());
    GenerationOptions usual = GenerationOptions.usual();
    assertEquals(usual, GenerationOptions.read(Golden.pretrained("xlstm-large-mini")));
    assertEquals(usual, GenerationOptions.read(Golden.pretrained("xlstm-lm")));
    Path file = temporary.resolve("generation_config.json");
    Files.writeString(
        file,
        """
        {"temperature": 0.5, "top_k": -1, "top_p": 0.9, "min_p": 0.1, "repetition_penalty": 1.2}
        """);
    assertEquals(
        new Sampler.Settings(0.5, 0, 0.9, 0.1, 1.2), GenerationOptions.read(temporary).sampling());
    Files.writeString(file, "{\"top_p\": 2}");
    ModelFormatException refused =
        assertThrows(ModelFormatException.class, () -> GenerationOptions.read(temporary));
    assertTrue(refused.getMessage().contains("top-p is 2.0"), refused.getMessage());
  }

  @Test
  void optionsOutsideTheirRangeAreRefused() {
    GenerationOptions usual = GenerationOptions.usual();
    assertThrows(IllegalArgumentException.class, () -> usual.withMaxTokens(-1));
    assertThrows(IllegalArgumentException.class, () -> usual.withLogProbabilities(-1));
    assertThrows(IllegalArgumentException.class, () -> usual.withTemperature(-1));
  }

  @Test
  void aTokenizerOfALargerModelIsRefusedWhereItShows() throws IOException {
    ModelTokenizer small =
        new ModelTokenizer(
            FOLDER, generator.tokenizer().tokenizer(), generator.tokenizer().special(), 258);
    TextGenerator other = new TextGenerator(model, small, generator.options(), Team.of(1));
    UncheckedIOException refused =
        assertThrows(UncheckedIOException.class, () -> other.generate("<|note|>"));
    assertTrue(String.valueOf(refused.getMessage()).contains("token 258"), refused.getMessage());
  }

  @Test
  void threadsShareAGenerator() throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
      List<Future<String>> texts = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        texts.add(threads.submit(() -> generator.generate("x").text()));
      }
      for (Future<String> text : texts) {
        assertEquals(FACE + "END!", text.get());
      }
    }
  }

  @Test
  void theShippedModelWritesItsReference() throws IOException {
    Path folder = Golden.pretrained("xlstm-large-mini");
    Config reference = Config.read(folder.resolve("reference.json"));
    try (LanguageModel mini = LanguageModel.open(folder)) {
      TextGenerator writer = TextGenerator.of(mini, folder);
      for (Config prompt : reference.children("prompts")) {
        int tokens = prompt.integers("greedy_ids", 0, mini.vocabularySize()).length;
        GeneratedText generated =
            writer.generate(prompt.text("prompt"), writer.options().greedy().withMaxTokens(tokens));
        assertEquals(prompt.text("greedy_text"), generated.text());
      }
    }
  }
}
