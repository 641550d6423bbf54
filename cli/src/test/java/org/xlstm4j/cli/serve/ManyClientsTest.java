package org.xlstm4j.cli.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.xlstm4j.cli.serve.http.HttpLimits;
import org.xlstm4j.cli.serve.language.StateLimits;
import org.xlstm4j.cli.serve.language.TextLimits;

/** More clients than can be served at a time, and a server that is to end. */
@Tag("slow")
@Timeout(120)
class ManyClientsTest {
  private static final String PATH = "/v1/completions";

  private static String text(int tokens) {
    return "{\"prompt\": \"Once upon a time\", \"temperature\": 0, \"max_tokens\": " + tokens + "}";
  }

  /**
   * Those that are taken in get the same text as ever; the others get 503 and a time to try again.
   */
  @Test
  void tenTimesTheLoadFailsNoRequestThatWasTakenIn() throws Exception {
    TextLimits limits = new TextLimits(2, 4, 1000, StateLimits.usual());
    try (TestServer server = TestServer.start(TestServer.OPEN, HttpLimits.usual(), limits);
        ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<HttpResponse<String>>> answers = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        answers.add(clients.submit(() -> server.post(PATH, text(200))));
      }
      int done = 0;
      Set<String> texts = new HashSet<>();
      for (Future<HttpResponse<String>> answer : answers) {
        HttpResponse<String> response = answer.get();
        if (response.statusCode() == 200) {
          done++;
          texts.add(response.body().replaceAll(".*\"text\":\"(.*?)\",\"index.*", "$1"));
        } else {
          assertEquals(503, response.statusCode(), response.body());
          String wait = response.headers().firstValue("Retry-After").orElse("");
          assertTrue(wait.matches("[1-9][0-9]*"), wait);
          assertTrue(response.body().contains("\"code\":\"overloaded\""), response.body());
        }
      }
      assertTrue(done >= 6 && done < 60, done + " of 60");
      assertEquals(1, texts.size(), texts.toString());
      assertEquals(60 - done, server.metric("xlstm_requests_refused_total"));
    }
  }

  @Test
  void aRequestOfManyTextsDoesNotKeepOthersOut() throws Exception {
    TextLimits limits = new TextLimits(1, 8, 10_000, StateLimits.usual());
    try (TestServer server = TestServer.start(TestServer.OPEN, HttpLimits.usual(), limits);
        ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      String many = text(500).replace("}", ", \"n\": 32}");
      Future<HttpResponse<String>> first = clients.submit(() -> server.post(PATH, many));
      server.await("xlstm_texts_running", 1);
      assertEquals(200, server.post(PATH, text(5)).statusCode());
      assertFalse(first.isDone());
      first.cancel(true);
    }
  }

  @Test
  void aServerThatEndsLetsRequestsEndAndTakesNoMore() throws Exception {
    try (TestServer server = TestServer.start();
        ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<HttpResponse<String>> running = clients.submit(() -> server.post(PATH, text(200)));
      server.await("xlstm_texts_running", 1);
      Future<Boolean> drained = clients.submit(server.server::drain);
      int status = 200;
      while (status == 200) {
        status = server.get("/health").statusCode();
      }
      assertEquals(503, status);
      HttpResponse<String> refused = server.post(PATH, text(1));
      assertEquals(503, refused.statusCode());
      assertTrue(refused.headers().firstValue("Retry-After").isPresent());
      assertEquals(200, running.get().statusCode());
      assertTrue(drained.get());
    }
  }

  @Test
  void aRequestThatTakesTooLongIsEnded() throws Exception {
    HttpLimits usual = HttpLimits.usual();
    HttpLimits limits =
        new HttpLimits(
            usual.bodyBytes(),
            usual.headerBytes(),
            usual.headers(),
            usual.connections(),
            usual.idle(),
            usual.sending(),
            Duration.ofMillis(300));
    try (TestServer server = TestServer.start(TestServer.OPEN, limits, TestServer.TEXTS)) {
      HttpResponse<String> whole = server.post(PATH, text(900_000));
      assertEquals(504, whole.statusCode());
      assertTrue(whole.body().contains("\"code\":\"timeout\""), whole.body());
      HttpResponse<String> stream =
          server.post(PATH, text(900_000).replace("}", ", \"stream\": true}"));
      assertEquals(200, stream.statusCode());
      assertTrue(stream.body().contains("\"code\":\"timeout\""), stream.body());
      server.await("xlstm_texts_running", 0);
    }
  }
}
