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
import org.xlstm4j.engine.WarmUp;
import org.xlstm4j.engine.WeightType;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.models.StepCost;
import org.xlstm4j.models.language.LanguageModel;
import org.xlstm4j.models.language.LanguageSession;

/** One token through a whole xLSTM-Large model of random weights. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class StepBenchmark {
  @Param({"F32", "BF16", "Q8", "Q4"})
  WeightType type = WeightType.F32;

  /** Width x blocks: about 20, 220 and 1300 million weights. */
  @Param({"384x8", "1024x16", "2048x24"})
  String size = "";

  @Param({"1", "2"})
  int threads;

  private LanguageModel model = RandomModels.large(64, 1, WeightType.F32);
  private LanguageSession session = model.newSession(Team.of(1));
  private StepCost cost = model.stepCost();
  private int token;

  /** Makes the model. */
  @Setup
  public void open() {
    WarmUp.complete();
    model.close();
    String[] sides = size.split("x", -1);
    model = RandomModels.large(Integer.parseInt(sides[0]), Integer.parseInt(sides[1]), type);
    session = model.newSession(Team.of(threads));
    cost = model.stepCost();
  }

  /** Frees it. */
  @TearDown
  public void close() {
    model.close();
  }

  /** One token. */
  @Benchmark
  public float[] step(Work work) {
    token = (token + 31) % model.vocabularySize();
    work.readGigabytes += cost.weightBytes() * 1e-9;
    work.updateGigabytes += cost.stateBytes() * 1e-9;
    work.gigaMultiplyAdds += cost.multiplyAdds() * 1e-9;
    return session.step(token);
  }
}
