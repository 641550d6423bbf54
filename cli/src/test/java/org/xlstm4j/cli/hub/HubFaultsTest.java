package org.xlstm4j.cli.hub;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers and networks that fail, err or lie. */
@Tag("slow")
class HubFaultsTest {
  private static final String WEIGHTS = "model.safetensors";

  @TempDir private Path temporary;
  private FakeHub hub;

  @BeforeEach
  void open() {
    hub = new FakeHub(temporary.resolve("home"));
  }

  @AfterEach
  void close() {
    hub.close();
  }

  private void assertRefused(String... words) throws IOException {
    IOException refused = assertThrows(IOException.class, hub::run);
    for (String word : words) {
      assertTrue(refused.getMessage().contains(word), word + " is not in " + refused.getMessage());
    }
    assertEquals(null, hub.cache().find());
    assertNothingOutside();
  }

  /** No file lies anywhere but in the model's folder and that of its locks. */
  private void assertNothingOutside() throws IOException {
    try (Stream<Path> all = Files.walk(temporary)) {
      List<Path> outside =
          all.filter(path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
              .filter(path -> !path.startsWith(hub.folder()))
              .filter(path -> !path.endsWith("xlstm.lock"))
              .toList();
      assertEquals(List.of(), outside);
    }
  }

  private void assertNothingOfWeights() {
    Path blob = hub.folder().resolve("blobs").resolve(hub.digest(WEIGHTS));
    assertFalse(Files.exists(blob));
    assertFalse(Files.exists(blob.resolveSibling(blob.getFileName() + ".incomplete")));
  }

  private void assertWeights() throws IOException {
    assertArrayEquals(
        hub.files.get(WEIGHTS), Files.readAllBytes(hub.cache().find().resolve(WEIGHTS)));
  }

  @Test
  void aConnectionThatBreaksIsContinued() throws IOException {
    AtomicInteger count = new AtomicInteger();
    hub.storageFault =
        request ->
            count.incrementAndGet() < 8
                ? FakeHub.part(request, hub.files.get(WEIGHTS)).cutAfter(40_000)
                : null;
    hub.run();
    assertWeights();
    List<Integer> starts = hub.storage.requests().stream().map(FakeServer.Request::from).toList();
    assertEquals(List.of(0, 40_000, 80_000, 120_000, 160_000, 200_000, 240_000, 280_000), starts);
    assertEquals(List.of(1L), hub.waits.stream().map(Duration::toSeconds).distinct().toList());
  }

  @Test
  void aConnectionThatBringsNothingIsGivenUp() throws IOException {
    hub.storageFault = request -> FakeHub.part(request, hub.files.get(WEIGHTS)).cutAfter(0);
    assertRefused(WEIGHTS, "0 of 300000 bytes", "5 attempts");
    assertEquals(List.of(1L, 2L, 4L, 8L), hub.waits.stream().map(Duration::toSeconds).toList());
  }

  @Test
  void aServerThatFallsSilentIsLeft() throws IOException {
    AtomicInteger count = new AtomicInteger();
    hub.storageFault =
        request -> {
          FakeServer.Response whole = FakeHub.part(request, hub.files.get(WEIGHTS));
          return count.incrementAndGet() == 1 ? whole.slowly(3000) : whole;
        };
    hub.run();
    assertEquals(8192, hub.storage.requests().get(1).from());
    assertWeights();
  }

  @Test
  void aServerThatKnowsNoPartsStartsAgain() throws IOException {
    hub.storageFault =
        request -> {
          FakeServer.Response whole = FakeServer.Response.of(200, hub.files.get(WEIGHTS));
          return hub.storage.requests().size() == 1 ? whole.cutAfter(1000) : whole;
        };
    hub.run();
    assertWeights();
  }

  @Test
  void aServerThatTakesBackWhatItGaveIsGivenUp() throws IOException {
    hub.storageFault =
        request ->
            request.from() > 0
                ? FakeServer.Response.of(416, "")
                : FakeHub.part(request, hub.files.get(WEIGHTS)).cutAfter(1000);
    assertRefused(WEIGHTS, "5 attempts");
    assertEquals(5, hub.storage.requests().size());
  }

  @Test
  void aPartFromElsewhereIsRefused() throws IOException {
    hub.storageFault =
        request -> {
          byte[] all = hub.files.get(WEIGHTS);
          return request.from() == 0
              ? FakeHub.part(request, all).cutAfter(1000)
              : FakeServer.Response.of(
                  206,
                  Arrays.copyOfRange(all, 1000, all.length),
                  "Content-Range",
                  "bytes 999-299998/300000");
        };
    assertRefused(WEIGHTS, "bytes 999-");
    assertNothingOfWeights();
  }

  @Test
  void anotherContentIsRefused() throws IOException {
    byte[] other = hub.files.get(WEIGHTS).clone();
    other[77]++;
    hub.storageFault = request -> FakeHub.part(request, other);
    assertRefused(WEIGHTS, "digest", hub.digest(WEIGHTS));
    assertNothingOfWeights();
    assertEquals(1, hub.storage.requests().size());
    hub.storageFault = request -> null;
    hub.run();
    assertWeights();
  }

  @Test
  void anotherSmallFileIsRefused() throws IOException {
    hub.fault =
        request ->
            request.path().endsWith("/config.json")
                ? FakeServer.Response.of(200, "{\"model_type\": \"xlstN\"}")
                : null;
    assertRefused("config.json", "digest", hub.digest("config.json"));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1000, 299_999, 300_001, 2_000_000})
  void anotherLengthIsRefused(int length) throws IOException {
    byte[] other = FakeHub.random(length);
    hub.storageFault = request -> FakeHub.part(request, other);
    assertRefused(WEIGHTS, length + " bytes", "300000");
    assertNothingOfWeights();
  }

