package org.xlstm4j.engine.weights;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xlstm4j.engine.WeightType;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.engine.threads.Workspace;
import org.xlstm4j.engine.tokens.Columns;

/** Tokens that are multiplied together have the bits that each has alone, if they are to. */
@Tag("slow")
class KeptBitsTest {
  /** Rows that end within a panel, rows that are no whole lines of the cache, few and many. */
  @ParameterizedTest
  @CsvSource({"F32, 0", "F32, 4", "BF16, 0", "BF16, 2", "F16, 2", "Q8, 0", "Q4, 0"})
  void tokensHaveTheBitsThatTheyHaveAlone(WeightType type, int offset) {
    Random random = new Random(offset);
    for (int[] size : new int[][] {{7, 33}, {333, 64}, {70, 150}, {300, 1024}}) {
      int columns = size[1];
      Linear linear =
          new Linear(
              matrix(type, random, size[0], columns, offset),
              matrix(WeightType.F32, random, 8, columns, offset),
              matrix(WeightType.Q8, random, 40, columns, 0));
      for (int threads : new int[] {1, 3}) {
        Workspace single = new Workspace(Team.of(threads));
        Workspace together = new Workspace(Team.of(threads));
        Linear.keepBits(together);
        for (int tokens : new int[] {17, 1, 2, 3, 4, 5, 8, 9, 12, 13, 64}) {
          check(linear, single, together, tokens, random);
        }
      }
    }
  }

  private static void check(
      Linear linear, Workspace single, Workspace together, int tokens, Random random) {
    Columns x = Columns.allocate(tokens, linear.columns());
    for (int i = 0; i < x.data().length; i++) {
      x.data()[i] = (float) random.nextGaussian();
    }
    Columns expected = Columns.allocate(tokens, linear.rows());
    Columns found = Columns.allocate(tokens, linear.rows());
    for (int token = 0; token < tokens; token++) {
      linear.apply(single, x.fromToken(token), 1, expected.fromToken(token));
    }
    linear.apply(together, x, tokens, found);
    assertArrayEquals(expected.data(), found.data(), tokens + " tokens");
  }

  private static Matrix matrix(WeightType type, Random random, int rows, int columns, int offset) {
    boolean quantized = type == WeightType.Q8 || type == WeightType.Q4;
    long each = type == WeightType.F32 ? 4 : 2;
    long bytes = quantized ? PanelLayout.byteSize(type, rows, columns) : each * rows * columns;
    MemorySegment data = Arena.ofAuto().allocate(bytes + offset, 64).asSlice(offset);
    for (long i = 0; i < bytes; i += 2) {
      short bits =
          switch (type) {
            case F32, BF16 -> (short) (Float.floatToIntBits((float) random.nextGaussian()) >> 16);
            case F16 -> Float.floatToFloat16((float) random.nextGaussian());
            case Q8, Q4 -> (short) random.nextInt();
          };
      data.set(ValueLayout.JAVA_SHORT_UNALIGNED, i, bits);
    }
    for (long block = 0; quantized && block < bytes; block += PanelLayout.blockBytes(type)) {
      for (int row = 0; row < PanelLayout.ROWS; row++) {
        long at = block + PanelLayout.scaleOffset(row);
        float scale = 0.001f * (1 + random.nextFloat());
        boolean q8 = type == WeightType.Q8;
        short word = q8 ? PanelLayout.q8Word(scale) : PanelLayout.q4Word(scale, random.nextInt(64));
        data.set(ValueLayout.JAVA_SHORT_UNALIGNED, at, word);
      }
    }
    return Matrix.of(type, data, rows, columns);
  }
}
