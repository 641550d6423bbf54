package org.xlstm4j.cli.hub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.xlstm4j.cli.process.ExitStatus;

/** {@code xlstm pull} as a process of its own, with an environment and an end of its own. */
@Tag("slow")
@EnabledOnOs(OS.LINUX)
class PullProcessTest {
  private static final String WEIGHTS = "model.safetensors";

  @TempDir private Path temporary;
  private FakeHub hub;

  @BeforeEach
  void open() {
    hub = new FakeHub(temporary.resolve("home"));
    hub.variables.put("HF_TOKEN", "hf_secret");
  }

  @AfterEach
  void close() {
    hub.close();
  }

  private Process start(String... arguments) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:-UsePerfData",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--add-modules=jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED",
            "org.xlstm4j.cli.Main");
    builder.command().addAll(List.of(arguments));
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(name -> name.startsWith("HF_") || name.endsWith("_proxy"));
    environment.keySet().removeIf(name -> name.endsWith("_PROXY"));
    environment.putAll(hub.variables);
    environment.put("CLASSPATH", System.getProperty("java.class.path"));
    builder.redirectOutput(temporary.resolve("stdout").toFile());
    builder.redirectError(temporary.resolve("stderr").toFile());
    return builder.start();
  }

  private void assertEnds(int status, String... arguments) throws Exception {
    Process process = start(arguments);
    try {
      assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    } finally {
      process.destroyForcibly();
    }
    assertEquals(status, process.exitValue(), err());
    assertFalse((out() + err()).contains("hf_secret"));
  }

  private String out() throws IOException {
    return Files.readString(temporary.resolve("stdout"));
  }

  /** Standard error without the JVM's own line. */
  private String err() throws IOException {
    try (Stream<String> lines = Files.lines(temporary.resolve("stderr"), UTF_8)) {
      return String.join("\n", lines.filter(line -> !line.startsWith("WARNING: Using")).toList());
    }
  }

  private void assertWeights() throws IOException {
    Path folder = hub.cache().find();
    assertArrayEquals(hub.files.get(WEIGHTS), Files.readAllBytes(folder.resolve(WEIGHTS)));
  }

  @Test
  void theFolderIsTheResult() throws Exception {
    assertEnds(ExitStatus.FAILED, "pull", "org/model", "--offline");
    assertTrue(err().startsWith("xlstm: org/model: not in "), err());
    assertEquals(0, hub.server.requests().size());

    assertEnds(ExitStatus.DONE, "pull", "org/model");
    assertEquals("", err());
    assertEquals(hub.cache().find() + "\n", out());
    assertWeights();

    int asked = hub.server.requests().size();
    assertEnds(ExitStatus.DONE, "pull", "org/model", "--offline");
    assertEquals(hub.cache().find() + "\n", out());
    assertEquals(asked, hub.server.requests().size());

    assertEnds(ExitStatus.DONE, "pull", "org/model", "--json");
    assertTrue(out().contains("\"commit\":\"" + hub.commit + "\""), out());
    assertTrue(out().contains("\"received\":0"), out());
  }

  @Test
  void aPulledModelIsOpenedByItsName() throws Exception {
    assertEnds(ExitStatus.FAILED, "inspect", "org/model");
    assertTrue(err().contains("xlstm pull org/model"), err());
    assertEquals(0, hub.server.requests().size());
    Path model = Path.of(System.getProperty("xlstm4j.pretrained"), "xlstm-large-mini-q8");
    hub.files.clear();
    for (String name : List.of("config.json", "tokenizer.json", WEIGHTS)) {
      hub.files.put(name, Files.readAllBytes(model.resolve(name)));
    }
    assertEnds(ExitStatus.DONE, "pull", "org/model");
    assertEnds(ExitStatus.DONE, "generate", "-m", "org/model", "-p", "It", "-n", "3");
    assertTrue(out().length() > 1, out());
  }

  @Test
  void whatFailsIsOneLine() throws Exception {
    hub.fault =
        request ->
            FakeServer.Response.of(
                403, "", "X-Error-Code", "Other", "X-Error-Message", "\u001b[31mred\u0007");
    assertEnds(ExitStatus.FAILED, "pull", "org/model");
    assertEquals(1, err().lines().count());
    assertTrue(err().startsWith("xlstm: org/model: 127.0.0.1 answered with status 403"), err());
    assertEquals(-1, err().indexOf('\u001b'));
  }

  /** The part that is there counts: each process asks for what the one before had not yet. */
  @Test
  void aPullThatIsKilledGoesOn() throws Exception {
    hub.files.put(WEIGHTS, FakeHub.random(1_000_000));
    hub.storageFault = request -> FakeHub.part(request, hub.files.get(WEIGHTS)).slowly(30);
    int kills = 4;
    for (int kill = 0; kill < kills; kill++) {
      Process process = start("pull", "org/model");
      try {
        long before = partial();
        for (int wait = 0; wait < 3000 && partial() < before + 40_000; wait++) {
          assertTrue(process.isAlive(), err());
          Thread.sleep(5);
        }
      } finally {
        process.destroyForcibly();
        assertTrue(process.waitFor(30, TimeUnit.SECONDS));
      }
      assertEquals(null, hub.cache().find());
    }
    hub.storageFault = request -> null;
    assertEnds(ExitStatus.DONE, "pull", "org/model");
    assertWeights();
    List<Integer> starts = hub.storage.requests().stream().map(FakeServer.Request::from).toList();
    assertEquals(kills + 1, starts.size());
    for (int i = 1; i < starts.size(); i++) {
      assertTrue(starts.get(i) >= starts.get(i - 1) + 40_000, starts.toString());
    }
  }

  /** Whenever it is killed, the model is whole or not there, and the next pull makes it whole. */
  @Test
  void aPullThatIsKilledAtAnyMomentLeavesNothingHalfDone() throws Exception {
    hub.storageFault = request -> FakeHub.part(request, hub.files.get(WEIGHTS)).slowly(3);
    for (int milliseconds = 60; milliseconds < 800; milliseconds += 140) {
      Process process = start("pull", "org/model");
      boolean ended = process.waitFor(milliseconds, TimeUnit.MILLISECONDS);
      process.destroyForcibly();
      assertTrue(process.waitFor(30, TimeUnit.SECONDS));
      if (hub.cache().find() != null) {
        assertWhole();
        Files.delete(hub.folder().resolve("refs").resolve("main"));
        Files.delete(hub.folder().resolve("blobs").resolve(hub.digest(WEIGHTS)));
      } else {
        assertFalse(ended, err());
      }
    }
    assertEnds(ExitStatus.DONE, "pull", "org/model");
    assertWhole();
  }

  private void assertWhole() throws IOException {
    Path folder = hub.cache().find();
    for (String name : List.of("config.json", "tokenizer.json", WEIGHTS)) {
      assertArrayEquals(hub.files.get(name), Files.readAllBytes(folder.resolve(name)), name);
    }
  }

  private long partial() throws IOException {
    Path file = hub.folder().resolve("blobs").resolve(hub.digest(WEIGHTS) + ".incomplete");
    return Files.exists(file) ? Files.size(file) : 0;
  }

  /** The second waits for the first, and finds what it got. */
  @Test
  void twoPullsOfAModelGetItOnce() throws Exception {
    hub.storageFault = request -> FakeHub.part(request, hub.files.get(WEIGHTS)).slowly(20);
    Process first = start("pull", "org/model");
    try {
      for (int wait = 0; wait < 3000 && partial() == 0; wait++) {
        Thread.sleep(5);
      }
      assertEnds(ExitStatus.DONE, "pull", "org/model");
      assertTrue(first.waitFor(60, TimeUnit.SECONDS));
      assertEquals(ExitStatus.DONE, first.exitValue());
    } finally {
      first.destroyForcibly();
    }
    assertWeights();
    assertEquals(1, hub.storage.requests().size());
  }
}
