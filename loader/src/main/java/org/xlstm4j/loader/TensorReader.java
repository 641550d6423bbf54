package org.xlstm4j.loader;

import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.engine.WeightType;
import org.xlstm4j.engine.weights.Matrix;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.loader.tensors.MatrixForm;
import org.xlstm4j.loader.tensors.MatrixView;
import org.xlstm4j.loader.tensors.Packing;
import org.xlstm4j.loader.tensors.Tensor;

/**
 * Reads the tensors of a model: the model asks for each by name and shape and calls {@link
 * #finish()} at the end.
 *
 * <p>A tensor that is missing or different does not stop the construction: the reader notes it,
 * returns an empty array instead of a vector and other bytes of the file instead of a matrix, and
 * {@link #finish()} names all such tensors in one exception. A matrix larger than any tensor of the
 * file is refused at once, together with what was noted so far. So no shape that a configuration
 * claims is ever allocated unless the file holds that much.
 *
 * <p>Not thread-safe; one reader (with those made by {@link #under}) belongs to one construction.
 */
public final class TensorReader {
  /** Most tensors named in an error. */
  private static final int MAX_NAMED = 20;

  private static final float[] NOTHING = {};

  private final Source source;
  private final String prefix;

  /** What all readers of one construction share. */
  private record Source(Checkpoint checkpoint, Map<String, Tensor> tensors, List<String> problems) {

    Source(Checkpoint checkpoint, Map<String, Tensor> tensors) {
      this(checkpoint, tensors, new ArrayList<>());
    }

    Path path() {
      return checkpoint.path();
    }

    /** The bytes of the largest tensor. */
    MemorySegment largest() {
      return tensors.values().stream()
          .map(Tensor::data)
          .max(Comparator.comparingLong(MemorySegment::byteSize))
          .orElse(MemorySegment.NULL);
    }
  }

  private TensorReader(Source source, String prefix) {
    this.source = source;
    this.prefix = prefix;
  }

  /** A reader of a checkpoint whose tensors are asked for by the names in the file. */
  public TensorReader(Checkpoint checkpoint) {
    this(source(checkpoint), "");
  }

  /**
   * A reader of a checkpoint with other names than the model's, or several for the same tensor.
   *
   * @param checkpoint the tensors
   * @param rename from the name in the file to the model's name
   * @throws ModelFormatException if two tensors that differ get the same name
   */
  public TensorReader(Checkpoint checkpoint, UnaryOperator<String> rename)
      throws ModelFormatException {
    this(renamed(checkpoint, rename), "");
  }

  private static Source source(Checkpoint checkpoint) {
    Map<String, Tensor> tensors = new HashMap<>();
    checkpoint.forEach(tensor -> tensors.put(tensor.name(), tensor));
    return new Source(checkpoint, tensors);
  }

  private static Source renamed(Checkpoint checkpoint, UnaryOperator<String> rename)
      throws ModelFormatException {
    Map<String, Tensor> tensors = new HashMap<>();
    for (Tensor tensor : checkpoint) {
      String name = rename.apply(tensor.name());
      Tensor other = tensors.putIfAbsent(name, tensor);
      if (other != null) {
        if (!tensor.isSameAs(other)) {
          throw ModelFormatException.of(
              tensor.file(),
              "tensor " + tensor.name(),
              "the same as " + other.name() + ", which is another name of it",
              "something else");
        }
        checkpoint.matrixUses().alias(tensor);
      }
    }
    return new Source(checkpoint, tensors);
  }

  /**
   * A reader for the tensors below a prefix: {@code under("blocks.0.").vector("norm.weight", n)}.
   * Its problems are this reader's.
   */
  public TensorReader under(String prefix) {
    return new TensorReader(source, this.prefix + prefix);
  }

  /** Whether there is a tensor of this name. */
  public boolean has(String name) {
    return source.tensors.containsKey(prefix + name);
  }

