package org.xlstm4j.models.vision;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.files.LoadOption;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.models.Model;
import org.xlstm4j.models.Models;
import org.xlstm4j.models.NamedTensor;
import org.xlstm4j.models.RunOptions;
import org.xlstm4j.models.Workload;
import org.xlstm4j.models.WorkloadSizes;
import org.xlstm4j.models.image.Size;

/**
 * A model that looks at pictures. Immutable and thread-safe; each thread that runs pictures has a
 * {@link VisionSession} of its own.
 */
public interface VisionModel extends Model {
  /**
   * Opens a model: a folder, or a checkpoint file alone whose tensors say all that is needed.
   *
   * @param path a folder or a file
   * @param options how the files are opened; mapped unless they say otherwise
   * @return the model; closing it frees the weights
   * @throws ModelFormatException if there is no such model, or a damaged one
   * @throws IOException if a file cannot be read
   */
  static VisionModel open(Path path, LoadOption... options) throws IOException {
    return Models.open(path, VisionModel.class, options);
  }

  /**
   * Number of classes.
   *
   * @return 0 for a model without a head, whose output is features
   */
  int classes();

  /**
   * What a class is called.
   *
   * @param index from 0
   * @return its name, or its number if the configuration has no names
   */
  String className(int index);

  /**
   * Whether a picture has one vector of logits or features; else each token has one.
   *
   * @return true for a model that classifies pictures
   */
  boolean pools();

  /**
   * Channels of a prepared picture.
   *
   * @return 1 or 3
   */
  int channels();

  /**
   * The size of the pictures that the model was made for.
   *
   * @return of prepared pictures
   */
  Size pictureSize();

  /**
   * Room to run pictures of the model's own size.
   *
   * @param team the threads to compute with
   * @return a session for one thread at a time
   */
  VisionSession newSession(Team team);

  /**
   * Room to run pictures of another size.
   *
   * @param team the threads to compute with
   * @param image whole patches
   * @return a session for one thread at a time
   */
  VisionSession newSession(Team team, Size image);

  @Override
  default List<NamedTensor> run(Checkpoint inputs, RunOptions options) throws IOException {
    return new VisionRun(this, options).run(inputs);
  }

  @Override
  default List<Workload> workloads(WorkloadSizes sizes) {
    return List.of(new Workload("picture", 1, stepCost(), team -> VisionRun.picture(this, team)));
  }
}
