package org.xlstm4j.bench.suite;

import java.nio.file.Path;
import java.util.List;
import org.xlstm4j.engine.WarmUp;
import org.xlstm4j.engine.WeightType;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.engine.threads.Workspace;
import org.xlstm4j.engine.tokens.Columns;
import org.xlstm4j.engine.weights.Linear;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.TensorReader;
import org.xlstm4j.loader.config.Config;

/** A projection of random weights and its input, with its kernels compiled. Not thread-safe. */
final class RandomProduct implements AutoCloseable {
  private final Checkpoint weights;
  private final Linear linear;
  private final Workspace workspace;
  private final int tokens;
  private final Columns x;
  private final Columns y;

  RandomProduct(WeightType type, int rows, int columns, int tokens, Team team) {
    weights = Checkpoint.random(Config.empty(Path.of("random")), type);
    TensorReader tensors = new TensorReader(weights);
    linear = new Linear(List.of(tensors.matrix("weight", rows, columns)), new float[0]);
    WarmUp.complete(); // of what the new weights want
    workspace = new Workspace(team);
    this.tokens = tokens;
    x = Columns.allocate(tokens, columns);
    y = Columns.allocate(tokens, rows);
    for (int i = 0; i < x.data().length; i++) {
      x.data()[i] = (i % 61 - 30) / 30f;
    }
  }

  /** Computes it; the result is the same buffer at every call. */
  Columns apply() {
    linear.apply(workspace, x, tokens, y);
    return y;
  }

  /** Bytes of the weights. */
  long byteSize() {
    return linear.byteSize();
  }

  /** Multiplications with addition of a call. */
  double multiplyAdds() {
    return (double) linear.rows() * linear.columns() * tokens;
  }

  @Override
  public void close() {
    weights.close();
  }
}
