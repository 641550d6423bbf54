package org.xlstm4j.engine.machine;

import org.xlstm4j.engine.KernelPath;
import org.xlstm4j.engine.WarmUp;
import org.xlstm4j.engine.WeightType;
import org.xlstm4j.engine.kernels.VectorModule;
import org.xlstm4j.engine.machine.code.WeightFormat;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.engine.threads.Workspace;
import org.xlstm4j.engine.tokens.Columns;
import org.xlstm4j.engine.weights.Linear;
import org.xlstm4j.engine.weights.Matrix;

/**
 * Says which kernels a JVM uses, and multiplies matrices of all types with them. With the argument
 * {@value #REFUSED} the system refuses executable memory from the start, with {@value
 * #REFUSED_LATER} once the processor is known.
 */
final class KernelPathProgram {
  static final String REFUSED = "refused";
  static final String REFUSED_LATER = "refused-later";

  private static final int SIZE = 96;

  private KernelPathProgram() {}

  public static void main(String[] args) {
    String refused = args.length == 0 ? "" : args[0];
    if (refused.equals(REFUSED_LATER)) {
      Machine.ofProcess();
    }
    if (!refused.isEmpty() && !RefusedExecution.begin()) {
      throw new IllegalStateException("no filter of system calls");
    }
    for (WeightType type : WeightType.values()) {
      multiply(type);
    }
    System.out.println(KernelPath.inUse() + "; " + KernelPath.description());
    System.out.println(VectorModule.isPresent() ? "Vector API" : "no Vector API");
    if (KernelPath.inUse() == KernelPath.MACHINE && KernelPath.description().indexOf(',') < 0) {
      WarmUp.Result result = WarmUp.complete();
      if (result != WarmUp.Result.SIMD || !WarmUp.description().equals(KernelPath.description())) {
        throw new IllegalStateException(result + ", " + WarmUp.description());
      }
    }
  }

  private static void multiply(WeightType type) {
    WeightFormat format = WeightFormat.valueOf(type.name());
    TestMatrix weights = TestMatrix.random(format, SIZE, SIZE, Room.behindLine(0));
    Matrix matrix = Matrix.of(type, weights.memory, SIZE, SIZE);
    TestTokens tokens = TestTokens.random(3, SIZE);
    float[] x = new float[3 * SIZE];
    for (int t = 0; t < 3; t++) {
      System.arraycopy(tokens.x[t], 0, x, t * SIZE, SIZE);
    }
    Columns y = Columns.allocate(3, SIZE);
    new Linear(matrix).apply(new Workspace(Team.of(1)), new Columns(x, 0, SIZE), 3, y);
    float[][] results = new float[3][SIZE];
    for (int t = 0; t < 3; t++) {
      System.arraycopy(y.data(), y.at(t), results[t], 0, SIZE);
    }
    new Product(weights, tokens).check(results);
  }
}
