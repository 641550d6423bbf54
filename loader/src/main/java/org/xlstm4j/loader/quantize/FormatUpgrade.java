package org.xlstm4j.loader.quantize;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;
import org.xlstm4j.engine.WeightType;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.SafetensorsWriter;
import org.xlstm4j.loader.config.Config;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.loader.tensors.Packing;
import org.xlstm4j.loader.tensors.QuantizationConfig;
import org.xlstm4j.loader.tensors.Tensor;
import org.xlstm4j.loader.tensors.TensorType;

/**
 * Writes the folder of a model that was quantized in version 2 of the format anew in the present
 * one. Scale words and integers are moved to their new places, and nothing is rounded.
 */
public final class FormatUpgrade implements AutoCloseable {
  private final Checkpoint source;
  private final Config config;
  private final QuantizationConfig description;

  private FormatUpgrade(Checkpoint source, Config config, QuantizationConfig description) {
    this.source = source;
    this.config = config;
    this.description = description;
  }

  /**
   * Whether a model was quantized in version 2 of the format.
   *
   * @param config of the model
   * @return whether {@link #open} takes it
   * @throws ModelFormatException if its description is malformed
   */
  public static boolean isFor(Config config) throws ModelFormatException {
    return QuantizationConfig.ofVersion2(config) != null;
  }

  /**
   * Opens a model that {@link #isFor} recognizes.
   *
   * @param folder of the model
   * @param config of the model
   * @return to be closed after use
   * @throws ModelFormatException if a file is malformed
   * @throws IOException if the system cannot read a file
   */
  public static FormatUpgrade open(Path folder, Config config) throws IOException {
    QuantizationConfig description = QuantizationConfig.ofVersion2(config);
    if (description == null) {
      throw new IllegalArgumentException(folder + " is not quantized in version 2 of the format");
    }
    Checkpoint bytes = Checkpoint.open(folder, config.without(QuantizationConfig.KEY));
    return new FormatUpgrade(bytes, config, description);
  }

  /**
   * The types of the quantized matrices.
   *
   * @return {@link WeightType#Q8}, {@link WeightType#Q4} or both
   */
  public Set<WeightType> types() {
    Set<WeightType> types = EnumSet.noneOf(WeightType.class);
    description.tensors().values().forEach(packing -> types.add(packing.type()));
    return types;
  }

  /**
   * Weights that {@link #write} reads.
   *
   * @return their number
   */
  public long weights() {
    long sum = 0;
    for (Tensor tensor : source) {
      Packing packing = description.tensors().get(tensor.name());
      sum += packing == null ? tensor.elements() : packing.form().elements();
    }
    return sum;
  }

  /**
   * Writes the folder.
   *
   * @param out where the folder shall appear; nothing may be there
   * @param progress is told the number of weights done
   * @return what became of each tensor, in the order of the new file
   * @throws ModelFormatException if a tensor does not have the bytes that its description says
   * @throws IOException if something is there already, or the disk does not take it
   */
  public List<TensorReport> write(Path out, LongConsumer progress) throws IOException {
    List<ModelFolder.Part> parts = new ArrayList<>();
    for (Tensor tensor : ModelFolder.order(source, description.tensors().keySet())) {
      Packing packing = description.tensors().get(tensor.name());
      parts.add(packing == null ? ModelFolder.copy(tensor) : repacked(tensor, packing));
    }
    return ModelFolder.write(source, description.addTo(config), out, parts, progress);
  }

  private static ModelFolder.Part repacked(Tensor tensor, Packing packing)
      throws ModelFormatException {
    long expected = Version2Panels.byteSize(packing);
    if (tensor.type() != TensorType.U8 || tensor.data().byteSize() != expected) {
      throw ModelFormatException.of(
          tensor.file(),
          "tensor " + tensor.name(),
          "U8, " + expected + " bytes for " + packing.type() + " " + packing.shape(),
          tensor.type() + ", " + tensor.data().byteSize() + " bytes");
    }
    return new ModelFolder.Part(
        new SafetensorsWriter.Entry(tensor.name(), TensorType.U8, List.of(packing.byteSize())),
        new Version2Panels(tensor, packing));
  }

  /** Closes the model's files. */
  @Override
  public void close() {
    source.close();
  }
}
