package example.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.xlstm4j.models.Model;
import org.xlstm4j.models.forecast.ForecastModel;
import org.xlstm4j.models.vision.VisionModel;

/**
 * The models of a worker process: each is opened when the first task asks for it, shared by all tasks
 * of the process, and open until the process ends. What is sent to workers is the folder's name
 * alone; the folder is the same on each, or on a shared drive. Weights are mapped, so the processes
 * of a machine share its memory.
 */
final class WorkerModels {
  private static final Map<String, Model> OPEN = new ConcurrentHashMap<>();

  private static final AtomicInteger OPENED = new AtomicInteger();

  private WorkerModels() {}

  static ForecastModel forecasts(String folder) {
    return (ForecastModel) OPEN.computeIfAbsent(folder, path -> open(() -> ForecastModel.open(Path.of(path))));
  }

  static VisionModel pictures(String folder) {
    return (VisionModel) OPEN.computeIfAbsent(folder, path -> open(() -> VisionModel.open(Path.of(path))));
  }

  /** How often a model was opened in this process. */
  static int opened() {
    return OPENED.get();
  }

  private static Model open(Opener opener) {
    OPENED.incrementAndGet();
    try {
      return opener.open();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private interface Opener {
    Model open() throws IOException;
  }
}
