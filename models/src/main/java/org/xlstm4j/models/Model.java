package org.xlstm4j.models;

import java.io.IOException;
import java.util.List;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.config.Config;

/**
 * What models of all families have in common: weights that are open, what a step costs, and what
 * tools can do with any model. A model implements the interface or class of its capability, which
 * says what it is for: {@code LanguageModel} continues texts, {@code VisionModel} looks at
 * pictures, {@code ForecastModel} forecasts series, {@code EmbeddingModel} makes vectors of them,
 * {@code ActionModel} acts, {@code SequenceModel} transforms sequences.
 *
 * <p>Thread-safe. {@link Models#open} opens one.
 */
public interface Model extends AutoCloseable {
  /**
   * The family, as people call it.
   *
   * @return a short name, as in a table of models
   */
  String family();

  /**
   * The configuration that a folder with these weights needs.
   *
   * @return what a {@code config.json} would hold
   */
  Config configuration();

  /**
   * The tensors the model is made of.
   *
   * @return the open checkpoint
   */
  Checkpoint checkpoint();

  /**
   * What the machine has to do for one step.
   *
   * @return the step's cost
   */
  StepCost stepCost();

  /**
   * Runs the model on tensors, under the names of its capability: tensors in, tensors out, for any
   * script.
   *
   * @param inputs holds the inputs; tensors of other names are ignored
   * @param options how
   * @return the outputs
   * @throws IOException if an input is missing, malformed or not usable; the message names it
   */
  List<NamedTensor> run(Checkpoint inputs, RunOptions options) throws IOException;

  /**
   * Typical work of the model, to be timed.
   *
   * @param sizes how much of it
   * @return at least one
   */
  List<Workload> workloads(WorkloadSizes sizes);

  /** Frees the weights; sessions throw {@link IllegalStateException} afterwards. */
  @Override
  void close();
}
