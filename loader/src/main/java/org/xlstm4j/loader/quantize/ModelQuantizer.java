package org.xlstm4j.loader.quantize;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.engine.weights.WeightType;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.SafetensorsWriter;
import org.xlstm4j.loader.config.Config;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.loader.tensors.MatrixForm;
import org.xlstm4j.loader.tensors.Packing;
import org.xlstm4j.loader.tensors.QuantizationConfig;
import org.xlstm4j.loader.tensors.Tensor;
import org.xlstm4j.loader.tensors.TensorType;

/**
 * Writes a model's folder with smaller weights. The matrices that the model multiplies by are
 * converted; norms, biases, kernels of convolutions, recurrent weights, and matrices of fewer than
 * 64 rows, such as gates of a few heads, are copied as they are. Tensors are streamed: a few panels
 * are in memory at a time.
 */
public final class ModelQuantizer {
  private final Checkpoint source;
  private final WeightType type;
  private final Map<String, float[]> importance;
  private final Team team;
  private final Map<String, MatrixForm> converted = new LinkedHashMap<>();

  /**
   * A quantizer.
   *
   * @param source the weights, from which a model has been put together: it knows its matrices
   * @param type {@link WeightType#BF16}, {@link WeightType#Q8} or {@link WeightType#Q4}
   * @param importance by tensors' names how much an error in a column counts, for each of the
   *     tensor's matrices one after the other; even where there is none
   * @param team the threads to compute with; the result does not depend on how many there are
   * @throws ModelFormatException if there is nothing to convert, or a tensor is quantized already
   */
  public ModelQuantizer(
      Checkpoint source, WeightType type, Map<String, float[]> importance, Team team)
      throws ModelFormatException {
    this.source = source;
    this.type = type;
    this.importance = Map.copyOf(importance);
    this.team = team;
    if (type != WeightType.BF16 && !type.isQuantized()) {
      throw new IllegalArgumentException("no conversion to " + type);
    }
    Map<String, MatrixForm> matrices = source.matrices();
    for (Tensor tensor : source) {
      MatrixForm form = matrices.get(tensor.name());
      if (tensor.packing() != null) {
        throw ModelFormatException.of(
            tensor.file(), "tensor " + tensor.name(), "floats", "a quantized tensor");
      }
      if (form != null && form.isWorthPacking()) {
        converted.put(tensor.name(), form);
      }
    }
    if (converted.isEmpty()) {
      throw ModelFormatException.of(
          source.path(), "tensors", "a matrix of at least 64 rows and 32 columns", "none");
    }
  }

  /**
   * Weights that {@link #write} reads.
   *
   * @return their number
   */
  public long weights() {
    return source.parameters();
  }

  /**
   * Writes the folder.
   *
   * @param config the model's configuration
   * @param out where the folder shall appear; nothing may be there
   * @param progress is told the number of weights done
   * @return what became of each tensor, in the order of the new file
   * @throws ModelFormatException if a weight is not finite
   * @throws IOException if something is there already, or the disk does not take it
   */
  public List<TensorReport> write(Config config, Path out, LongConsumer progress)
      throws IOException {
    Map<String, Packing> packings = new LinkedHashMap<>();
    List<ModelFolder.Part> parts = new ArrayList<>();
    for (Tensor tensor : ModelFolder.order(source, converted.keySet())) {
      MatrixForm form = converted.get(tensor.name());
      if (form == null || (type == WeightType.BF16 && tensor.type() == TensorType.BF16)) {
        parts.add(ModelFolder.copy(tensor));
      } else if (type == WeightType.BF16) {
        parts.add(halves(tensor));
      } else {
        Packing packing = packing(tensor, form);
        packings.put(tensor.name(), packing);
        parts.add(panels(tensor, packing));
      }
    }
    Config described = packings.isEmpty() ? config : new QuantizationConfig(packings).addTo(config);
    return ModelFolder.write(source, described, out, parts, progress);
  }

  private static ModelFolder.Part halves(Tensor tensor) {
    List<Long> shape = Arrays.stream(tensor.shape()).boxed().toList();
    return new ModelFolder.Part(
        new SafetensorsWriter.Entry(tensor.name(), TensorType.BF16, shape),
        new HalvesConversion(tensor));
  }

  private Packing packing(Tensor tensor, MatrixForm form) throws ModelFormatException {
    return new Packing(type, Arrays.stream(tensor.dimensions()).boxed().toList(), form);
  }

  private ModelFolder.Part panels(Tensor tensor, Packing packing) {
    return new ModelFolder.Part(
        new SafetensorsWriter.Entry(tensor.name(), TensorType.U8, List.of(packing.byteSize())),
        new PanelConversion(tensor, packing, importance.get(tensor.name()), team));
  }
}
