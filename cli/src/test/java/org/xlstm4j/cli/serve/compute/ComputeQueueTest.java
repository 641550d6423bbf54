package org.xlstm4j.cli.serve.compute;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.xlstm4j.cli.serve.http.ApiException;
import org.xlstm4j.cli.serve.http.TestExchange;

/** The end of a queue: whoever waits, or comes too late, learns of it at once. */
@Timeout(30)
class ComputeQueueTest {
  private static final Work<String> NOTHING = demand -> "";

  private static CompletableFuture<Integer> status(ComputeQueue queue, Work<String> work) {
    CompletableFuture<Integer> status = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                queue.run(TestExchange.create(), work);
                status.complete(200);
              } catch (ApiException e) {
                status.complete(e.status());
              } catch (Exception e) {
                status.completeExceptionally(e);
              }
            });
    return status;
  }

  /** The same, as soon as a thread of the queue is at it. */
  private static CompletableFuture<Integer> statusOfBegun(ComputeQueue queue, Work<String> work)
      throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    CompletableFuture<Integer> status =
        status(
            queue,
            demand -> {
              begun.countDown();
              return work.run(demand);
            });
    begun.await();
    return status;
  }

  @Test
  void requestsAfterTheEndAreRefused() {
    ComputeQueue queue = new ComputeQueue(1, 1);
    queue.close();
    for (int i = 0; i < 3; i++) { // one more than there is room for
      ApiException refused =
          assertThrows(ApiException.class, () -> queue.run(TestExchange.create(), NOTHING));
      assertEquals("the server is about to end", refused.getMessage());
      assertEquals(503, refused.status());
    }
    assertEquals(0, queue.waiting());
  }

  @Test
  void theEndReachesRequestsThatWaitAndThatAreComputed()
      throws ExecutionException, InterruptedException {
    ComputeQueue queue = new ComputeQueue(1, 1);
    CompletableFuture<Integer> computed =
        statusOfBegun(
            queue,
            demand -> {
              while (true) {
                demand.require();
                Thread.onSpinWait();
              }
            });
    CompletableFuture<Integer> waits = status(queue, NOTHING);
    while (queue.waiting() == 0) {
      Thread.onSpinWait();
    }
    queue.close();
    assertEquals(503, computed.get());
    assertEquals(503, waits.get());
    assertEquals(0, queue.running());
  }

  @Test
  void workThatLosesAnInterruptDoesNotHoldUpTheEnd()
      throws ExecutionException, InterruptedException {
    ComputeQueue queue = new ComputeQueue(1, 1);
    CompletableFuture<Integer> computed =
        statusOfBegun(
            queue,
            demand -> {
              while (!Thread.interrupted()) {
                Thread.onSpinWait();
              }
              return "";
            });
    queue.close();
    assertNotNull(computed.get());
  }
}
