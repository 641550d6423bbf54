package org.xlstm4j.loader.tensors;

import static org.xlstm4j.loader.bytes.LittleEndian.DOUBLE;
import static org.xlstm4j.loader.bytes.LittleEndian.FLOAT;
import static org.xlstm4j.loader.bytes.LittleEndian.INT;
import static org.xlstm4j.loader.bytes.LittleEndian.LONG;
import static org.xlstm4j.loader.bytes.LittleEndian.SHORT;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.engine.WeightType;
import org.xlstm4j.loader.files.ModelFormatException;

/**
 * A named array in a checkpoint: a read-only view of the file in memory.
 *
 * <p>Immutable and thread-safe; usable until its {@code Checkpoint} is closed, after which any
 * access to the data throws {@link IllegalStateException}. If another process truncates the file
 * while it is mapped, the JVM raises {@link InternalError} on access: callers at the edge of a
 * program turn that into a message, or open the file with {@code LoadOption#IN_MEMORY}.
 */
public final class Tensor {

  /** Longest array every JVM can allocate. */
  private static final int MAX_ARRAY = Integer.MAX_VALUE - 8;

  private final Path file;
  private final String name;
  private final TensorType type;
  private final long[] shape;
  private final MemorySegment data;
  private final @Nullable Packing packing;

  /**
   * A view of {@code data}, whose size the caller has checked against type and shape.
   *
   * @param shape lengths of the dimensions, outermost first
   * @param data row-major little-endian elements
   */
  public Tensor(Path file, String name, TensorType type, long[] shape, MemorySegment data) {
    this(file, name, type, shape.clone(), data.asReadOnly(), null);
  }

  private Tensor(
      Path file,
      String name,
      TensorType type,
      long[] shape,
      MemorySegment data,
      @Nullable Packing packing) {
    this.file = file;
    this.name = name;
    this.type = type;
    this.shape = shape;
    this.data = data;
    this.packing = packing;
  }

  /** The file this tensor lies in. */
  public Path file() {
    return file;
  }

  /** The name as the file has it. */
  public String name() {
    return name;
  }

  /** The type of the elements. */
  public TensorType type() {
    return type;
  }

  /**
   * How the bytes of a quantized tensor are to be read, whose {@link #type()} is U8; null for a
   * tensor whose elements are what its type says.
   */
  public @Nullable Packing packing() {
    return packing;
  }

  /** What the elements are as weights of a matrix; null if they cannot be any. */
  public @Nullable WeightType weightType() {
    if (packing != null) {
      return packing.type();
    }
    return switch (type) {
      case F32 -> WeightType.F32;
      case BF16 -> WeightType.BF16;
      case F16 -> WeightType.F16;
      default -> null;
    };
  }

  /**
   * A copy of the lengths of the dimensions, outermost first; empty for a scalar. A quantized
   * tensor has the dimensions that it had before.
   */
  public long[] shape() {
    return shape.clone();
  }

  /**
   * The lengths of the dimensions as ints, outermost first.
   *
   * @throws ModelFormatException if one does not fit
   */
  public int[] dimensions() throws ModelFormatException {
    int[] dimensions = new int[shape.length];
    for (int i = 0; i < shape.length; i++) {
      if (shape[i] > Integer.MAX_VALUE) {
        throw refused("dimensions below 2^31");
      }
      dimensions[i] = (int) shape[i];
    }
    return dimensions;
  }

  /** Number of elements: the product of the shape. */
  public long elements() {
    long product = 1;
    for (long length : shape) {
      product *= length;
    }
    return product;
  }

  /**
   * The elements, row-major and little-endian, as they lie in the file. The address need not be a
   * multiple of the element's size: read through unaligned layouts.
   */
  public MemorySegment data() {
    return data;
  }

  /**
   * The elements as 32-bit floats, in a new array. F32, BF16 and F16 are exact, F64 is rounded.
   *
   * @throws ModelFormatException if the elements are no floats of these types or too many for an
   *     array
   */
  public float[] toFloats() throws ModelFormatException {
    requireFloats();
    float[] floats = new float[arrayLength()];
    copyFloats(0, floats.length, floats);
    return floats;
  }

