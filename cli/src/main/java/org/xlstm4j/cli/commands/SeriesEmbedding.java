package org.xlstm4j.cli.commands;

import java.io.IOException;
import java.util.List;
import org.xlstm4j.cli.series.SeriesSet;
import org.xlstm4j.cli.terminal.Terminal;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.models.embedding.EmbeddingModel;
import org.xlstm4j.models.embedding.EmbeddingOptions;

/**
 * Embeds the series of files.
 *
 * @param model which
 * @param team the threads to compute with
 */
record SeriesEmbedding(EmbeddingModel model, Team team) {
  /** The series as the model takes them, one variate each. */
  static List<float[][]> inputs(SeriesSet set) {
    return set.series().stream().map(values -> new float[][] {values}).toList();
  }

  List<float[]> embed(String file, SeriesSet set, EmbeddingOptions options) throws IOException {
    try {
      return model.embed(inputs(set), options, team);
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  /** How long the embeddings of a file's series are. */
  int width(SeriesSet set, boolean augment) {
    return model.embeddingWidth(1, set.series().getFirst().length, augment);
  }

  /** Says what the user should know about how a file is read. */
  static void sayRemarks(Terminal terminal, String command, SeriesSet set) {
    for (String remark : set.remarks()) {
      terminal.err().println("xlstm " + command + ": " + remark);
    }
  }
}
