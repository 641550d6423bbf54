package org.xlstm4j.models;

import static java.util.Locale.ROOT;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.engine.WeightType;
import org.xlstm4j.engine.cells.SlstmCell;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.config.Config;
import org.xlstm4j.loader.files.LoadOption;
import org.xlstm4j.loader.files.ModelFormatException;

/**
 * Opens models of any {@link ModelFamily} that the class loader of this class finds, on the module
 * path or the class path. Thread-safe.
 */
public final class Models {
  private static final List<ModelFamily> FAMILIES =
      ServiceLoader.load(ModelFamily.class, Models.class.getClassLoader()).stream()
          .map(ServiceLoader.Provider::get)
          .toList();

  private Models() {}

  /**
   * The families there are.
   *
   * @return an unmodifiable list
   */
  public static List<ModelFamily> families() {
    return FAMILIES;
  }

  /**
   * Opens a model.
   *
   * @param path a model's folder as its authors publish it, or the file with its weights, with the
   *     configuration next to it or inside
   * @param options how the files are opened; mapped unless they say otherwise
   * @return the model; closing it frees the weights
   * @throws ModelFormatException if no family recognizes it, or it is damaged
   * @throws IOException if a file cannot be read
   */
  public static Model open(Path path, LoadOption... options) throws IOException {
    return open(path, Model.class, options);
  }

  /**
   * Opens a model for a purpose.
   *
   * @param path as in {@link #open(Path, LoadOption...)}
   * @param capability an interface or class that the model must implement
   * @param options how the files are opened; mapped unless they say otherwise
   * @param <M> the capability
   * @return the model; closing it frees the weights
   * @throws ModelFormatException if no family recognizes it, it is damaged or for something else
   * @throws IOException if a file cannot be read
   */
  public static <M extends Model> M open(Path path, Class<M> capability, LoadOption... options)
      throws IOException {
    return open(path, capability, SlstmCell.Arithmetic.FLOAT32, options);
  }

  /**
   * Opens a model for a purpose, with a choice of numbers for its scalar cells.
   *
   * @param path as in {@link #open(Path, LoadOption...)}
   * @param capability an interface or class that the model must implement
   * @param arithmetic 32-bit floats, unless the family has {@link ModelOption#CELL_ARITHMETIC}
   * @param options how the files are opened; mapped unless they say otherwise
   * @param <M> the capability
   * @return the model; closing it frees the weights
   * @throws ModelFormatException if no family recognizes it, it is damaged or for something else
   * @throws IOException if a file cannot be read
   */
  public static <M extends Model> M open(
      Path path, Class<M> capability, SlstmCell.Arithmetic arithmetic, LoadOption... options)
      throws IOException {
    return open(path, capability, arithmetic, family -> {}, options);
  }

  /**
   * Opens a model for a purpose, if its family passes a check.
   *
   * @param path as in {@link #open(Path, LoadOption...)}
   * @param capability an interface or class that the model must implement
   * @param arithmetic 32-bit floats, unless the family has {@link ModelOption#CELL_ARITHMETIC}
   * @param check is given the family before the model is put together; what it throws is thrown on
   * @param options how the files are opened; mapped unless they say otherwise
   * @param <M> the capability
   * @return the model; closing it frees the weights
   * @throws ModelFormatException if no family recognizes it, it is damaged or for something else
   * @throws IOException if a file cannot be read
   */
  public static <M extends Model> M open(
      Path path,
      Class<M> capability,
      SlstmCell.Arithmetic arithmetic,
      Consumer<ModelFamily> check,
      LoadOption... options)
      throws IOException {
    Preparation.begin();
    Config config = Config.find(path);
    Checkpoint checkpoint =
        Checkpoint.open(path, config == null ? Config.empty(path) : config, options);
    try {
      return open(path, config, checkpoint, capability, arithmetic, check);
    } catch (IOException | RuntimeException | Error e) {
      checkpoint.close();
      throw e;
    }
  }