  @Test
  void moreThanTheListSaysIsNotRead() throws IOException {
    hub.storageFault =
        request -> FakeServer.Response.of(200, FakeHub.random(5_000_000)).announcing(-1);
    assertRefused(WEIGHTS, "more than the 300000 bytes");
    assertNothingOfWeights();
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 429, 500, 502, 503, 504})
  void aServerInTroubleIsAskedAgainButNotForever(int status) throws IOException {
    AtomicInteger count = new AtomicInteger();
    hub.fault =
        request ->
            count.incrementAndGet() % 3 == 0 ? null : FakeServer.Response.of(status, "later");
    hub.run();
    assertWeights();
    hub.commit = "a".repeat(40);
    hub.waits.clear();
    hub.fault = request -> FakeServer.Response.of(status, "");
    IOException refused = assertThrows(IOException.class, hub::run);
    assertTrue(refused.getMessage().contains("status " + status), refused.getMessage());
    assertEquals(4, hub.waits.size());
  }

  @Test
  void aServersWishForAPauseIsObeyed() throws IOException {
    hub.fault =
        request ->
            hub.server.requests().size() == 1
                ? FakeServer.Response.of(429, "", "Retry-After", "17")
                : null;
    hub.run();
    assertEquals(List.of(Duration.ofSeconds(17)), hub.waits);
  }

  @Test
  void aTimeToComeBackIsObeyed() throws IOException {
    String time =
        DateTimeFormatter.RFC_1123_DATE_TIME.format(
            ZonedDateTime.now(ZoneOffset.UTC).plusSeconds(60));
    hub.fault =
        request ->
            hub.server.requests().size() == 1
                ? FakeServer.Response.of(503, "", "Retry-After", time)
                : null;
    hub.run();
    assertTrue(hub.waits.get(0).toSeconds() > 50 && hub.waits.get(0).toSeconds() <= 60);
  }

  @ParameterizedTest
  @ValueSource(strings = {"86400", "99999999999999999999", "Fri, 31 Dec 9999 23:59:59 GMT"})
  void aLongPauseIsTheUsersToMake(String wish) throws IOException {
    hub.fault = request -> FakeServer.Response.of(429, "", "Retry-After", wish);
    assertRefused("429", "try again in");
    assertTrue(hub.waits.isEmpty());
  }

  @ParameterizedTest
  @CsvSource({
    "401, GatedRepo, conditions, HF_TOKEN",
    "403, GatedRepo, conditions, /org/model",
    "401, RepoNotFound, no such model, HF_TOKEN",
    "401, '', private, HF_TOKEN",
    "404, RepoNotFound, no such model, check the name",
    "404, '', no such model, check the name",
    "404, RevisionNotFound, no revision 'main', /org/model",
    "403, DisabledRepo, status 403, why",
    "418, '', status 418, why",
  })
  void aRefusalSaysWhatToDo(int status, String code, String first, String second)
      throws IOException {
    hub.fault =
        request ->
            FakeServer.Response.of(status, "", "X-Error-Code", code, "X-Error-Message", "why");
    assertRefused("org/model: ", first, second);
    assertTrue(hub.waits.isEmpty());
    assertFalse(Files.exists(hub.folder()));
  }

  @Test
  void aRefusalWithATokenSpeaksOfItsAccount() throws IOException {
    hub.variables.put("HF_TOKEN", "hf_secret");
    for (String code : new String[] {"GatedRepo", "RepoNotFound"}) {
      hub.fault = request -> FakeServer.Response.of(401, "", "X-Error-Code", code);
      assertRefused("account of the token in use");
    }
    assertEquals("Bearer hf_secret", hub.server.requests().get(0).headers().get("authorization"));
  }

  @Test
  void thePermissionOfTheStorageMayEndAndIsAskedForAnew() throws IOException {
    hub.storageFault =
        request ->
            hub.storage.requests().size() == 1
                ? FakeHub.part(request, hub.files.get(WEIGHTS)).cutAfter(5000)
                : hub.storage.requests().size() == 2 ? FakeServer.Response.of(403, "") : null;
    hub.run();
    assertWeights();
    assertEquals(3, hub.server.requests(WEIGHTS).size());
  }

  @Test
  void theTokenGoesToTheHubAlone() throws IOException {
    hub.variables.put("HF_TOKEN", "hf_secret");
    hub.run();
    assertFalse(hub.server.requests().isEmpty());
    for (FakeServer.Request request : hub.server.requests()) {
      assertEquals("Bearer hf_secret", request.headers().get("authorization"));
    }
    assertEquals(1, hub.storage.requests().size());
    assertFalse(hub.storage.requests().toString().contains("hf_secret"));
  }

  /** Another name is another host, although it leads to the same server here. */
  @Test
  void theTokenDoesNotFollowARedirectToAnotherName() throws IOException {
    hub.variables.put("HF_TOKEN", "hf_secret");
    String moved = "http://localhost:" + hub.server.port() + "/moved";
    hub.fault =
        request ->
            request.path().equals("/moved")
                ? FakeHub.part(request, hub.files.get(WEIGHTS))
                : request.path().endsWith(WEIGHTS)
                    ? FakeServer.Response.of(302, "", "Location", moved)
                    : null;
    hub.run();
    assertWeights();
    FakeServer.Request request = hub.server.requests("/moved").getFirst();
    assertFalse(request.toString().contains("hf_secret"));
  }

  @Test
  void theTokenDoesNotFollowTheList() throws IOException {
    hub.variables.put("HF_TOKEN", "hf_secret");
    String page = hub.storage.address() + "/page";
    hub.storageFault =
        request -> request.path().equals("/page") ? FakeServer.Response.of(200, "[]") : null;
    hub.fault =
        request ->
            request.path().contains("/tree/")
                ? FakeServer.Response.of(200, hub.list(), "Link", "<" + page + ">; rel=\"next\"")
                : null;
    hub.run();
    assertEquals(1, hub.storage.requests("/page").size());
    assertFalse(hub.storage.requests().toString().contains("hf_secret"));
  }

  @Test
  void theTokenIsNotSentWhereOthersListen() throws IOException {
    // a proxy stands for the way to a hub without TLS
    hub.variables.put("HF_TOKEN", "hf_secret");
    hub.variables.put("HF_ENDPOINT", "http://hub.invalid");
    hub.variables.put("HTTP_PROXY", "127.0.0.1:" + hub.server.port());
    hub.fault = request -> FakeServer.Response.of(401, "");
    assertRefused("no such model");
    assertEquals(
        "http://hub.invalid/api/models/org/model/revision/main",
        hub.server.requests().get(0).path());
    assertFalse(hub.server.requests().toString().contains("hf_secret"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"file:///etc/passwd", "ftp://127.0.0.1/x", "http://[", "", ":", "http:", "x y"})
  void aRedirectToNoWebServerIsNotFollowed(String location) throws IOException {
    hub.fault =
        request ->
            request.path().endsWith(WEIGHTS)
                ? FakeServer.Response.of(302, "", "Location", location)
                : null;
    assertRefused("");
    assertTrue(hub.storage.requests().isEmpty());
  }

  @Test
  void redirectsInACircleEnd() throws IOException {
    hub.fault = request -> FakeServer.Response.of(307, "", "Location", "/api/again");
    assertRefused("redirects");
    assertEquals(7, hub.server.requests().size());
  }

  @Test
  void pagesAreReadToTheEnd() throws IOException {
    String second = "/api/models/org/model/tree/" + hub.commit + "?recursive=true&cursor=b";
    hub.fault =
        request ->
            request.path().endsWith("cursor=b")
                ? FakeServer.Response.of(200, "[" + hub.entry(WEIGHTS) + "]")
                : request.path().contains("/tree/")
                    ? FakeServer.Response.of(
                        200,
                        "[" + hub.entry("config.json") + "]",
                        "Link",
                        "<" + hub.server.address() + second + ">; rel=\"next\"")
                    : null;
    assertEquals(2, hub.run().files());
    assertWeights();
  }

  @Test
  void pagesWithoutEndAreRefused() throws IOException {
    AtomicInteger count = new AtomicInteger();
    hub.fault =
        request ->
            request.path().contains("/tree/")
                ? FakeServer.Response.of(
                    200,
                    "[]",
                    "Link",
                    "</api/models/org/model/tree/x?cursor="
                        + count.incrementAndGet()
                        + ">; rel=\"next\"")
                : null;
    assertRefused("more than 100 pages");
    assertEquals(100, count.get());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../x.safetensors",
        "a/../../x.safetensors",
        "/x.safetensors",
        "//server/x.safetensors",
        "..\\\\x.safetensors",
        "a\\\\b.safetensors",
        "C:x.safetensors",
        "c:/x.safetensors",
        ".",
        "..",
        "",
        "a//b",
        "a/",
        "./a",
        "a\\u0000.safetensors",
        "a\\nb.safetensors"
      })
  void aPathThatLeavesTheFolderIsRefused(String path) throws IOException {
    hub.fault =
        request ->
            request.path().contains("/tree/")
                ? FakeServer.Response.of(
                    200, "[" + hub.entry("config.json") + "," + entry(path, "300000") + "]")
                : null;
    assertRefused("outside the model's folder");
    assertFalse(Files.exists(hub.folder()));
  }

  private String entry(String path, String size) {
    return hub.entry(WEIGHTS)
        .replace("\"path\":\"" + WEIGHTS + "\"", "\"path\":\"" + path + "\"")
        .replace(":300000", ":" + size);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"-1", "9223372036854775807", "99999999999999999999999", "1e300", "\"5\"", "null"})
  void anAbsurdSizeIsRefused(String size) throws IOException {
    hub.fault =
        request ->
            request.path().contains("/tree/")
                ? FakeServer.Response.of(200, "[" + entry(WEIGHTS, size) + "]")
                : null;
    assertRefused(WEIGHTS, "size");
  }

  @Test
  void aModelThatTheDiskCannotHoldIsRefusedBeforehand() throws IOException {
    hub.fault =
        request ->
            request.path().contains("/tree/")
                ? FakeServer.Response.of(200, "[" + entry(WEIGHTS, "1000000000000000") + "]")
                : null;
    assertRefused("needs 1000000000000000 bytes more");
    assertTrue(hub.storage.requests().isEmpty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"../../../../x", "", "ABCDEF", "g", "sha256:00"})
  void aDigestThatIsNoneIsRefused(String digest) throws IOException {
    hub.fault =
        request ->
            request.path().contains("/tree/")
                ? FakeServer.Response.of(200, hub.list().replace(hub.digest(WEIGHTS), digest))
                : null;
    assertRefused(WEIGHTS, "found no SHA-1 or SHA-256");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[",
        "{",
        "null",
        "7",
        "{}",
        "[7]",
        "[{]",
        "[] []",
        "[{\"type\":\"file\"}]",
        "[{\"type\":\"file\",\"path\":\"a\",\"path\":\"b\"}]",
        "<html>sign in</html>",
        "\u0000\u0001"
      })
  void whatIsNoListIsRefused(String text) throws IOException {
    hub.fault =
        request -> request.path().contains("/tree/") ? FakeServer.Response.of(200, text) : null;
    assertRefused("");
    hub.fault =
        request -> request.path().contains("/revision/") ? FakeServer.Response.of(200, text) : null;
    assertRefused("");
    assertFalse(Files.exists(hub.folder()));
  }

  @Test
  void deepAndEndlessAnswersAreRefused() throws IOException {
    String deep = "[{\"x\":" + "[".repeat(1_000_000);
    hub.fault =
        request -> request.path().contains("/tree/") ? FakeServer.Response.of(200, deep) : null;
    assertRefused("no JSON");
    byte[] blanks = new byte[40_000_000];
    Arrays.fill(blanks, (byte) ' ');
    hub.fault = request -> FakeServer.Response.of(200, blanks).announcing(-1);
    assertRefused("more than");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../../x", "main", "", "0123456789ABCDEF0123456789ABCDEF01234567"})
  void aCommitThatIsNoneIsRefused(String commit) throws IOException {
    hub.commit = commit;
    assertRefused("names no commit");
  }

  @Test
  void aFileThatIsTwiceInTheListIsRefused() throws IOException {
    hub.fault =
        request ->
            request.path().contains("/tree/")
                ? FakeServer.Response.of(
                    200, "[" + hub.entry(WEIGHTS) + "," + hub.entry(WEIGHTS) + "]")
                : null;
    assertRefused(WEIGHTS, "twice");
  }

  @Test
  void aFolderThatIsALinkLeadsNowhere() throws IOException {
    Path elsewhere = Files.createDirectory(temporary.resolve("elsewhere"));
    hub.files.put("folder/config.yaml", new byte[] {1});
    hub.cache().create();
    Path snapshot = Files.createDirectories(hub.cache().snapshot(hub.commit));
    Files.createSymbolicLink(snapshot.resolve("folder"), elsewhere);
    Pull pull = new Pull(hub.environment(), FakeHub.name("org/model"), true, hub.waits::add, 1000);
    IOException refused = assertThrows(IOException.class, () -> pull.run((done, total) -> {}));
    assertTrue(refused.getMessage().contains("leads out"), refused.getMessage());
    assertNothingOutside();
  }

  @Test
  void aPartThatIsALinkIsNotWrittenThrough() throws IOException {
    hub.cache().create();
    Path other = Files.write(temporary.resolve("home/other"), new byte[] {1, 2, 3});
    Path blobs = hub.folder().resolve("blobs");
    Files.createSymbolicLink(blobs.resolve(hub.digest(WEIGHTS) + ".incomplete"), other);
    assertThrows(IOException.class, hub::run);
    assertArrayEquals(new byte[] {1, 2, 3}, Files.readAllBytes(other));
  }

  @Test
  void aServerThatIsNoneIsALine() throws IOException {
    int port = hub.storage.port();
    hub.storage.close();
    hub.variables.put("HF_ENDPOINT", "http://127.0.0.1:" + port);
    assertRefused("127.0.0.1", "cannot be reached", "5 attempts");
    hub.variables.put("HF_ENDPOINT", "http://no-such-host.invalid");
    assertRefused("no-such-host.invalid", "no such server");
  }
}
