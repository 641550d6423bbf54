package org.xlstm4j.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.xlstm4j.engine.backends.BlasLibrary;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.engine.threads.Workspace;
import org.xlstm4j.engine.tokens.Columns;
import org.xlstm4j.engine.weights.Linear;
import org.xlstm4j.engine.weights.Matrix;

/** The libraries that this machine has, against the engine's own products. */
class BackendTest {
  @AfterEach
  void backToTheJvm() {
    Backend.JVM.use();
  }

  @ParameterizedTest
  @EnumSource(value = Backend.class, names = "JVM", mode = EnumSource.Mode.EXCLUDE)
  void productsEqualTheJvms(Backend backend) {
    try {
      backend.use();
    } catch (IllegalStateException e) {
      Assumptions.abort(e.getMessage());
    }
    assertFalse(backend.version().isBlank());
    for (WeightType type : new WeightType[] {WeightType.F32, WeightType.BF16, WeightType.F16}) {
      for (int threads = 1; threads <= 3; threads++) {
        check(backend, type, 37, 64, 70, threads);
        check(backend, type, 200, 1100, 65, threads);
        check(backend, type, 300, 5, 100, threads);
      }
    }
  }

  private static void check(
      Backend backend, WeightType type, int rows, int columns, int tokens, int threads) {
    Random random = new Random(rows);
    int bytes = type == WeightType.F32 ? 4 : 2;
    MemorySegment data = Arena.ofAuto().allocate((long) bytes * rows * columns, 64);
    float[] w = new float[rows * columns];
    for (int i = 0; i < w.length; i++) {
      float weight = (float) random.nextGaussian();
      w[i] = weight;
      switch (type) {
        case F32 -> data.setAtIndex(ValueLayout.JAVA_FLOAT, i, weight);
        case F16 -> data.setAtIndex(ValueLayout.JAVA_SHORT, i, Float.floatToFloat16(weight));
        default -> {
          short upper = (short) (Float.floatToRawIntBits(weight) >>> 16);
          data.setAtIndex(ValueLayout.JAVA_SHORT, i, upper);
        }
      }
    }
    float[] bias = new float[rows];
    Columns x = Columns.allocate(tokens, columns + 3);
    for (int i = 0; i < x.data().length; i++) {
      x.data()[i] = (float) random.nextGaussian();
    }
    for (int i = 0; i < rows; i++) {
      bias[i] = (float) random.nextGaussian();
    }
    Linear linear = new Linear(List.of(Matrix.of(type, data, rows, columns)), bias);
    Workspace workspace = new Workspace(Team.of(threads));
    Columns expected = Columns.allocate(tokens, rows + 2);
    Columns actual = Columns.allocate(tokens, rows + 2);
    Backend.JVM.use();
    linear.apply(workspace, x.from(1), tokens, expected.from(1));
    backend.use();
    linear.apply(workspace, x.from(1), tokens, actual.from(1));
    boolean rounds = backend == Backend.ONEDNN && type == WeightType.BF16;
    for (int token = 0; token < tokens; token++) {
      for (int row = 0; row < rows; row++) {
        double magnitude = 0;
        for (int column = 0; column < columns; column++) {
          double weight = w[row * columns + column];
          magnitude += Math.abs(weight * x.data()[x.at(token) + 1 + column]);
        }
        // rounding to eight significant bits is off by 2^-8 of a value at most
        double tolerance = (rounds ? 0x1p-8 : 2e-6) * magnitude + 1e-6;
        int at = expected.at(token) + 1 + row;
        assertEquals(expected.data()[at], actual.data()[at], tolerance);
      }
      assertEquals(0, actual.data()[actual.at(token) + 1 + rows]);
    }
  }

  @Test
  void names() {
    assertEquals(Backend.ONEDNN, Backend.named("onednn"));
    assertThrows(IllegalArgumentException.class, () -> Backend.named("cuda"));
  }

  @Test
  void anAbsentLibraryIsOneLine() {
    String before = System.setProperty(BlasLibrary.PROPERTY, "/nowhere/libblas.so");
    try {
      Error failure = assertThrows(UnsatisfiedLinkError.class, BlasLibrary::load);
      assertTrue(failure.getMessage().startsWith("/nowhere/libblas.so"));
      assertEquals(1, failure.getMessage().lines().count());
    } finally {
      if (before == null) {
        System.clearProperty(BlasLibrary.PROPERTY);
      } else {
        System.setProperty(BlasLibrary.PROPERTY, before);
      }
    }
  }
}
