package org.xlstm4j.models.vision;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.models.image.Image;

/**
 * Many pictures through one model, several at once: each thread reads and runs its own pictures, so
 * that threads do not wait for each other within a picture. A single picture gets all threads.
 */
public final class PictureBatch {
  private PictureBatch() {}

  /** Where the pictures come from. Called from several threads at once. */
  public interface Pictures {
    /**
     * Reads a picture.
     *
     * @param index from 0
     * @return the decoded picture
     * @throws IOException if there is none
     */
    Image read(int index) throws IOException;
  }

  /** What becomes of the results. Called from several threads at once, in any order. */
  public interface Results {
    /**
     * Takes a result.
     *
     * @param index of the picture
     * @param output of the model, valid during the call
     * @param session whose features are those of this picture during the call
     */
    void done(int index, float[] output, VisionSession session);

    /**
     * Takes note of a picture that could not be read or run.
     *
     * @param index of the picture
     * @param failure why
     */
    void failed(int index, Exception failure);
  }

  /**
   * Runs pictures of any size, prepared as the configuration says.
   *
   * @param model runs them
   * @param team the threads; returns when all pictures are done
   * @param count number of pictures
   * @param pictures gives them
   * @param results takes what the model says
   */
  public static void run(
      VisionModel model, Team team, int count, Pictures pictures, Results results) {
    AtomicInteger next = new AtomicInteger();
    if (count < 2 || team.size() == 1) {
      runSome(model.newSession(team), next, count, pictures, results);
    } else {
      Team alone = Team.of(1);
      team.run(
          (member, members) -> {
            if (next.get() < count) {
              runSome(model.newSession(alone), next, count, pictures, results);
            }
          });
    }
  }

  private static void runSome(
      VisionSession session, AtomicInteger next, int count, Pictures pictures, Results results) {
    for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
      float[] output;
      try {
        output = session.run(pictures.read(i));
      } catch (IOException | IllegalArgumentException | IllegalStateException e) {
        results.failed(i, e);
        continue;
      } catch (OutOfMemoryError e) {
        results.failed(i, new IOException("too large for the memory there is", e));
        continue;
      }
      results.done(i, output, session);
    }
  }
}
