package org.xlstm4j.loader;

import static org.xlstm4j.loader.bytes.LittleEndian.FLOAT;
import static org.xlstm4j.loader.bytes.LittleEndian.SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.xlstm4j.engine.WeightType;
import org.xlstm4j.engine.system.LargeMemory;
import org.xlstm4j.engine.weights.PanelLayout;
import org.xlstm4j.loader.tensors.Bfloat16Bits;
import org.xlstm4j.loader.tensors.MatrixForm;
import org.xlstm4j.loader.tensors.Packing;
import org.xlstm4j.loader.tensors.Tensor;
import org.xlstm4j.loader.tensors.TensorType;

/**
 * Tensors of random numbers, made when a model asks for them, directly in the wanted type. The
 * numbers are as large as a trained model's about are, so that no value overflows or vanishes; a
 * large matrix repeats a pattern.
 *
 * <p>Not thread-safe.
 */
final class RandomTensors {

  /** Elements after which a pattern repeats: no multiple of a usual width. */
  private static final int PATTERN = 100_003;

  private static final int PATTERN_BLOCKS = 61;

  private final Path path;
  private final Arena arena;
  private final WeightType type;
  private final Map<String, Tensor> tensors;
  private final SplittableRandom random = new SplittableRandom(1);

  RandomTensors(Path path, Arena arena, WeightType type, Map<String, Tensor> tensors) {
    this.path = path;
    this.arena = arena;
    this.type = type;
    this.tensors = tensors;
  }

  /** Gains and biases: 0.5 to 1.5; kernels: as {@link #matrices}. */
  Tensor numbers(String name, int[] shape) {
    boolean vector = shape.length == 1;
    float spread = vector ? 0.5f : spread(shape[shape.length - 1]);
    return keep(name, TensorType.F32, shape, floats(elements(shape), vector ? 1 : 0, spread));
  }

  /**
   * Weights around zero that keep the size of what they are multiplied with.
   *
   * @param exact whether they stay floats in a quantized model
   */
  Tensor matrices(String name, int[] shape, MatrixForm form, boolean exact) {
    long count = elements(shape);
    float spread = spread(form.columns());
    boolean packed = type.isQuantized();
    if (packed && (exact || !form.isWorthPacking())) {
      return keep(name, TensorType.F32, shape, floats(count, 0, spread));
    }
    return switch (type) {
      case F32 -> keep(name, TensorType.F32, shape, floats(count, 0, spread));
      case BF16 -> keep(name, TensorType.BF16, shape, halves(count, spread));
      case Q8, Q4 -> {
        List<Integer> dimensions = Arrays.stream(shape).boxed().toList();
        Packing packing = new Packing(type, dimensions, form);
        Tensor tensor = keep(name, TensorType.U8, shape, panels(packing, spread)).packed(packing);
        tensors.put(name, tensor);
        yield tensor;
      }
      default -> throw new IllegalArgumentException("random weights of type " + type);
    };
  }

  /** Panels whose blocks have all the same scale, and integers of any size. */
  private MemorySegment panels(Packing packing, float spread) {
    MemorySegment data = LargeMemory.allocate(packing.byteSize(), arena);
    int blockBytes = PanelLayout.blockBytes(type);
    long length = Math.min(data.byteSize(), (long) PATTERN_BLOCKS * blockBytes);
    short word =
        type == WeightType.Q8
            ? PanelLayout.q8Word(spread / 128)
            : PanelLayout.q4Word(spread / 7.5f, 4 * 15 / 2);
    for (long block = 0; block < length; block += blockBytes) {
      for (int row = 0; row < PanelLayout.ROWS; row++) {
        data.set(SHORT, block + (long) Short.BYTES * row, word);
      }
      for (long at = PanelLayout.SCALE_BYTES; at < blockBytes; at += Short.BYTES) {
        data.set(SHORT, block + at, (short) random.nextInt());
      }
    }
    repeat(data, length);
    return data;
  }

  private Tensor keep(String name, TensorType elementType, int[] shape, MemorySegment data) {
    long[] dimensions = Arrays.stream(shape).asLongStream().toArray();
    Tensor tensor = new Tensor(path, name, elementType, dimensions, data);
    tensors.put(name, tensor);
    return tensor;
  }

  private MemorySegment floats(long count, float middle, float spread) {
    int length = (int) Math.min(count, PATTERN);
    MemorySegment data = LargeMemory.allocate(Math.multiplyExact(count, (long) Float.BYTES), arena);
    for (int i = 0; i < length; i++) {
      data.set(FLOAT, (long) Float.BYTES * i, middle + next(spread));
    }
    repeat(data, (long) Float.BYTES * length);
    return data;
  }

  private MemorySegment halves(long count, float spread) {
    int length = (int) Math.min(count, PATTERN);
    MemorySegment data = LargeMemory.allocate(Math.multiplyExact(count, (long) Short.BYTES), arena);
    for (int i = 0; i < length; i++) {
      data.set(SHORT, (long) Short.BYTES * i, Bfloat16Bits.nearest(next(spread)));
    }
    repeat(data, (long) Short.BYTES * length);
    return data;
  }

  private float next(float spread) {
    return spread * (float) (2 * random.nextDouble() - 1);
  }

  /** Uniform numbers up to this have the variance {@code 1 / columns}. */
  private static float spread(int columns) {
    return (float) Math.sqrt(3.0 / columns);
  }

  /** Fills the memory with copies of its beginning. */
  static void repeat(MemorySegment data, long length) {
    for (long at = length; at < data.byteSize(); at += length) {
      long part = Math.min(length, data.byteSize() - at);
      MemorySegment.copy(data, 0, data, at, part);
    }
  }

  private static long elements(int[] shape) {
    long product = 1;
    for (int length : shape) {
      product = Math.multiplyExact(product, (long) length);
    }
    return product;
  }
}
