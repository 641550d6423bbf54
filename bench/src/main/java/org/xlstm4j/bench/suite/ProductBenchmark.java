package org.xlstm4j.bench.suite;

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
import org.xlstm4j.engine.WeightType;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.engine.tokens.Columns;

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

  private RandomProduct product = new RandomProduct(type, 1, 1, 1, Team.of(1));

  /** Makes random weights. */
  @Setup
  public void open() {
    String[] sides = size.split("x", -1);
    int rows = Integer.parseInt(sides[0]);
    int columns = Integer.parseInt(sides[1]);
    product.close();
    product = new RandomProduct(type, rows, columns, tokens, Team.of(threads));
  }

  /** Frees them. */
  @TearDown
  public void close() {
    product.close();
  }

  /** One product. */
  @Benchmark
  public Columns product(Work work) {
    work.readGigabytes += product.byteSize() * 1e-9;
    work.gigaMultiplyAdds += product.multiplyAdds() * 1e-9;
    return product.apply();
  }
}