  private static <M extends Model> M open(
      Path path,
      @Nullable Config given,
      Checkpoint checkpoint,
      Class<M> capability,
      SlstmCell.Arithmetic arithmetic,
      Consumer<ModelFamily> check)
      throws ModelFormatException {
    Preparation.begin(checkpoint);
    ModelFamily family = family(path, given, checkpoint);
    Config config = given == null ? Config.empty(path) : given;
    require(config, family, capability);
    check.accept(family);
    try {
      return capability.cast(family.open(config, checkpoint, arithmetic));
    } catch (UncheckedIOException e) {
      if (e.getCause() instanceof ModelFormatException refusal) {
        throw refusal;
      }
      throw e;
    }
  }

  private static void require(Config config, ModelFamily family, Class<?> capability)
      throws ModelFormatException {
    if (family.serves(capability)) {
      return;
    }
    List<String> fitting =
        FAMILIES.stream()
            .filter(other -> other.serves(capability))
            .map(ModelFamily::name)
            .sorted()
            .toList();
    throw config.error(
        config.has("model_type") ? "model_type" : "configuration",
        config.textOr("model_type", "one") + " of the family " + family.name(),
        words(capability) + " (" + String.join(", ", fitting) + ")");
  }

  /** Such as "a language model". */
  private static String words(Class<?> capability) {
    String words =
        capability.getSimpleName().replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(ROOT);
    return ("aeiou".indexOf(words.charAt(0)) < 0 ? "a " : "an ") + words;
  }

  /**
   * Puts a model together.
   *
   * @param config its configuration
   * @param checkpoint its weights, closed with the model, or at once if there is none
   * @param capability an interface or class that the model must implement; {@code Model.class} for
   *     any
   * @param <M> the capability
   * @return the model
   * @throws ModelFormatException if no family recognizes the configuration, it is for something
   *     else, or the weights do not fit it
   */
  public static <M extends Model> M of(Config config, Checkpoint checkpoint, Class<M> capability)
      throws ModelFormatException {
    try {
      SlstmCell.Arithmetic arithmetic = SlstmCell.Arithmetic.FLOAT32;
      return open(checkpoint.path(), config, checkpoint, capability, arithmetic, family -> {});
    } catch (ModelFormatException | RuntimeException | Error e) {
      checkpoint.close();
      throw e;
    }
  }

  /**
   * A model of random weights, to be timed.
   *
   * @param config of any family
   * @param type of the matrices
   * @return the model
   * @throws ModelFormatException if no family recognizes the configuration
   */
  public static Model random(Config config, WeightType type) throws ModelFormatException {
    return of(config, Checkpoint.random(config, type), Model.class);
  }

  /**
   * The family of a model, without opening it where its configuration is enough.
   *
   * @param path as in {@link #open(Path, LoadOption...)}
   * @return the family
   * @throws ModelFormatException if no family recognizes it
   * @throws IOException if a file cannot be read
   */
  public static ModelFamily family(Path path) throws IOException {
    Config config = Config.find(path);
    if (config != null) {
      return family(path, config, null);
    }
    try (Checkpoint checkpoint = Checkpoint.open(path)) {
      return family(path, null, checkpoint);
    }
  }

  private static ModelFamily family(
      Path path, @Nullable Config config, @Nullable Checkpoint checkpoint)
      throws ModelFormatException {
    for (ModelFamily family : FAMILIES) {
      if (config != null
          ? family.recognizes(config)
          : checkpoint != null && family.recognizes(checkpoint)) {
        return family;
      }
    }
    if (config != null) {
      throw ModelFormatException.of(
          config.file(), "configuration", "that of a known family: " + names(), found(config));
    }
    throw Files.isDirectory(path)
        ? ModelFormatException.of(path, "folder", "config.json or config.yaml", "neither")
        : ModelFormatException.of(
            path, "file", "a configuration next to it, or tensors of one of " + names(), "neither");
  }

  private static String names() {
    return String.join(", ", FAMILIES.stream().map(ModelFamily::name).sorted().toList());
  }

  private static String found(Config config) throws ModelFormatException {
    return config.has("model_type")
        ? "model_type " + config.text("model_type")
        : "keys " + String.join(", ", config.keys());
  }
}