  /** The names below the prefix, without it, in no particular order. */
  public Set<String> names() {
    Set<String> names = new HashSet<>();
    for (String name : source.tensors.keySet()) {
      if (name.startsWith(prefix)) {
        names.add(name.substring(prefix.length()));
      }
    }
    return names;
  }

  /**
   * The shape of a tensor, for a model that infers its sizes from the file.
   *
   * @param name the tensor
   * @param rank number of dimensions it must have
   * @return the lengths of the dimensions, outermost first
   * @throws ModelFormatException at once, if the tensor is missing or has another rank: without its
   *     sizes the model cannot be put together
   */
  public int[] shape(String name, int rank) throws ModelFormatException {
    Tensor tensor = source.tensors.get(prefix + name);
    if (tensor == null || tensor.shape().length != rank) {
      throw ModelFormatException.of(
          source.path(),
          "tensor " + prefix + name,
          rank + " dimensions",
          tensor == null ? "no such tensor" : tensor.describe());
    }
    return tensor.dimensions();
  }

  /**
   * A vector as 32-bit floats.
   *
   * @param name the tensor
   * @param length its one dimension
   * @return a new array of that length; an empty one if the tensor is missing or different
   */
  public float[] vector(String name, int length) {
    return tensor(name, length);
  }

  /**
   * A vector that some models have, such as a bias.
   *
   * @param name the tensor
   * @param length its one dimension
   * @param present whether this model has it
   * @return as {@link #vector(String, int)}, or an empty array if it does not have it
   */
  public float[] vector(String name, int length, boolean present) {
    return present ? vector(name, length) : NOTHING;
  }

  /**
   * A tensor as 32-bit floats, row-major.
   *
   * @param name the tensor
   * @param shape its dimensions, outermost first
   * @return a new array of the product of the shape; an empty one if the tensor is missing or
   *     different
   */
  public float[] tensor(String name, int... shape) {
    RandomTensors random = source.checkpoint.randomTensors();
    if (random != null) {
      source.tensors.computeIfAbsent(prefix + name, full -> random.numbers(full, shape));
    }
    Tensor tensor = take(name, shape);
    if (tensor == null) {
      return NOTHING;
    }
    source.checkpoint.matrixUses().asNumbers(tensor);
    try {
      return tensor.toFloats();
    } catch (ModelFormatException e) {
      note(name, "floats that fit an array", tensor.describe());
      return NOTHING;
    }
  }

  /**
   * A weight matrix over the file's bytes, without a copy.
   *
   * @param name the tensor: F32, BF16, F16 or quantized, of two dimensions
   * @param rows outputs
   * @param columns inputs
   * @return a view of the file
   * @throws UncheckedIOException of a {@link ModelFormatException}, if the tensor is missing or
   *     different and nothing in the file is as large
   */
  public Matrix matrix(String name, int rows, int columns) {
    return matrix(name, new int[] {rows, columns}, rows, columns);
  }

  /**
   * A weight matrix over a tensor of another shape with the same elements in the same order, such
   * as a convolution's kernel.
   *
   * @param name the tensor: F32, BF16, F16 or quantized
   * @param shape its dimensions before quantization, outermost first
   * @param rows outputs
   * @param columns inputs; {@code rows * columns} equals the product of the shape
   * @return as {@link #matrix(String, int, int)}
   */
  public Matrix matrix(String name, int[] shape, int rows, int columns) {
    return matrices(name, shape, new MatrixForm(1, rows, columns)).getFirst();
  }

  /**
   * Weight matrices that lie one after the other in a tensor, such as a gate's for each head.
   *
   * @param name the tensor: F32, BF16, F16 or quantized
   * @param shape its dimensions before quantization, outermost first
   * @param form the matrices; together as many weights as the shape has
   * @return views of the file in the file's order
   * @throws UncheckedIOException as for {@link #matrix(String, int, int)}
   */
  public List<Matrix> matrices(String name, int[] shape, MatrixForm form) {
    Tensor tensor = takeMatrices(name, shape, form, false);
    if (tensor != null) {
      source.checkpoint.matrixUses().asMatrices(tensor, form);
    }
    return views(name, tensor, form);
  }

