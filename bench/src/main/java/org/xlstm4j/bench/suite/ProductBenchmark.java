package org.xlstm4j.bench.suite;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.xlstm4j.engine.Columns;
import org.xlstm4j.engine.Linear;
import org.xlstm4j.engine.Team;
import org.xlstm4j.engine.WarmUp;
import org.xlstm4j.engine.WeightType;
import org.xlstm4j.engine.Workspace;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.Config;
import org.xlstm4j.loader.TensorReader;

/** A projection: a few tokens are bound by the weights' bytes, many by multiplication. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class ProductBenchmark {
  @Param({"F32", "BF16", "Q8", "Q4"})
  WeightType type = WeightType.F32;

  /** Rows x columns: weights that stay in a cache, and weights that do not. */
  @Param({"1024x1024", "32768x4096"})
  String size = "";

  @Param({"1", "512"})
  int tokens;

  @Param({"1", "2"})
  int threads;

  private Checkpoint checkpoint = Checkpoint.random(Config.empty(Path.of("random")), type);
  private Workspace workspace = new Workspace(Team.of(1));
  private Linear linear = new Linear(org.xlstm4j.engine.Matrix.absent(1, 1));
  private Columns x = Columns.allocate(1, 1);
  private Columns y = x;

  /** Makes random weights. */
  @Setup
  public void open() {
    WarmUp.complete();
    String[] sides = size.split("x", -1);
    int rows = Integer.parseInt(sides[0]);
    int columns = Integer.parseInt(sides[1]);
    checkpoint = Checkpoint.random(Config.empty(Path.of("random")), type);
    TensorReader tensors = new TensorReader(checkpoint);
    linear = new Linear(List.of(tensors.matrix("weight", rows, columns)), new float[0]);
    workspace = new Workspace(Team.of(threads));
    x = Columns.allocate(tokens, columns);
    y = Columns.allocate(tokens, rows);
    for (int i = 0; i < x.data().length; i++) {
      x.data()[i] = (i % 61 - 30) / 30f;
    }
  }

  /** Frees them. */
  @TearDown
  public void close() {
    checkpoint.close();
  }

  /** One product. */
  @Benchmark
  public Columns product(Work work) {
    linear.apply(workspace, x, tokens, y);
    work.readGigabytes += linear.byteSize() * 1e-9;
    work.gigaMultiplyAdds += (double) linear.rows() * linear.columns() * tokens * 1e-9;
    return y;
  }
}
