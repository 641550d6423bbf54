package org.xlstm4j.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xlstm4j.engine.WarmUp;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.loader.files.LoadOption;
import org.xlstm4j.loader.tensors.Tensor;
import org.xlstm4j.models.action.ActionModel;
import org.xlstm4j.models.forecast.ForecastModel;
import org.xlstm4j.models.language.LanguageModel;
import org.xlstm4j.models.language.LanguageSession;
import org.xlstm4j.models.testing.Golden;
import org.xlstm4j.models.vision.VisionModel;

/** Models whose files are read rather than mapped. */
@Tag("slow")
class InMemoryModelTest {
  private static final int[] PROMPT = {1, 5, 9, 2, 7, 3};

  @TempDir private Path folder;

  /** With the same kernels from the first token to the last, equal weights give equal bits. */
  @BeforeAll
  static void warmUp() {
    WarmUp.complete();
  }

  private static float[] logits(LanguageModel model) {
    LanguageSession session = model.newSession(Team.of(2));
    session.feed(PROMPT);
    return session.step(4).clone();
  }

  /** Four shards, of which every one is cut to nothing while the model is in use. */
  @Test
  void theBitsAreThoseOfTheMappedModelEvenWhenItsFilesAreGone() throws IOException {
    try (Stream<Path> files = Files.list(Golden.root().resolve("xlstm/hf_fused"))) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.copy(file, folder.resolve(file.getFileName()));
      }
    }
    float[] expected;
    try (LanguageModel mapped = LanguageModel.open(folder)) {
      expected = logits(mapped);
    }
    try (LanguageModel model = LanguageModel.open(folder, LoadOption.IN_MEMORY)) {
      try (Stream<Path> files = Files.list(folder)) {
        for (Path file : (Iterable<Path>) files::iterator) {
          FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)
              .close();
        }
      }
      assertArrayEquals(expected, logits(model));
    }
  }

  @Test
  void everyFamilyIsReadWhenToldSo() throws IOException {
    try (Model language =
            LanguageModel.open(Golden.pretrained("xlstm-large-mini-q8"), LoadOption.IN_MEMORY);
        Model action = ActionModel.open(Golden.pretrained("lram-control"), LoadOption.IN_MEMORY);
        Model vision = VisionModel.open(Golden.pretrained("vil-fashion"), LoadOption.IN_MEMORY);
        Model series =
            ForecastModel.open(
                Golden.pretrained("tirex-mini").resolve("model.ckpt"), LoadOption.IN_MEMORY)) {
      for (Model model : new Model[] {language, action, vision, series}) {
        for (Tensor tensor : model.checkpoint()) {
          assertFalse(tensor.data().isMapped(), model.family() + " " + tensor.name());
        }
      }
    }
  }
}
