package org.xlstm4j.cli.serve.embedding;

import java.util.ArrayList;
import java.util.List;
import org.xlstm4j.cli.serve.compute.Demand;
import org.xlstm4j.cli.serve.compute.Work;
import org.xlstm4j.cli.serve.json.JsonException;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.models.embedding.EmbeddingModel;
import org.xlstm4j.models.embedding.EmbeddingOptions;

/**
 * Vectors of series, some at a time.
 *
 * @param model which
 * @param series each {@code [variates][values]}
 * @param team the threads to compute with
 */
record EmbeddingWork(EmbeddingModel model, List<float[][]> series, Team team)
    implements Work<List<float[]>> {
  /** Most numbers of an answer. */
  private static final long MOST_NUMBERS = 4 << 20;

  /** Series between two looks at whether somebody waits. */
  private static final int AT_A_TIME = 64;

  @Override
  public List<float[]> run(Demand demand) throws JsonException {
    int variates = series.getFirst().length;
    if (series.stream().anyMatch(one -> one.length != variates)) {
      throw new JsonException("input", "input: the series are not of as many variates each");
    }
    long width = model.embeddingWidth(variates, 1, false);
    if (series.size() * width > MOST_NUMBERS) {
      throw new JsonException(
          "input",
          "input: "
              + series.size()
              + " vectors of "
              + width
              + " are more than "
              + MOST_NUMBERS
              + " numbers");
    }
    List<float[]> vectors = new ArrayList<>();
    for (int from = 0; from < series.size(); from += AT_A_TIME) {
      demand.require();
      List<float[][]> part = series.subList(from, Math.min(from + AT_A_TIME, series.size()));
      try {
        vectors.addAll(model.embed(part, EmbeddingOptions.PLAIN, team));
      } catch (IllegalArgumentException e) {
        throw new JsonException("input", "input: " + e.getMessage());
      }
    }
    return vectors;
  }
}
