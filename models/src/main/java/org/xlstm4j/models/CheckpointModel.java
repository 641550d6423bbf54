package org.xlstm4j.models;

import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.config.Config;

/** A model over a checkpoint, which it closes. */
public abstract class CheckpointModel implements Model {
  private final String family;
  private final Config configuration;
  private final Checkpoint checkpoint;

  /**
   * A model.
   *
   * @param family as people call it
   * @param configuration what the model was read with
   * @param checkpoint its weights, closed with the model
   */
  protected CheckpointModel(String family, Config configuration, Checkpoint checkpoint) {
    this.family = family;
    this.configuration = configuration;
    this.checkpoint = checkpoint;
  }

  @Override
  public final String family() {
    return family;
  }

  @Override
  public final Config configuration() {
    return configuration;
  }

  @Override
  public final Checkpoint checkpoint() {
    return checkpoint;
  }

  @Override
  public final void close() {
    checkpoint.close();
  }
}
