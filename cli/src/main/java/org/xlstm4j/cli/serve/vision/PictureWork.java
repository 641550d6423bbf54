package org.xlstm4j.cli.serve.vision;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.xlstm4j.cli.serve.compute.Demand;
import org.xlstm4j.cli.serve.compute.Work;
import org.xlstm4j.cli.serve.json.JsonException;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.models.image.Image;
import org.xlstm4j.models.image.ImageDecoder;
import org.xlstm4j.models.vision.VisionModel;
import org.xlstm4j.models.vision.VisionSession;

/**
 * Pictures through a model, one after the other: each is decoded when the one before it is done, so
 * that there is one at a time in memory.
 *
 * @param model which
 * @param pictures as they were sent
 * @param team the threads to compute with
 * @param reading takes what is wanted from the session, for each picture
 * @param <T> what that is
 */
public record PictureWork<T>(
    VisionModel model, List<PictureUpload.Picture> pictures, Team team, Reading<T> reading)
    implements Work<List<T>> {
  /** Most pixels of a picture: 96 MB of colors. */
  static final int MOST_PIXELS = 32 << 20;

  /**
   * Takes a result.
   *
   * @param <T> what is wanted of it
   */
  public interface Reading<T> {
    /** What is wanted of a picture that the session has just run. */
    T of(Image picture, float[] output, VisionSession session);
  }

  @Override
  public List<T> run(Demand demand) throws JsonException {
    VisionSession session = model.newSession(team);
    List<T> results = new ArrayList<>();
    for (PictureUpload.Picture picture : pictures) {
      demand.require();
      try {
        Path name = Path.of(pictures.size() == 1 ? "picture" : "picture " + results.size());
        Image image = ImageDecoder.decode(picture.bytes(), name, MOST_PIXELS);
        results.add(reading.of(image, session.run(image), session));
      } catch (IOException | IllegalArgumentException e) {
        throw new JsonException("file", String.valueOf(e.getMessage()));
      }
    }
    return results;
  }
}
