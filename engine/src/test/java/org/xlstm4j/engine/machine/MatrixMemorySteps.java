package org.xlstm4j.engine.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleSupplier;
import org.xlstm4j.engine.kernels.MlstmTokens;
import org.xlstm4j.engine.machine.code.MatrixMemoryArguments;

/** Successive steps of one head's matrix memory: by a kernel, and as they are specified. */
final class MatrixMemorySteps {
  /** Operands of a call: memory, keys, queries, values, results and arguments. */
  static final int OPERANDS = 6;

  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

  /** Floats between the operands of two tokens, where other heads have theirs. */
  private static final int GAP = 5;

  /** What the gaps hold and results hold before. */
  private static final float UNTOUCHED = Float.intBitsToFloat(0x7fc12345);

  /** Of the sum of all terms' magnitudes: a few units in the last place. */
  private static final double ROUNDING = 0x1p-21;

  final int keyWidth;
  final int valueWidth;

  /** C, {@code [keyWidth][valueWidth]}. */
  final float[] memory;

  /** An array a token. */
  final float[][] key;

  final float[][] query;
  final float[][] value;

  /** A number a token. */
  final float[] decay;

  final float[] scale;

  private MatrixMemorySteps(
      float[] memory,
      float[][] key,
      float[][] query,
      float[][] value,
      float[] decay,
      float[] scale) {
    this.keyWidth = key[0].length;
    this.valueWidth = value[0].length;
    this.memory = memory;
    this.key = key;
    this.query = query;
    this.value = value;
    this.decay = decay;
    this.scale = scale;
  }

  /** What steps give. */
  static final class Outcome {
    /** C afterwards. */
    final float[] memory;

    /** An array a token. */
    final float[][] h;

    private Outcome(float[] memory, float[][] h) {
      this.memory = memory;
      this.h = h;
    }
  }

  static MatrixMemorySteps random(int tokens, int keyWidth, int valueWidth) {
    Random random = new Random(31L * (31L * tokens + keyWidth) + valueWidth);
    return of(tokens, keyWidth, valueWidth, random::nextGaussian, random::nextDouble);
  }

  /**
   * Steps of any numbers.
   *
   * @param number gives memory, keys, queries and values
   * @param gate gives decays and scales
   */
  static MatrixMemorySteps of(
      int tokens, int keyWidth, int valueWidth, DoubleSupplier number, DoubleSupplier gate) {
    return new MatrixMemorySteps(
        some(keyWidth * valueWidth, number),
        some(tokens, keyWidth, number),
        some(tokens, keyWidth, number),
        some(tokens, valueWidth, number),
        some(tokens, gate),
        some(tokens, gate));
  }

  private static float[][] some(int tokens, int width, DoubleSupplier number) {
    float[][] numbers = new float[tokens][];
    for (int t = 0; t < tokens; t++) {
      numbers[t] = some(width, number);
    }
    return numbers;
  }

  private static float[] some(int width, DoubleSupplier number) {
    float[] numbers = new float[width];
    for (int i = 0; i < width; i++) {
      numbers[i] = (float) number.getAsDouble();
    }
    return numbers;
  }

  int tokens() {
    return decay.length;
  }

  /** Some of the tokens, on a memory. */
  MatrixMemorySteps some(int first, int last, float[] memoryBefore) {
    return new MatrixMemorySteps(
        memoryBefore,
        Arrays.copyOfRange(key, first, last),
        Arrays.copyOfRange(query, first, last),
        Arrays.copyOfRange(value, first, last),
        Arrays.copyOfRange(decay, first, last),
        Arrays.copyOfRange(scale, first, last));
  }

  /**
   * Takes the steps by calls of a kernel, one a band of columns.
   *
   * @param room for the operands
   * @param cuts columns at which bands end, besides the last one
   */
  Outcome take(Execution execution, Room room, int... cuts) {
    MemorySegment c = put(room, memory, valueWidth, 0);
    MemorySegment keys = put(room, flat(key), keyWidth, GAP);
    MemorySegment queries = put(room, flat(query), keyWidth, GAP);
    MemorySegment values = put(room, flat(value), valueWidth, GAP);
    float[] none = new float[tokens() * valueWidth];
    Arrays.fill(none, UNTOUCHED);
    MemorySegment results = put(room, none, valueWidth, GAP);
    MemorySegment arguments = room.take(MatrixMemoryArguments.BYTES);
    int first = 0;
    for (int band = 0; band <= cuts.length; band++) {
      int last = band < cuts.length ? cuts[band] : valueWidth;
      arguments.set(LONG, MatrixMemoryArguments.KEYS, keys.address());
      arguments.set(LONG, MatrixMemoryArguments.QUERIES, queries.address());
      arguments.set(LONG, MatrixMemoryArguments.KEY_STRIDE, 4L * (keyWidth + GAP));
      arguments.set(LONG, MatrixMemoryArguments.KEY_WIDTH, keyWidth);
      arguments.set(LONG, MatrixMemoryArguments.ROW_BYTES, 4L * valueWidth);
      arguments.set(LONG, MatrixMemoryArguments.WIDTH, last - first);
      arguments.set(LONG, MatrixMemoryArguments.VALUES, values.address() + 4L * first);
      arguments.set(LONG, MatrixMemoryArguments.RESULTS, results.address() + 4L * first);
      arguments.set(LONG, MatrixMemoryArguments.VALUE_STRIDE, 4L * (valueWidth + GAP));
      for (int t = 0; t < tokens(); t++) {
        arguments.set(FLOAT, MatrixMemoryArguments.DECAYS + 4L * t, decay[t]);
        arguments.set(FLOAT, MatrixMemoryArguments.SCALES + 4L * t, scale[t]);
      }
      List<MemorySegment> readOnly = new ArrayList<>(List.of(arguments));
      readOnly.addAll(rows(keys, tokens(), keyWidth + GAP, 0, keyWidth));
      readOnly.addAll(rows(queries, tokens(), keyWidth + GAP, 0, keyWidth));
      readOnly.addAll(rows(values, tokens(), valueWidth + GAP, first, last));
      List<MemorySegment> writable = rows(results, tokens(), valueWidth + GAP, first, last);
      writable.addAll(rows(c, keyWidth, valueWidth, first, last));
      execution.call(
          execution.matrixMemory(tokens()),
          readOnly,
          writable,
          c.address(),
          4L * first,
          arguments.address(),
          0,
          0,
          0);
      first = last;
    }
    return new Outcome(c.toArray(FLOAT), results(results));
  }

