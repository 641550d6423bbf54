package org.xlstm4j.models.language;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.RepeatedTest;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.models.testing.Golden;

/** A model that is closed while another thread steps: an exception there, and no crash. */
class ClosedModelTest {
  @RepeatedTest(20)
  void closingWaitsForTheKernelThatReads() throws Exception {
    LanguageModel model = LanguageModel.open(Golden.root().resolve("xlstm").resolve("hf_single"));
    LanguageSession session = model.newSession(Team.of(1));
    CountDownLatch stepping = new CountDownLatch(3);
    try (ExecutorService executor = Executors.newSingleThreadExecutor()) {
      Future<?> steps =
          executor.submit(
              () -> {
                while (true) {
                  session.step(1);
                  stepping.countDown();
                }
              });
      stepping.await();
      model.close();
      assertInstanceOf(IllegalStateException.class, failure(steps));
    }
  }

  private static Throwable failure(Future<?> steps) throws InterruptedException {
    try {
      steps.get();
      throw new AssertionError("steps of a closed model go on");
    } catch (ExecutionException e) {
      return e.getCause();
    }
  }
}
