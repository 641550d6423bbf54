package org.xlstm4j.models.tirex;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.xlstm4j.engine.threads.Workspace;
import org.xlstm4j.engine.tokens.Columns;
import org.xlstm4j.models.blocks.Finite;
import org.xlstm4j.models.blocks.Pass;
import org.xlstm4j.models.blocks.ResidualStack;
import org.xlstm4j.models.embedding.EmbeddingOptions;
import org.xlstm4j.models.embedding.SeriesStatistics;

/**
 * Embeddings of series (arXiv:2510.26777). Of each variate alone and each block: the mean of the
 * block's outputs over the patches that hold the series, divided by its norm. These lie as {@code
 * [block][variate][width]} and are normed as a whole. An augmented embedding is that of the
 * differences of successive values, then that of the values, then statistics.
 *
 * <p>Not thread-safe.
 */
final class TirexEmbedder {
  private static final double SMALLEST_NORM = 1e-12;
  private static final double EPSILON = 1e-5;

  private final TirexModel model;
  private final TirexConfig config;
  private final PatchPass patches;
  private final double[] mean;

  TirexEmbedder(TirexModel model, Workspace workspace) {
    this.model = model;
    config = model.config();
    patches = new PatchPass(model, workspace);
    mean = new double[config.width()];
  }

  /**
   * Where the vectors of a part of a pass go.
   *
   * @param embedding of its series
   * @param first where the vector of the first block begins
   */
  @SuppressWarnings("ArrayRecordComponent") // to be written into
  private record Place(float[] embedding, int first) {}

  /** Takes what the blocks give. */
  interface BlockOutputs {
    /**
     * One block's output.
     *
     * @param block which
     * @param x {@code [patches][width]}, the parts one behind the other
     */
    void accept(int block, Columns x);
  }

  /** Embeds series whose shapes fit the options. */
  List<float[]> embed(List<float[][]> series, EmbeddingOptions options) {
    int variates = series.getFirst().length;
    int plain = plainWidth(config, variates);
    List<float[]> embeddings = new ArrayList<>();
    if (!options.augment()) {
      series.forEach(each -> embeddings.add(new float[plain]));
      embed(series, false, embeddings, 0);
      return embeddings;
    }
    SeriesStatistics stored = options.statistics();
    SeriesStatistics statistics = stored == null ? SeriesStatistics.of(series) : stored;
    for (float[][] each : series) {
      float[] embedding = new float[2 * plain + statistics.count()];
      statistics.relative(each, embedding, 2 * plain);
      embeddings.add(embedding);
    }
    embed(series, true, embeddings, 0);
    embed(series, false, embeddings, plain);
    return embeddings;
  }

  /** Length of the embedding of some variates without augmentation. */
  static int plainWidth(TirexConfig config, int variates) {
    return Math.multiplyExact(variates, config.blocks() * config.width());
  }

  private void embed(
      List<float[][]> series, boolean differences, List<float[]> embeddings, int first) {
    List<PatchPass.Part> parts = new ArrayList<>();
    List<Place> places = new ArrayList<>();
    int variates = series.getFirst().length;
    int tokens = 0;
    for (int s = 0; s < series.size(); s++) {
      for (int v = 0; v < variates; v++) {
        float[] values = series.get(s)[v];
        PatchPass.Part part = part(differences ? differences(values) : values);
        if (!parts.isEmpty() && tokens + part.count() > PatchPass.TOKENS) {
          embed(parts, places, variates);
          parts.clear();
          places.clear();
          tokens = 0;
        }
        parts.add(part);
        places.add(new Place(embeddings.get(s), first + v * config.width()));
        tokens += part.count();
      }
    }
    embed(parts, places, variates);
    int width = plainWidth(config, variates);
    for (float[] embedding : embeddings) {
      norm(embedding, first, width);
      Finite.require("embeddings", embedding, first, width);
    }
  }

  private static float[] differences(float[] values) {
    float[] differences = new float[values.length - 1];
    for (int i = 0; i < differences.length; i++) {
      differences[i] = values[i + 1] - values[i];
    }
    return differences;
  }

  /** The patches that hold the series: all but those in front of its first value, be it missing. */
  PatchPass.Part part(float[] values) {
    int padding = Math.max(0, config.contextLength() - values.length) / config.patch();
    return new PatchPass.Part(
        new Window(config, values, 0, 1), padding, config.patches() - padding);
  }

  private void embed(List<PatchPass.Part> parts, List<Place> places, int variates) {
    int stride = variates * config.width();
    outputs(
        parts,
        (block, x) -> {
          int token = 0;
          for (int i = 0; i < parts.size(); i++) {
            Place place = places.get(i);
            int count = parts.get(i).count();
            int to = place.first() + block * stride;
            writeMean(x.fromToken(token), count, place.embedding(), to);
            token += count;
          }
        });
  }

  /** Runs parts through the network. */
  void outputs(List<PatchPass.Part> parts, BlockOutputs receiver) {
    Pass pass = patches.enter(parts);
    List<ResidualStack> blocks = model.eachBlock();
    for (int block = 0; block < blocks.size(); block++) {
      blocks.get(block).forward(pass, patches.x());
      receiver.accept(block, patches.x());
    }
  }

  /** The mean of some patches, divided by its norm. */
  private void writeMean(Columns x, int count, float[] target, int to) {
    Arrays.fill(mean, 0);
    for (int token = 0; token < count; token++) {
      int from = x.at(token);
      for (int i = 0; i < mean.length; i++) {
        mean[i] += x.data()[from + i];
      }
    }
    double squares = 0;
    for (int i = 0; i < mean.length; i++) {
      mean[i] /= count;
      squares += mean[i] * mean[i];
    }
    double norm = Math.max(Math.sqrt(squares), SMALLEST_NORM);
    for (int i = 0; i < mean.length; i++) {
      target[to + i] = (float) (mean[i] / norm);
    }
  }

  /** Layer norm without gain and bias. */
  private static void norm(float[] values, int first, int count) {
    double sum = 0;
    for (int i = first; i < first + count; i++) {
      sum += values[i];
    }
    double mean = sum / count;
    double squares = 0;
    for (int i = first; i < first + count; i++) {
      squares += (values[i] - mean) * (values[i] - mean);
    }
    double scale = 1 / Math.sqrt(squares / count + EPSILON);
    for (int i = first; i < first + count; i++) {
      values[i] = (float) ((values[i] - mean) * scale);
    }
  }
}