  /**
   * Some elements in their order, converted as by {@link #toFloats()}.
   *
   * @param first the first of them
   * @param count how many
   * @param target gets them, from index 0 on
   * @throws ModelFormatException if the elements are no floats of these types
   */
  public void copyFloats(long first, int count, float[] target) throws ModelFormatException {
    requireFloats();
    switch (type) {
      case F32 -> MemorySegment.copy(data, FLOAT, Float.BYTES * first, target, 0, count);
      case BF16 -> {
        for (int i = 0; i < count; i++) {
          target[i] = Bfloat16Bits.toFloat(data.get(SHORT, Short.BYTES * (first + i)));
        }
      }
      case F16 -> {
        for (int i = 0; i < count; i++) {
          target[i] = Float.float16ToFloat(data.get(SHORT, Short.BYTES * (first + i)));
        }
      }
      default -> {
        for (int i = 0; i < count; i++) {
          target[i] = (float) data.get(DOUBLE, Double.BYTES * (first + i));
        }
      }
    }
  }

  private void requireFloats() throws ModelFormatException {
    switch (type) {
      case F32, BF16, F16, F64 -> {}
      default -> throw refused("floating-point elements (F32, BF16, F16 or F64)");
    }
  }

  /**
   * The elements as 64-bit floats, in a new array; exact for F64, F32, BF16 and F16.
   *
   * @throws ModelFormatException as {@link #toFloats()}
   */
  public double[] toDoubles() throws ModelFormatException {
    if (type == TensorType.F64) {
      double[] doubles = new double[arrayLength()];
      MemorySegment.copy(data, DOUBLE, 0, doubles, 0, doubles.length);
      return doubles;
    }
    float[] floats = toFloats();
    double[] doubles = new double[floats.length];
    for (int i = 0; i < floats.length; i++) {
      doubles[i] = floats[i];
    }
    return doubles;
  }

  /**
   * The elements as 64-bit integers, in a new array. BOOL gives 0 and 1; unsigned types keep their
   * value.
   *
   * @throws ModelFormatException if the elements are no integers, are U64, or too many for an array
   */
  public long[] toLongs() throws ModelFormatException {
    if (packing != null) {
      throw refused("integer elements");
    }
    switch (type) {
      case I64, I32, U32, I16, U16, I8, U8, BOOL -> {}
      default -> throw refused("integer elements");
    }
    long[] longs = new long[arrayLength()];
    for (int i = 0; i < longs.length; i++) {
      longs[i] =
          switch (type) {
            case I64 -> data.get(LONG, 8L * i);
            case I32 -> data.get(INT, 4L * i);
            case U32 -> Integer.toUnsignedLong(data.get(INT, 4L * i));
            case I16 -> data.get(SHORT, 2L * i);
            case U16 -> Short.toUnsignedLong(data.get(SHORT, 2L * i));
            case I8 -> data.get(ValueLayout.JAVA_BYTE, i);
            default -> Byte.toUnsignedLong(data.get(ValueLayout.JAVA_BYTE, i));
          };
    }
    return longs;
  }

  private int arrayLength() throws ModelFormatException {
    long elements = elements();
    if (elements > MAX_ARRAY) {
      throw refused("at most " + MAX_ARRAY + " elements");
    }
    return (int) elements;
  }

  private ModelFormatException refused(String expected) {
    return ModelFormatException.of(file, "tensor " + name, expected, describe());
  }

  /**
   * Whether another tensor has the same elements, bit for bit, and the same shape.
   *
   * @param other of any checkpoint
   * @return true if the two differ in no more than their names and places
   */
  public boolean isSameAs(Tensor other) {
    return type == other.type
        && Arrays.equals(shape, other.shape)
        && Objects.equals(packing, other.packing)
        && data.mismatch(other.data) < 0;
  }

  /** The same tensor by another name. */
  public Tensor named(String other) {
    return new Tensor(file, other, type, shape, data, packing);
  }

  /** The same bytes, taken for panels, as many as the packing says. */
  public Tensor packed(Packing how) {
    long[] dimensions = how.shape().stream().mapToLong(Integer::longValue).toArray();
    return new Tensor(file, name, type, dimensions, data, how);
  }

  /** Type and shape, as in {@code F32 [3, 4]}. */
  public String describe() {
    return packing != null ? packing.describe() : type + " " + Arrays.toString(shape);
  }

  @Override
  public String toString() {
    return name + " " + describe();
  }
}
