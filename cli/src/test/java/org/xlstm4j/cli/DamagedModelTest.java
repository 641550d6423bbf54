package org.xlstm4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model that is missing or damaged is one line that names the file. */
@Tag("slow")
class DamagedModelTest {
  @TempDir private Path folder;

  @BeforeEach
  void copy() throws IOException {
    Path whole = Outcome.golden("xlstm", "hf_fused");
    try (Stream<Path> files = Files.list(whole)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.copy(file, folder.resolve(file.getFileName()));
      }
    }
    Files.copy(
        Outcome.pretrained("xlstm-large-mini").resolve("tokenizer.json"),
        folder.resolve("tokenizer.json"));
  }

  private void assertRefused(String... words) {
    String model = folder.toString();
    Outcome.of("generate", "-m", model, "-p", "x", "-n", "1").assertFailed(words);
  }

  private void replace(String file, String what, String by) throws IOException {
    Path path = folder.resolve(file);
    String text = Files.readString(path);
    if (!text.contains(what)) {
      throw new AssertionError(file + " lacks " + what);
    }
    Files.writeString(path, text.replace(what, by));
  }

  @Test
  void theCopyItselfWorks() {
    Outcome.of("generate", "-m", folder.toString(), "-p", "x", "-n", "1", "--no-bos")
        .assertFailed("tokenizer.json", "token ", "which has 80"); // a larger model's tokenizer
  }

  @Test
  void noSuchModel() {
    Outcome.of("generate", "-m", "/no/such/model", "-p", "x")
        .assertFailed("/no/such/model", "xlstm-large-mini");
    Outcome.of("generate", "-m", "xlstm-larg-mini", "-p", "x")
        .assertFailed("xlstm-larg-mini", "xlstm-large-mini");
  }

  @Test
  void aModelOfAnotherFamily() {
    Outcome.of("generate", "-m", "lram-control", "-p", "x")
        .assertFailed("config.json", "model_type", "language model", "lram");
    Outcome.of("act", "-m", "xlstm-lm", "--episode", "x")
        .assertFailed("config.json", "model_type", "action model", "xlstm_lm");
    Outcome.of("classify", "-m", "xlstm-lm", "x.png").assertFailed("config.json", "model_type");
    Outcome.of("perplexity", "-m", "vil-fashion", "x.txt").assertFailed("model_type", "vil");
  }

  @Test
  void aFolderWithoutAConfiguration() throws IOException {
    Files.delete(folder.resolve("config.json"));
    assertRefused(folder.toString(), "config.json");
  }

  @Test
  void sizesThatNoFileBearsOutTakeNoMemory() throws IOException {
    Files.writeString(
        folder.resolve("config.json"),
        """
        {"embedding_dim": 1048576, "num_heads": 1, "num_blocks": 4096, "vocab_size": 268435456}
        """);
    assertRefused("missing or different");
  }

  @Test
  void aConfigurationThatIsNoJson() throws IOException {
    Files.writeString(folder.resolve("config.json"), "{\"model_type\": ");
    assertRefused(folder.resolve("config.json").toString());
  }

  @Test
  void aConfigurationThatLies() throws IOException {
    replace("config.json", "\"num_heads\": 8", "\"num_heads\": 0");
    assertRefused(folder.resolve("config.json").toString(), "num_heads", "expected");
  }

  @Test
  void noWeightsAtAll() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(path -> path.toString().contains("safetensors")).toList()) {
        Files.delete(file);
      }
    }
    assertRefused(folder.toString());
  }

  @Test
  void aShardThatIsMissing() throws IOException {
    Files.delete(folder.resolve("model-00002-of-00004.safetensors"));
    assertRefused("model-00002-of-00004.safetensors");
  }

  @Test
  void aShardThatIsTooShort() throws IOException {
    Path shard = folder.resolve("model-00003-of-00004.safetensors");
    byte[] bytes = Files.readAllBytes(shard);
    Files.write(shard, Arrays.copyOf(bytes, bytes.length - 1));
    assertRefused(shard.toString(), "expected");
  }

  @Test
  void anotherVersionOfTheWeights() throws IOException {
    replace("config.json", "\"num_blocks\": 2", "\"num_blocks\": 3");
    assertRefused(folder.toString(), "blocks.2.");
  }

  @Test
  void pointersOfGitLfs() throws IOException {
    String pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12345\n";
    Files.writeString(folder.resolve("tokenizer.json"), pointer);
    assertRefused("tokenizer.json", "Git LFS");
    Files.writeString(folder.resolve("model-00001-of-00004.safetensors"), pointer);
    assertRefused("model-00001-of-00004.safetensors", "Git LFS");
    Files.writeString(folder.resolve("config.json"), pointer);
    assertRefused("config.json", "Git LFS");
  }

  @Test
  void aTokenizerThatIsALinkToNothing() throws IOException {
    Files.delete(folder.resolve("tokenizer.json"));
    Files.createSymbolicLink(folder.resolve("tokenizer.json"), Path.of("/no/such/file"));
    assertRefused("tokenizer.json: a link to what is not there");
  }

  @Test
  void aFileOfNoFamily() throws IOException {
    Path file = folder.resolve("model-00001-of-00004.safetensors");
    Files.delete(folder.resolve("config.json"));
    Outcome.of("inspect", file.toString())
        .assertFailed(file.toString(), "Vision-LSTM", "a configuration next to it");
  }

  @Test
  void theFileWithTheWeightsStandsForItsFolder() throws IOException {
    Path source = Outcome.pretrained("xlstm-large-mini");
    Path model = Files.createDirectory(folder.resolve("model"));
    for (String name : new String[] {"config.json", "generation_config.json", "tokenizer.json"}) {
      Files.createSymbolicLink(model.resolve(name), source.resolve(name));
    }
    Path weights = model.resolve("best.safetensors");
    Files.createSymbolicLink(weights, source.resolve("model.safetensors"));
    String[] rest = {"-p", "It was", "-n", "3", "--temperature", "0"};
    assertEquals(generated("xlstm-large-mini", rest), generated(weights.toString(), rest));
    assertEquals(0, Outcome.of("inspect", weights.toString()).assertDone().status());
  }

  private static String generated(String model, String... rest) {
    String[] arguments = new String[rest.length + 3];
    arguments[0] = "generate";
    arguments[1] = "-m";
    arguments[2] = model;
    System.arraycopy(rest, 0, arguments, 3, rest.length);
    return Outcome.of(arguments).assertDone().out();
  }

  @Test
  void aTokenizerThatIsMissingOrCut() throws IOException {
    Path tokenizer = folder.resolve("tokenizer.json");
    Files.write(tokenizer, Arrays.copyOf(Files.readAllBytes(tokenizer), 1000));
    assertRefused(tokenizer.toString());
    Files.delete(tokenizer);
    assertRefused(tokenizer.toString());
  }
}
