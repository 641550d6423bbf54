package org.xlstm4j.reliability.fuzzing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.TensorReader;
import org.xlstm4j.loader.bytes.FileBytes;
import org.xlstm4j.loader.config.Config;
import org.xlstm4j.loader.config.ConfigTexts;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.loader.formats.CheckpointContents;
import org.xlstm4j.loader.formats.SafetensorsReader;
import org.xlstm4j.loader.formats.ShardIndex;
import org.xlstm4j.loader.formats.TorchArchive;
import org.xlstm4j.loader.quantize.FormatUpgrade;
import org.xlstm4j.loader.tensors.Packing;
import org.xlstm4j.loader.tensors.Tensor;
import org.xlstm4j.loader.tokenizer.StreamingDecoder;
import org.xlstm4j.loader.tokenizer.Tokenizer;
import org.xlstm4j.loader.tokenizer.TokenizerTexts;
import org.xlstm4j.models.chat.ChatMessage;
import org.xlstm4j.models.chat.ChatTemplate;
import org.xlstm4j.models.chat.ChatTemplateException;
import org.xlstm4j.models.language.SpecialTokens;

/** Files of a model, as the loader reads them. */
final class ModelReaders {
  private static final Path NAME = Path.of("x");
  private static final String TEXT = "ab  <s> b\u00E9 \uD83D\uDE00\n 12'll";

  private ModelReaders() {}

  static void safetensors(byte[] file) throws IOException {
    requireWithin(
        SafetensorsReader.read(new FileBytes(NAME, MemorySegment.ofArray(file))), file.length);
  }

  private static void requireWithin(CheckpointContents contents, long length) {
    long bytes = 0;
    for (Tensor tensor : contents.tensors()) {
      bytes += tensor.data().byteSize();
    }
    require(bytes <= length, "tensors beyond the file");
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new FilePromise.BrokenException(what);
    }
  }

  static void index(byte[] file) throws IOException {
    ShardIndex index = ShardIndex.read(Scratch.file("index.json", file));
    for (Path shard : index.paths()) {
      require(index.file().resolveSibling("x").getParent().equals(shard.getParent()), "a path");
    }
  }

  static void archive(byte[] file) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment bytes = arena.allocate(Math.max(file.length, 1)).asSlice(0, file.length);
      MemorySegment.copy(file, 0, bytes, ValueLayout.JAVA_BYTE, 0, file.length);
      for (Tensor tensor : TorchArchive.read(new FileBytes(NAME, bytes), arena).tensors()) {
        require(tensor.data().byteSize() <= 2L * file.length + 64, "a tensor beyond the file");
      }
    }
  }

  static void json(byte[] file) throws IOException {
    ConfigTexts.json(NAME, file);
  }

  static void yaml(byte[] file) throws IOException {
    ConfigTexts.yaml(NAME, file);
  }

  static void tokenizer(byte[] file) throws IOException {
    Tokenizer tokenizer = TokenizerTexts.read(NAME, file);
    require(tokenizer.vocabularySize() <= file.length, "ids beyond the file");
    int[] ids = tokenizer.encode(TEXT);
    StreamingDecoder decoder = tokenizer.streamingDecoder();
    StringBuilder streamed = new StringBuilder();
    for (int id : ids) {
      streamed.append(decoder.append(id));
    }
    streamed.append(decoder.flush());
    require(tokenizer.decode(ids).contentEquals(streamed), "another text when streamed");
  }

  /** A tokenizer for {@link #generation}. */
  private static final class Vocabulary {
    static final Tokenizer TOKENIZER = read();

    private static Tokenizer read() {
      try {
        return Tokenizer.read(FamilyReaders.golden("text/table"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  static void generation(byte[] file) throws IOException {
    Path folder = Scratch.folder("generation");
    Scratch.file("generation/config.json", "{}".getBytes(StandardCharsets.UTF_8));
    Scratch.file("generation/generation_config.json", file);
    SpecialTokens.read(folder, Vocabulary.TOKENIZER, 300);
  }

  private static final List<ChatMessage> CONVERSATION =
      List.of(
          new ChatMessage("system", "Answer in one word."),
          ChatMessage.user("b\u00E9 \uD83D\uDE00\n <s>?"),
          ChatMessage.assistant("yes"),
          ChatMessage.user(""));

  static void template(byte[] file) throws IOException {
    Path folder = Scratch.folder("template");
    ChatTemplate template =
        ChatTemplate.read(Scratch.file("template/" + ChatTemplate.FILE_NAME, file), folder);
    try {
      template.render(CONVERSATION, true);
    } catch (ChatTemplateException e) {
      throw ModelFormatException.of(
          NAME, "template", "one for a conversation", String.valueOf(e.getMessage()));
    }
  }

  /** What rendering allocates and drops again within its bound of steps. */
  static long bytesOfRendering(byte[] file) {
    return 256 << 20;
  }

  static void quantized(byte[] file) throws IOException {
    int split = file.length < 2 ? 0 : (file[0] & 0xff) + 256 * (file[1] & 0xff);
    int end = Math.min(2 + split, file.length);
    byte[] config = Arrays.copyOfRange(file, Math.min(2, file.length), end);
    Path folder = Scratch.folder("quantized");
    Scratch.file("quantized/config.json", config);
    Scratch.file("quantized/model.safetensors", Arrays.copyOfRange(file, end, file.length));
    Config read = Config.ofFolder(folder);
    if (FormatUpgrade.isFor(read)) {
      try (FormatUpgrade upgrade = FormatUpgrade.open(folder, read)) {
        require(upgrade.weights() >= 0 && !upgrade.types().contains(null), "an upgrade");
      }
      return;
    }
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      multiplyAll(checkpoint);
    }
  }

  private static void multiplyAll(Checkpoint checkpoint) throws IOException {
    TensorReader tensors = new TensorReader(checkpoint);
    try {
      for (Tensor tensor : checkpoint) {
        Packing packing = tensor.packing();
        if (packing != null) {
          int[] shape = packing.shape().stream().mapToInt(Integer::intValue).toArray();
          tensors.matrices(tensor.name(), shape, packing.form());
        }
      }
      tensors.finish();
    } catch (UncheckedIOException e) {
      if (e.getCause() instanceof ModelFormatException refused) {
        throw refused;
      }
      throw e;
    }
  }
}
