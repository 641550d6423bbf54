package org.xlstm4j.cli.options;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.models.language.GenerationOptions;
import org.xlstm4j.models.language.Sampler;
import picocli.CommandLine.Option;

/** How tokens are chosen, and where a text ends. */
public final class SamplingOptions {
  @Option(
      names = "--temperature",
      paramLabel = "T",
      description = "0 always takes the most likely token (default: the model's, else 0.8).")
  private @Nullable Double temperature;

  @Option(
      names = "--top-k",
      paramLabel = "K",
      description =
          "Choose among the K most likely tokens, 0 for all (default: the model's, else 50).")
  private @Nullable Integer topK;

  @Option(
      names = "--top-p",
      paramLabel = "P",
      description =
          "Choose among the most likely tokens that together have probability P (default: the"
              + " model's, else 1, all).")
  private @Nullable Double topP;

  @Option(
      names = "--min-p",
      paramLabel = "P",
      description =
          "Leave out tokens less than P times as likely as the most likely one (default: the model's,"
              + " else 0, none).")
  private @Nullable Double minP;

  @Option(
      names = "--repeat-penalty",
      paramLabel = "R",
      description = "Makes recent tokens less likely (default: the model's, else 1, no penalty).")
  private @Nullable Double repeatPenalty;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "The same seed writes the same text (default: another text each time).")
  private @Nullable Long seed;

  @Option(
      names = "--stop",
      paramLabel = "TEXT",
      description = "End where this text appears; may be given several times.")
  private List<String> stop = new ArrayList<>();

  /**
   * The model's options with what was given in place of them.
   *
   * @throws UsageException if a value is out of range
   */
  public GenerationOptions options(GenerationOptions models) {
    Sampler.Settings chosen = models.sampling();
    try {
      GenerationOptions options =
          models
              .withStops(stop.toArray(String[]::new))
              .withSampling(
                  new Sampler.Settings(
                      temperature != null ? temperature : chosen.temperature(),
                      topK != null ? topK : chosen.topK(),
                      topP != null ? topP : chosen.topP(),
                      minP != null ? minP : chosen.minP(),
                      repeatPenalty != null ? repeatPenalty : chosen.repeatPenalty()));
      return seed != null ? options.withSeed(seed) : options;
    } catch (IllegalArgumentException e) {
      throw new UsageException("--" + e.getMessage());
    }
  }
}