  /**
   * A matrix as {@link #matrix(String, int[], int, int)} gives it, of a tensor that stays as it is
   * when the model is quantized.
   */
  public Matrix exactMatrix(String name, int[] shape, int rows, int columns) {
    MatrixForm form = new MatrixForm(1, rows, columns);
    Tensor tensor = takeMatrices(name, shape, form, true);
    if (tensor != null) {
      source.checkpoint.matrixUses().asNumbers(tensor);
    }
    return views(name, tensor, form).getFirst();
  }

  private @Nullable Tensor takeMatrices(String name, int[] shape, MatrixForm form, boolean exact) {
    RandomTensors random = source.checkpoint.randomTensors();
    if (random != null) {
      source.tensors.computeIfAbsent(
          prefix + name, full -> random.matrices(full, shape, form, exact));
    }
    return take(name, shape);
  }

  private List<Matrix> views(String name, @Nullable Tensor tensor, MatrixForm form) {
    WeightType type = tensor == null ? null : weightType(tensor, form);
    if (tensor != null && type == null) {
      note(name, "F32, BF16, F16 or quantized as " + form, tensor.describe());
    }
    List<Matrix> views = new ArrayList<>();
    for (int i = 0; i < form.count(); i++) {
      if (tensor == null || type == null) {
        views.add(standIn(form.rows(), form.columns()));
      } else {
        long size = tensor.data().byteSize() / form.count();
        MemorySegment data = tensor.data().asSlice(i * size, size);
        Matrix matrix = Matrix.of(type, data, form.rows(), form.columns());
        source.checkpoint.matrixUses().view(matrix, new MatrixView(tensor.name(), i, form));
        views.add(matrix);
      }
    }
    return views;
  }

  /** Some bytes of the file in place of a matrix that it does not have. */
  private Matrix standIn(int rows, int columns) {
    long bytes = (long) rows * columns * Short.BYTES;
    MemorySegment largest = source.largest();
    if (bytes > largest.byteSize()) {
      throw new UncheckedIOException(refusal());
    }
    return Matrix.of(WeightType.BF16, largest.asSlice(0, bytes), rows, columns);
  }

  /** What the elements are as weights of such matrices, or null if they are none. */
  private static @Nullable WeightType weightType(Tensor tensor, MatrixForm form) {
    Packing packing = tensor.packing();
    return packing == null || packing.form().equals(form) ? tensor.weightType() : null;
  }

  /**
   * Ends the construction.
   *
   * @throws ModelFormatException if anything asked for was missing or different; it names up to
   *     twenty tensors and the number of others
   */
  public void finish() throws ModelFormatException {
    if (!source.problems.isEmpty()) {
      throw refusal();
    }
  }

  private ModelFormatException refusal() {
    List<String> problems = source.problems;
    String named = String.join(", ", problems.subList(0, Math.min(MAX_NAMED, problems.size())));
    int more = problems.size() - MAX_NAMED;
    return ModelFormatException.of(
        source.path(),
        "tensors",
        "those of the configuration",
        problems.size()
            + " missing or different: "
            + named
            + (more > 0 ? " and " + more + " more" : ""));
  }

  private @Nullable Tensor take(String name, int[] shape) {
    String full = prefix + name;
    Tensor tensor = source.tensors.get(full);
    if (tensor == null) {
      source.problems.add(full + " (missing)");
      return null;
    }
    if (!Arrays.equals(tensor.shape(), Arrays.stream(shape).asLongStream().toArray())) {
      note(name, Arrays.toString(shape), tensor.describe());
      return null;
    }
    return tensor;
  }

  private void note(String name, String expected, String found) {
    source.problems.add(prefix + name + " (expected " + expected + ", found " + found + ")");
  }
}
