package org.xlstm4j.reliability.durability;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.xlstm4j.cli.CommandRun;
import org.xlstm4j.cli.act.ActLines;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.loader.SafetensorsWriter;
import org.xlstm4j.loader.tensors.TensorType;
import org.xlstm4j.models.language.LanguageModel;
import org.xlstm4j.models.language.LanguageSession;
import org.xlstm4j.models.language.SessionFile;

/**
 * All commands that write files. Each writes one of three results again and again under the same
 * name, so that what is there must be the last one that was finished, or the next.
 */
enum KilledWriter {
  /** What {@code generate --session} saves. */
  SESSION {
    @Override
    void write(Path folder, int round) throws IOException {
      LanguageSession session = Sessions.get(round % RESULTS);
      SessionFile.save(session, folder.resolve("result.safetensors"));
    }
  },
  /** {@code quantize}, into a new folder each time. */
  QUANTIZE {
    @Override
    void write(Path folder, int round) throws IOException {
      Path out = folder.resolve("result" + round);
      CommandRun.of("", "quantize", golden("xlstm/lm_tied"), out.toString(), "--type", "q8");
    }

    @Override
    void requireSound(Path folder, Path reference, int finished) throws IOException {
      for (int round = 0; round <= finished + 1; round++) {
        Path result = folder.resolve("result" + round);
        if (Files.exists(result)) {
          try (Stream<Path> files = Files.list(reference.resolve("result0"))) {
            for (Path file : (Iterable<Path>) files::iterator) {
              requireSame(result.resolve(file.getFileName()), Files.readAllBytes(file));
            }
          }
        } else if (round <= finished) {
          throw new IllegalStateException(result + " is gone");
        }
      }
    }
  },
  /** Tensors, as {@code run --output} writes them. */
  RUN {
    @Override
    void write(Path folder, int round) throws IOException {
      Path input = folder.resolve("input");
      if (!Files.exists(input)) {
        List<SafetensorsWriter.Entry> ids =
            List.of(new SafetensorsWriter.Entry("input_ids", TensorType.I64, List.of(1L)));
        try (SafetensorsWriter writer = new SafetensorsWriter(input, ids, Map.of())) {
          writer.write(ByteBuffer.allocate(Long.BYTES));
          writer.finish();
        }
      }
      String[] mode = {"chunk", "step", "chunk"};
      CommandRun.of(
          "",
          "run",
          "-m",
          golden("xlstm/lm_tied"),
          "--input",
          input.toString(),
          "--output",
          result(folder),
          "--mode",
          mode[round % RESULTS]);
    }
  },
  /** {@code classify --features}. */
  FEATURES {
    @Override
    void write(Path folder, int round) throws IOException {
      String[] picture = {"png-gray16.png", "png-palette2.png", "gif-local.gif"};
      Path pictures = Path.of(golden("")).resolveSibling("resources").resolve("pictures");
      CommandRun.of(
          "",
          "classify",
          "-m",
          golden("vil/v1_avg_32"),
          pictures.resolve(picture[round % RESULTS]).toString(),
          "--features",
          result(folder));
    }
  },
  /** {@code embed --output}. */
  EMBED {
    @Override
    void write(Path folder, int round) throws IOException {
      String[] embed = {
        "embed", "-", "--rows", "-m", golden("tirex2/embed"), "--output", result(folder)
      };
      CommandRun.of(round % RESULTS + ".5,2,4,8,3\n5,6,7,1,2\n", embed);
    }
  },
  /** {@code fit --output}. */
  FIT {
    @Override
    void write(Path folder, int round) throws IOException {
      StringBuilder rows = new StringBuilder();
      for (int row = 0; row < 12; row++) {
        rows.append(row % 2 == 0 ? "a" : "b");
        for (int i = 0; i < 8; i++) {
          rows.append(',').append((row + round % RESULTS) * i % (row % 2 == 0 ? 5 : 3) + 0.5);
        }
        rows.append('\n');
      }
      String[] fit = {
        "fit",
        "-",
        "-m",
        golden("tirex2/embed"),
        "--label",
        "1",
        "--no-heading",
        "--output",
        result(folder)
      };
      CommandRun.of(rows.toString(), fit);
    }
  },
  /** {@code forecast --plot FILE}. */
  PLOT {
    @Override
    void write(Path folder, int round) throws IOException {
      String[] forecast = {
        "forecast",
        "-",
        "-m",
        golden("xlstm/tirex_a"),
        "--column",
        "1",
        "--horizon",
        "4",
        "--plot",
        folder.resolve("result.svg").toString()
      };
      CommandRun.of("1.5\n" + round % RESULTS + ".5\n3.5\n2.5\n", forecast);
    }
  },
  /** {@code act --record}: what is there begins with a head, and only its last line may be cut. */
  RECORD {
    @Override
    void write(Path folder, int round) throws IOException {
      String model = Objects.requireNonNull(System.getProperty("xlstm4j.pretrained"));
      String[] act = {
        "act",
        "-m",
        model + "/lram-control",
        "--serve",
        "--warm-up",
        "0",
        "--task",
        "CartPole-v1",
        "--record",
        result(folder)
      };
      CommandRun.of("{\"observation\": [0.1, 0, 0, 0], \"reward\": 1}\n".repeat(20), act);
    }

    @Override
    void requireSound(Path folder, Path reference, int finished) throws IOException {
      Path result = Path.of(result(folder));
      if (Files.exists(result)) {
        String text = Files.readString(result);
        String whole = text.substring(0, text.lastIndexOf('\n') + 1);
        ActLines.recording(result, whole.getBytes(UTF_8));
      } else if (finished >= 0) {
        throw new IllegalStateException(result + " is gone");
      }
    }
  },
  /** {@code pull}; each time the model has changed. */
  PULL {
    @Override
    void write(Path folder, int round) throws IOException {
      CommandRun.of("", "pull", "org/model");
    }

    @Override
    void requireSound(Path folder, Path reference, int finished) throws IOException {
      SmallHub.requireSound(folder, finished >= 0);
    }
  };

