package org.xlstm4j.models;

import java.util.Set;
import org.xlstm4j.engine.cells.SlstmCell;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.config.Config;
import org.xlstm4j.loader.files.ModelFormatException;

/**
 * A family of models: recognizes its configurations and opens its checkpoints. Families are
 * services, found by {@link java.util.ServiceLoader}: a module that {@code provides} this interface
 * adds its models to every command. {@code docs/adding-a-family.md} walks through one.
 *
 * <p>Implementations are thread-safe and have a public constructor without parameters.
 */
public interface ModelFamily {
  /**
   * The family, as people call it.
   *
   * @return a short name, as in a table of models
   */
  String name();

  /**
   * The main capability of its models.
   *
   * @return the interface or class of a capability that they implement
   */
  Class<? extends Model> capability();

  /**
   * Whether its models have a capability, the main one or another.
   *
   * @param purpose the interface or class of a capability
   * @return true if they implement it
   */
  default boolean serves(Class<?> purpose) {
    return purpose.isAssignableFrom(capability());
  }

  /**
   * Whether a configuration is of this family. At most one family recognizes a configuration.
   *
   * @param config of any model
   * @return true if {@link #open} is worth trying
   * @throws ModelFormatException if what would say so is malformed
   */
  boolean recognizes(Config config) throws ModelFormatException;

  /**
   * Whether a checkpoint without a configuration next to it is of this family.
   *
   * @param checkpoint of any model
   * @return true if its tensors or attributes say so
   * @throws ModelFormatException if what would say so is malformed
   */
  default boolean recognizes(Checkpoint checkpoint) throws ModelFormatException {
    return false;
  }

  /**
   * What can be chosen for its models.
   *
   * @return the options that have an effect
   */
  default Set<ModelOption> options() {
    return Set.of();
  }

  /**
   * Puts a model together.
   *
   * @param config its configuration; without fields if there is none next to the checkpoint
   * @param checkpoint its weights, closed with the model; the caller closes them if there is none
   * @param arithmetic in which numbers scalar cells run; 32-bit floats where that is no choice
   * @return the model
   * @throws ModelFormatException if the configuration is malformed or the weights do not fit it
   */
  Model open(Config config, Checkpoint checkpoint, SlstmCell.Arithmetic arithmetic)
      throws ModelFormatException;
}
