package org.xlstm4j.loader.tensors;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.engine.WeightType;
import org.xlstm4j.loader.config.Config;
import org.xlstm4j.loader.files.ModelFormatException;

/**
 * The object {@code quantization_config} of a quantized model's {@code config.json}: which tensors
 * hold panels, and of what. {@code docs/format.md} describes the whole format.
 *
 * @param tensors by their names in the file
 */
public record QuantizationConfig(Map<String, Packing> tensors) {
  /** The key in a model's configuration. */
  public static final String KEY = "quantization_config";

  private static final String METHOD_KEY = "quant_method";
  private static final String METHOD = "xlstm4j";
  private static final String VERSION_KEY = "version";
  private static final int VERSION = 3;
  private static final int VERSION_BEFORE = 2;
  private static final String TENSORS_KEY = "tensors";

  /** Keeps the order. */
  public QuantizationConfig {
    tensors = new LinkedHashMap<>(tensors);
  }

  /**
   * Reads the description from a model's configuration.
   *
   * @param config of the model
   * @return the description; null if there is none, or one of another program's format
   * @throws ModelFormatException if it is malformed or of another version
   */
  public static @Nullable QuantizationConfig of(Config config) throws ModelFormatException {
    Config given = description(config);
    if (given == null) {
      return null;
    }
    if (isVersion2(given)) {
      throw given.error(
          VERSION_KEY, "2; xlstm quantize OLD NEW converts it without loss", "" + VERSION);
    }
    given.integer(VERSION_KEY, VERSION, VERSION);
    return read(given);
  }

  /**
   * Reads the description of a model quantized in version 2 of the format. The sizes that follow
   * from its packings are those of the present version.
   *
   * @param config of the model
   * @return the description; null if there is none, or one of another version or format
   * @throws ModelFormatException if it is malformed
   */
  public static @Nullable QuantizationConfig ofVersion2(Config config) throws ModelFormatException {
    Config given = description(config);
    return given != null && isVersion2(given) ? read(given) : null;
  }

  private static @Nullable Config description(Config config) throws ModelFormatException {
    if (config.kind(KEY) != Config.Kind.OBJECT) {
      return null;
    }
    Config given = config.child(KEY);
    return given.textOr(METHOD_KEY, "").equals(METHOD) ? given : null;
  }

  private static boolean isVersion2(Config given) throws ModelFormatException {
    return given.kind(VERSION_KEY) == Config.Kind.NUMBER
        && given.number(VERSION_KEY) == VERSION_BEFORE;
  }

  private static QuantizationConfig read(Config given) throws ModelFormatException {
    Config described = given.child(TENSORS_KEY);
    Map<String, Packing> tensors = new LinkedHashMap<>();
    for (String name : described.keys()) {
      tensors.put(name, packing(described.child(name)));
    }
    return new QuantizationConfig(tensors);
  }

  private static Packing packing(Config given) throws ModelFormatException {
    WeightType type = WeightType.labeled(given.text("type")).orElse(null);
    if (type == null || !type.isQuantized()) {
      throw given.error("type", given.text("type"), "q8 or q4");
    }
    List<Integer> shape =
        Arrays.stream(given.integers("shape", 1, Integer.MAX_VALUE)).boxed().toList();
    MatrixForm form =
        new MatrixForm(
            given.integer("matrices", 1, Integer.MAX_VALUE),
            given.integer("rows", 1, Integer.MAX_VALUE),
            given.integer("columns", 1, Integer.MAX_VALUE));
    try {
      return new Packing(type, shape, form);
    } catch (ArithmeticException | IllegalArgumentException e) {
      throw given.error("shape", shape.toString(), "as many weights as " + form);
    }
  }

  /**
   * Puts the description into a model's configuration.
   *
   * @param config of the model
   * @return a copy with {@link #KEY} set
   */
  public Config addTo(Config config) {
    Map<String, Object> described = new LinkedHashMap<>();
    tensors.forEach(
        (name, packing) -> {
          Map<String, Object> fields = new LinkedHashMap<>();
          fields.put("type", packing.type().label());
          fields.put("shape", packing.shape());
          fields.put("matrices", packing.form().count());
          fields.put("rows", packing.form().rows());
          fields.put("columns", packing.form().columns());
          described.put(name, fields);
        });
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put(METHOD_KEY, METHOD);
    fields.put(VERSION_KEY, VERSION);
    fields.put(TENSORS_KEY, described);
    return config.with(KEY, fields);
  }

  /** A tensor of the file as it is to be read: with its packing, if it has one. */
  public Tensor apply(Tensor tensor) throws ModelFormatException {
    Packing packing = tensors.get(tensor.name());
    if (packing == null) {
      return tensor;
    }
    long expected;
    try {
      expected = packing.byteSize();
    } catch (ArithmeticException e) {
      throw ModelFormatException.of(
          tensor.file(), "tensor " + tensor.name(), "a size below 2^63", packing.describe());
    }
    if (tensor.type() != TensorType.U8 || tensor.data().byteSize() != expected) {
      throw ModelFormatException.of(
          tensor.file(),
          "tensor " + tensor.name(),
          "U8, " + expected + " bytes for " + packing.describe(),
          tensor.describe());
    }
    return tensor.packed(packing);
  }
}