  /** Results that differ. */
  static final int RESULTS = 3;

  /** Writes the result of a round. */
  abstract void write(Path folder, int round) throws IOException;

  /**
   * Checks what is there after a kill.
   *
   * @param folder in which the writer wrote
   * @param reference a folder for each of the first rounds, whose results are whole
   * @param finished the last round that was finished, or -1
   */
  void requireSound(Path folder, Path reference, int finished) throws IOException {
    try (Stream<Path> files = Files.list(reference.resolve("result0"))) {
      for (Path file : (Iterable<Path>) files::iterator) {
        requireSound(folder.resolve(file.getFileName()), reference, finished, file.getFileName());
      }
    }
  }

  private static void requireSound(Path result, Path reference, int finished, Path name)
      throws IOException {
    if (!Files.exists(result)) {
      if (finished >= 0) {
        throw new IllegalStateException(result + " is gone");
      }
      return;
    }
    byte[] found = Files.readAllBytes(result);
    for (int round = Math.max(finished, 0); round <= finished + 1; round++) {
      Path expected = reference.resolve("result" + round % RESULTS).resolve(name);
      if (Arrays.equals(found, Files.readAllBytes(expected))) {
        return;
      }
    }
    throw new IllegalStateException(
        result + ": " + found.length + " bytes, neither of round " + finished + " nor of the next");
  }

  private static void requireSame(Path file, byte[] expected) throws IOException {
    if (!Arrays.equals(Files.readAllBytes(file), expected)) {
      throw new IllegalStateException(file + " is not what it must be");
    }
  }

  private static String result(Path folder) {
    return folder.resolve("result.safetensors").toString();
  }

  private static String golden(String name) {
    return Path.of(Objects.requireNonNull(System.getProperty("xlstm4j.golden")), name).toString();
  }

  /** Sessions of 1, 2 and 3 tokens. */
  private static final class Sessions {
    private static final LanguageSession[] ALL = new LanguageSession[RESULTS];

    static LanguageSession get(int index) {
      if (ALL[0] == null) {
        try {
          LanguageModel model = LanguageModel.open(Path.of(golden("xlstm/lm_tied")));
          for (int i = 0; i < RESULTS; i++) {
            ALL[i] = model.newSession(Team.of(1));
            for (int token = 0; token <= i; token++) {
              ALL[i].step(token);
            }
          }
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
      return ALL[index];
    }
  }
}