  /** Rows with gaps between them. */
  private static MemorySegment put(Room room, float[] numbers, int width, int gap) {
    int count = numbers.length / width;
    MemorySegment memory = room.take(4L * (count * (width + gap) - gap));
    for (long i = 0; i < memory.byteSize() / 4; i++) {
      memory.setAtIndex(FLOAT, i, UNTOUCHED);
    }
    for (int row = 0; row < count; row++) {
      MemorySegment.copy(numbers, row * width, memory, FLOAT, 4L * row * (width + gap), width);
    }
    return memory;
  }

  private static List<MemorySegment> rows(
      MemorySegment memory, int count, int stride, int first, int last) {
    List<MemorySegment> rows = new ArrayList<>();
    for (int row = 0; row < count; row++) {
      rows.add(memory.asSlice(4L * (row * stride + first), 4L * (last - first)));
    }
    return rows;
  }

  private float[][] results(MemorySegment results) {
    float[][] h = new float[tokens()][];
    int t = 0;
    for (MemorySegment row : rows(results, tokens(), valueWidth + GAP, 0, valueWidth)) {
      h[t++] = row.toArray(FLOAT);
    }
    return h;
  }

  private static float[] flat(float[][] rows) {
    int width = rows[0].length;
    float[] flat = new float[rows.length * width];
    for (int row = 0; row < rows.length; row++) {
      System.arraycopy(rows[row], 0, flat, row * width, width);
    }
    return flat;
  }

  /** The equations as they are, rows in their order: where a sum overflows depends on that. */
  private Outcome specification() {
    float[] c = memory.clone();
    float[][] results = new float[tokens()][valueWidth];
    for (int t = 0; t < tokens(); t++) {
      for (int a = 0; a < keyWidth; a++) {
        for (int b = 0; b < valueWidth; b++) {
          int at = a * valueWidth + b;
          c[at] = decay[t] * c[at] + key[t][a] * value[t][b];
          results[t][b] += query[t][a] * c[at];
        }
      }
      for (int b = 0; b < valueWidth; b++) {
        results[t][b] *= scale[t];
      }
    }
    return new Outcome(c, results);
  }

  /** Puts in keys, queries and gates of a head. */
  void fill(MlstmTokens operands, int head) {
    for (int t = 0; t < tokens(); t++) {
      int at = operands.keyAt(head, t);
      System.arraycopy(key[t], 0, operands.keys(), at, keyWidth);
      System.arraycopy(query[t], 0, operands.queries(), at, keyWidth);
      operands.setGates(head, t, decay[t], scale[t]);
    }
  }

  /**
   * Compares with the specification. What is infinite there may be finite, since kernels round a
   * product and a sum once.
   */
  void check(Outcome found) {
    Outcome wanted = specification();
    double[] magnitudes = new double[memory.length];
    for (int i = 0; i < memory.length; i++) {
      magnitudes[i] = Math.abs(memory[i]);
    }
    for (int t = 0; t < tokens(); t++) {
      for (int column = 0; column < valueWidth; column++) {
        double magnitude = 0;
        for (int row = 0; row < keyWidth; row++) {
          int at = row * valueWidth + column;
          double added = Math.abs((double) key[t][row] * value[t][column]);
          magnitudes[at] = decay[t] * magnitudes[at] + added + Float.MIN_NORMAL;
          magnitude += Math.abs(query[t][row]) * magnitudes[at] + Float.MIN_NORMAL;
        }
        magnitude = scale[t] * magnitude + Float.MIN_NORMAL;
        check(wanted.h[t][column], found.h[t][column], magnitude, "h of token " + t);
      }
    }
    for (int i = 0; i < memory.length; i++) {
      check(wanted.memory[i], found.memory[i], magnitudes[i], "C");
    }
  }

  private static void check(float wanted, float found, double magnitude, String what) {
    if (Float.isFinite(wanted)) {
      assertEquals(wanted, found, ROUNDING * magnitude, what);
    } else if (!Float.isNaN(wanted)) {
      assertFalse(Float.isNaN(found), () -> what + " is no number, expected " + wanted);
    }
  }
}
