package org.xlstm4j.cli.options;

import java.io.IOException;
import java.nio.file.Path;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.loader.files.LoadOption;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options of commands that run a model. */
public final class ModelOptions {
  @Option(
      names = {"-m", "--model"},
      paramLabel = "MODEL",
      description =
          "Model folder, name of a shipped model (see xlstm models), or ORG/NAME of a pulled one.")
  private String model = "";

  @Mixin private LoadOptions load = new LoadOptions();
  @Mixin private ThreadsOption threads = new ThreadsOption();
  @Mixin private BackendOption backend = new BackendOption();

  @Mixin
  @SuppressWarnings("UnusedVariable") // it takes effect when it is read
  private KernelsOption kernels = new KernelsOption();

  /** The model's folder: the one asked for, or the shipped default. */
  public Path folder(String otherwise) throws IOException {
    return ModelLocator.ofProcess().find(model.isEmpty() ? otherwise : model);
  }

  /** The model's folder, which must have been given. */
  public Path folder() throws IOException {
    if (model.isEmpty()) {
      throw new UsageException("-m MODEL is missing");
    }
    return folder(model);
  }

  /** How the model's files are opened. */
  public LoadOption[] load() {
    return load.options();
  }

  /** The threads to compute with; the back end asked for is in use from then on. */
  public Team team() throws IOException {
    backend.use();
    return threads.team();
  }

  /** As {@link #team()}, but a team of this size if none was asked for. */
  public Team teamOr(int otherwise) throws IOException {
    backend.use();
    return threads.teamOr(otherwise);
  }
}
