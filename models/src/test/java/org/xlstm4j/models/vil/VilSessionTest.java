package org.xlstm4j.models.vil;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.xlstm4j.engine.WarmUp;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.models.image.Image;
import org.xlstm4j.models.testing.Golden;
import org.xlstm4j.models.testing.VilGolden;
import org.xlstm4j.models.vision.PictureBatch;
import org.xlstm4j.models.vision.VisionModel;
import org.xlstm4j.models.vision.VisionSession;

/** What a camera loop relies on: frame after frame in the same buffers. */
@Tag("slow")
class VilSessionTest {
  private static final Path FOLDER = Golden.pretrained("vil-fashion");

  private static Image camera(int height, int width) {
    Image frame = new Image(new byte[height * width * 3], height, width, 3);
    new Random(height).nextBytes(frame.data());
    return frame;
  }

  @Test
  void aFrameAllocatesNothing() throws IOException {
    assertTrue(WarmUp.complete() != WarmUp.Result.RUNNING);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (VisionModel model = VisionModel.open(FOLDER)) {
      VisionSession session = model.newSession(Team.of(1));
      Image frame = camera(48, 64);
      Random camera = new Random(1);
      long least = Long.MAX_VALUE;
      long end = System.nanoTime() + 60_000_000_000L; // the JIT may be slow to come
      while (least > 0 && System.nanoTime() < end) {
        camera.nextBytes(frame.data());
        long before = threads.getCurrentThreadAllocatedBytes();
        session.run(frame);
        session.features();
        least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
      }
      assertEquals(0, least, "bytes a frame");
    }
  }

  @Test
  void aBatchGivesWhatASessionGives() throws IOException {
    WarmUp.complete();
    int count = 9;
    try (VisionModel model = VisionModel.open(FOLDER)) {
      float[][] outputs = new float[count][];
      int[] failures = new int[count];
      PictureBatch.Results results =
          new PictureBatch.Results() {
            @Override
            public void done(int index, float[] output, VisionSession session) {
              outputs[index] = output.clone();
            }

            @Override
            public void failed(int index, Exception failure) {
              failures[index]++;
            }
          };
      PictureBatch.Pictures pictures =
          index -> {
            if (index == 4) {
              throw new IOException("no picture");
            }
            return camera(30 + index, 40);
          };
      PictureBatch.run(model, Team.of(2), count, pictures, results);
      VisionSession session = model.newSession(Team.of(1));
      for (int i = 0; i < count; i++) {
        assertEquals(i == 4 ? 1 : 0, failures[i]);
        if (i != 4) {
          float[] alone = session.run(camera(30 + i, 40));
          VilGolden.assertClose("picture " + i, alone, outputs[i]);
        }
      }
    }
  }
}
