package org.xlstm4j.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.logging.StreamHandler;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xlstm4j.cli.process.ExitStatus;
import org.xlstm4j.cli.terminal.Terminal;
import org.xlstm4j.loader.config.Config;

/** What {@code xlstm act} does when something goes wrong, its recordings and its connections. */
@Tag("slow")
class ActGuardTest {
  private static final String MODEL = Outcome.pretrained("lram-control").toString();
  private static final String RESET = "{\"reset\": {\"task\": \"Pendulum-v1\"}}";
  private static final String GOOD = "{\"observation\": [1, 0, 0.1], \"reward\": -0.5}";
  private static final String OTHER = "{\"observation\": [-1, 0.1, 2], \"reward\": -3}";

  @TempDir private Path temporary;

  private static String[] arguments(String... more) {
    List<String> all = new ArrayList<>(List.of("act", "-m", MODEL, "--warm-up", "0"));
    all.addAll(Arrays.asList(more));
    return all.toArray(String[]::new);
  }

  private static List<String> serve(String input, String... options) {
    List<String> all = new ArrayList<>(List.of("--serve"));
    all.addAll(Arrays.asList(options));
    return Outcome.ofInput(input, arguments(all.toArray(String[]::new)))
        .assertDone()
        .out()
        .lines()
        .toList();
  }

  private Config json(String line) throws IOException {
    return Config.parse(temporary.resolve("answer"), line);
  }

  private float action(String answer) throws IOException {
    return (float) json(answer).numbers("action")[0];
  }

  private String file(String name, String text) throws IOException {
    return Files.writeString(temporary.resolve(name), text).toString();
  }

  private static String lines(String... lines) {
    return String.join("\n", lines) + "\n";
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "{\"observation\": [1, 0, NaN]}",
        "{\"observation\": [1, null, 0]}",
        "{\"observation\": [1, 0]}",
        "{\"observation\": null}",
        "{\"observation\": [1, [2, 3], 1e300]}",
        "{\"observation\": [1, 0, 1e30]}",
        "{\"observation\": [1, 0, 0.1], \"reward\": NaN}",
        "{\"picture\": \"AAAA\"}",
        "{\"picture\": \"?\"}"
      })
  void badObservationsAreBridged(String bad) throws IOException {
    String input = lines(RESET, OTHER, bad, GOOD);
    List<String> held = serve(input, "--bad-observation", "hold");
    assertEquals("running", json(held.get(1)).text("state"));
    assertEquals("held", json(held.get(2)).text("state"));
    assertEquals(action(held.get(1)), action(held.get(2)));
    assertEquals("running", json(held.get(3)).text("state"));
    List<String> last = serve(input, "--bad-observation", "last:3");
    assertEquals("held", json(last.get(2)).text("state"));
    assertTrue(json(last.get(2)).has("action"));
    List<String> rejected = serve(input);
    assertTrue(json(rejected.get(2)).has("error"));
    assertFalse(json(rejected.get(1)).has("state"));
  }

  @Test
  void limitsAreKeptAndAStopGivesTheFallback() throws IOException {
    String limits = file("limits.json", "{\"lowest\": -1, \"rate\": [0.25], \"fallback\": 0.5}");
    String bad = "{\"observation\": [null, 0, 0]}";
    List<String> answers =
        serve(
            lines(
                RESET, bad, GOOD, OTHER, GOOD, OTHER, bad, bad, bad, bad, bad, bad, GOOD, RESET,
                GOOD),
            "--limits",
            limits,
            "--bad-observation",
            "hold:2");
    assertEquals(0.5f, action(answers.get(1)), "the fallback before the first action");
    float before = 0.5f;
    for (int i = 2; i < answers.size(); i++) {
      if (i != 13) {
        float now = action(answers.get(i));
        assertTrue(now >= -1 && Math.abs(now - before) <= 0.25f + 1e-6f, answers.get(i));
        before = now;
      }
    }
    assertEquals("held", json(answers.get(7)).text("state"));
    assertEquals("stopped", json(answers.get(8)).text("state"));
    assertTrue(json(answers.get(8)).text("cause").contains("bad observations"));
    assertEquals("stopped", json(answers.get(12)).text("state"));
    assertEquals("running", json(answers.get(14)).text("state"));
  }

  @Test
  void missedDeadlinesStopOrAreCounted() throws IOException {
    String limits = file("limits.json", "{\"fallback\": 0.125}");
    String input = lines(RESET, GOOD, OTHER, GOOD);
    List<String> counted = serve(input, "--deadline", "0.000001");
    assertEquals(3, json(counted.get(3)).integer("missed", 0, 9));
    List<String> stopped =
        serve(input, "--deadline", "0.000001", "--on-miss", "stop:2", "--limits", limits);
    assertEquals("running", json(stopped.get(1)).text("state"));
    assertEquals(0.125f, action(stopped.get(2)));
    assertTrue(json(stopped.get(2)).text("cause").contains("deadlines"));
    List<String> bare = serve(input, "--deadline", "0.000001", "--on-miss", "stop");
    assertTrue(json(bare.get(1)).text("error").contains("deadlines"), bare.get(1));
  }

  /** A period of which each observation after the first misses the end. */
  @Test
  void lateObservationsAreCountedAndPlayed() throws IOException {
    String limits = file("limits.json", "{\"fallback\": 0.125}");
    String recording = temporary.resolve("run.jsonl").toString();
    List<String> answers =
        serve(
            lines(RESET, GOOD, OTHER, GOOD),
            "--period",
            "0.000001",
            "--on-miss",
            "stop:2",
            "--limits",
            limits,
            "--record",
            recording);
    assertEquals(0, json(answers.get(1)).integer("late", 0, 9));
    assertEquals(1, json(answers.get(2)).integer("late", 0, 9));
    assertEquals("running", json(answers.get(2)).text("state"));
    assertEquals(0.125f, action(answers.get(3)));
    assertEquals(
        "4 answers, all as recorded\n",
        Outcome.of(arguments("--replay", recording)).assertDone().out());
    List<String> calm = serve(lines(RESET, GOOD, OTHER), "--period", "1000000");
    assertEquals(0, json(calm.get(2)).integer("late", 0, 9));
  }

  /** What is logged meanwhile. */
  private static List<String> logged(Runnable work) {
    List<String> logged = new ArrayList<>();
    Handler handler =
        new StreamHandler() {
          @Override
          public synchronized void publish(LogRecord line) {
            logged.add(new SimpleFormatter().formatMessage(line));
          }
        };
    Logger logger = Logger.getLogger("org.xlstm4j.cli.act");
    logger.addHandler(handler);
    try {
      work.run();
    } finally {
      logger.removeHandler(handler);
    }
    return logged;
  }

  /** The first, the second, the fourth. */
  @Test
  void missedDeadlinesAreLogged() {
    List<String> logged =
        logged(() -> serve(lines(RESET, GOOD, OTHER, GOOD, GOOD, GOOD), "--deadline", "0.000001"));
    assertEquals(3, logged.size(), logged.toString());
    assertTrue(logged.get(2).matches("step 4 .* missed: 4"), logged.get(2));
  }

  /** Each session has its own count, and a stop is said once. */
  @Test
  void stopsAreLoggedAndTasksCountedApart() {
    String other = "{\"reset\": {\"task\": \"CartPole-v1\"}}";
    String cart = "{\"observation\": [0, 0, 0, 0]}";
    String[] options = {"--deadline", "0.000001", "--on-miss", "stop:2"};
    List<String> logged =
        logged(() -> serve(lines(RESET, GOOD, other, cart, cart, cart, RESET, GOOD), options));
    assertEquals(5, logged.size(), logged.toString());
    assertTrue(logged.get(0).matches("step 1 .* missed: 1"), logged.get(0));
    assertTrue(logged.get(1).matches("step 1 .* missed: 1"), logged.get(1));
    assertTrue(logged.get(2).matches("step 2 .* missed: 2"), logged.get(2));
    assertTrue(logged.get(3).matches("the session stopped at step 2 .*deadlines.*"));
    assertTrue(logged.get(4).matches("step 1 .* missed: 2"), logged.get(4));
  }

  /** Half of a character in a client's text is no text that can be written. */
  @Test
  void halvesOfCharactersDoNotEndARecording() throws IOException {
    Path recording = temporary.resolve("run.jsonl");
    List<String> answers =
        serve(lines("{\"\\ud800\": 1}", RESET, GOOD), "--record", recording.toString());
    assertTrue(json(answers.getFirst()).text("error").contains("key as ?"), answers.getFirst());
    assertEquals(4, Files.readAllLines(recording).size());
    assertEquals(
        "3 answers, all as recorded\n",
        Outcome.of(arguments("--replay", recording.toString())).assertDone().out());
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aRecordingThatFailsIsLoggedAtOnce() {
    String[] command = arguments("--serve", "--record", "/dev/full");
    List<String> logged =
        logged(
            () -> {
              Outcome outcome = Outcome.ofInput(lines(RESET, GOOD), command);
              assertEquals(ExitStatus.FAILED, outcome.status());
              assertEquals(2, outcome.out().lines().count(), outcome.out());
            });
    assertEquals(1, logged.size(), logged.toString());
    assertTrue(logged.getFirst().startsWith("/dev/full: the recording ends"), logged.getFirst());
  }

  @Test
  void aRecordingIsPlayedBitForBit() throws IOException {
    String recording = temporary.resolve("run.jsonl").toString();
    String limits = file("limits.json", "{\"rate\": 0.3, \"jerk\": 0.2, \"fallback\": 0}");
    String input =
        lines(
            GOOD,
            "not JSON",
            OTHER,
            "{\"observation\": [1, 0, NaN]}",
            "  " + GOOD + "\r",
            "{\"reset\": {\"task\": \"CartPole-v1\"}}",
            "{\"reset\": {\"target\": -100}}",
            OTHER,
            GOOD,
            "{} {}");
    List<String> answers =
        serve(
            input,
            "--task",
            "Pendulum-v1",
            "--settle",
            "--limits",
            limits,
            "--bad-observation",
            "hold:5",
            "--deadline",
            "0.4",
            "--on-miss",
            "stop:4",
            "--record",
            recording);
    List<String> lines = Files.readAllLines(Path.of(recording));
    assertEquals(answers.size() + 1, lines.size());
    Config head = json(lines.getFirst());
    assertEquals("lram-control", head.text("model"));
    assertEquals(0.3, head.number("limits.rate"));
    Config first = json(lines.get(1));
    assertEquals(0.1, first.child("request").numbers("observation")[2]);
    assertEquals(json(answers.getFirst()).toJson(), first.child("answer").toJson());
    assertEquals("not JSON", json(lines.get(2)).text("request"));
    assertEquals(
        answers.size() + " answers, all as recorded\n",
        Outcome.of(arguments("--replay", recording)).assertDone().out());
    Path changed = temporary.resolve("changed.jsonl");
    lines = new ArrayList<>(lines);
    lines.set(3, lines.get(3).replace("\"action\":[", "\"action\":[7,"));
    Files.write(changed, lines);
    Outcome.of(arguments("--replay", changed.toString()))
        .assertFailed("changed.jsonl", "line 4", "expected {\"action\":[7,", "are those of the");
    String top = lines.getFirst();
    lines.set(0, top.replaceFirst("(\"kernels\" *: *\")[^\"]*", "$1an abacus"));
    Files.write(changed, lines);
    Outcome.of("act", "--replay", changed.toString(), "--warm-up", "0")
        .assertFailed("line 4", "since the recording changed kernels from an abacus to ");
    lines.set(0, top.replaceFirst("lram-control", "no-such-model"));
    Files.write(changed, lines);
    Outcome.of("act", "--replay", changed.toString()).assertFailed("no-such-model");
    lines.set(0, top.replaceFirst("lram-control", "\\\\u0000"));
    Files.write(changed, lines);
    Outcome.of("act", "--replay", changed.toString()).assertFailed("changed.jsonl: model");
    lines.set(0, top);
    Files.write(changed, List.of(lines.getFirst(), lines.get(1), lines.get(2).substring(0, 20)));
    Outcome.of(arguments("--replay", changed.toString())).assertFailed("line 3", "the 1 answers");
    Files.writeString(changed, "");
    Outcome.of(arguments("--replay", changed.toString())).assertFailed("empty");
    Files.writeString(changed, lines.getFirst().replaceFirst("0\\.4", "1e-9"));
    Outcome.of(arguments("--replay", changed.toString())).assertFailed("deadline is 1.0E-9");
    Files.writeString(changed, "{}");
    Outcome.of(arguments("--replay", changed.toString())).assertFailed("recording");
  }

  /** The time of a step is in the recording, whether its answer is an action or an error. */
  @Test
  void aStopWithoutAFallbackIsPlayedBitForBit() throws IOException {
    Path recording = temporary.resolve("run.jsonl");
    List<String> answers =
        serve(
            lines(RESET, GOOD, OTHER, RESET, GOOD),
            "--deadline",
            "0.000001",
            "--on-miss",
            "stop:2",
            "--record",
            recording.toString());
    assertTrue(json(answers.get(2)).text("error").contains("deadlines"), answers.get(2));
    assertTrue(json(Files.readAllLines(recording).get(3)).number("duration") > 1);
    String played = "5 answers, all as recorded\n";
    String[] replay = arguments("--replay", recording.toString());
    assertEquals(played, Outcome.of(replay).assertDone().out());
  }

  /** Recordings without times of their own have those of their answers. */
  @Test
  void aRecordingWithoutDurationsIsPlayed() throws IOException {
    Path recording = temporary.resolve("run.jsonl");
    List<String> unused =
        serve(lines(RESET, GOOD, OTHER), "--deadline", "0.01", "--record", recording.toString());
    String text = Files.readString(recording);
    Files.writeString(recording, text.replaceAll("\"duration\":[0-9]+,", ""));
    assertEquals(
        "3 answers, all as recorded\n",
        Outcome.of(arguments("--replay", recording.toString())).assertDone().out());
  }

  /** Limits hold from where the robot is, and from one task to the next. */
  @Test
  void limitsHoldFromThePositionAndAcrossTasks() throws IOException {
    String limits = file("rate.json", "{\"rate\": 0.1}");
    String own = "{\"reset\": {\"observation\": 3, \"action\": 1, \"action_scale\": 2";
    List<String> answers =
        serve(
            lines(
                "{\"reset\": {\"task\": \"Pendulum-v1\", \"from\": [1.5]}}",
                GOOD,
                own + "}}",
                OTHER,
                own + ", \"from\": [1, 2]}}",
                own + ", \"from\": [NaN]}}",
                OTHER),
            "--limits",
            limits);
    float first = action(answers.get(1));
    assertTrue(Math.abs(first - 1.5f) <= 0.1f + 1e-6f, answers.get(1));
    assertTrue(Math.abs(action(answers.get(3)) - first) <= 0.1f + 1e-6f, answers.get(3));
    assertTrue(json(answers.get(4)).has("error"), answers.get(4));
    assertTrue(json(answers.get(5)).has("error"), answers.get(5));
    assertTrue(json(answers.get(6)).has("action"), "refused resets change nothing");
  }

  /** A run of the command that listens, until it is interrupted. */
  private static final class Listening implements AutoCloseable {
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final FutureTask<Integer> status;
    private final Thread thread;

    Listening(String... arguments) {
      Terminal terminal =
          new Terminal(
              new ByteArrayInputStream(new byte[0]),
              new StringWriter(),
              new PrintStream(err, true, UTF_8),
              false);
      status = new FutureTask<>(() -> Main.run(terminal, arguments));
      thread = new Thread(status, "listening");
      thread.start();
    }

    /** What it says it listens on. */
    String place() throws Exception {
      Pattern words = Pattern.compile("listening on (\\S+)\\R");
      while (thread.isAlive()) {
        Matcher matcher = words.matcher(err.toString(UTF_8));
        if (matcher.find()) {
          return matcher.group(1);
        }
        TimeUnit.MILLISECONDS.sleep(5);
      }
      throw new AssertionError(err.toString(UTF_8));
    }

    @Override
    public void close() {
      thread.interrupt();
      assertDoesNotThrow(() -> assertEquals(ExitStatus.DONE, status.get()));
    }
  }

  /** A robot's connection. */
  private static final class Robot implements AutoCloseable {
    private final SocketChannel channel;
    private final BufferedReader answers;

    Robot(SocketAddress address) throws IOException {
      channel = SocketChannel.open(address);
      answers = new BufferedReader(new InputStreamReader(Channels.newInputStream(channel), UTF_8));
    }

    String ask(String line) throws IOException {
      channel.write(ByteBuffer.wrap((line + "\n").getBytes(UTF_8)));
      return answers.readLine();
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }

  private static String withoutTimes(String answer) {
    return answer.replaceAll("\"nanoseconds\".*", "");
  }

  @Test
  @Timeout(60)
  void robotsOnASocketDoNotDisturbEachOther() throws Exception {
    Path socket = temporary.resolve("act.sock");
    Path recording = temporary.resolve("run.jsonl");
    UnixDomainSocketAddress address = UnixDomainSocketAddress.of(socket);
    List<String> expected = serve(lines(RESET, GOOD, OTHER));
    try (Listening listening =
        new Listening(
            arguments(
                "--listen",
                "unix:" + socket,
                "--connections",
                "2",
                "--record",
                recording.toString()))) {
      assertEquals("unix:" + socket, listening.place());
      assertEquals(
          "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)));
      try (Robot first = new Robot(address)) {
        assertEquals(expected.getFirst(), first.ask(RESET));
        try (Robot second = new Robot(address)) {
          assertEquals(expected.getFirst(), second.ask(RESET));
          assertEquals(withoutTimes(expected.get(1)), withoutTimes(first.ask(GOOD)));
          assertTrue(second.ask("not JSON").contains("error"));
          try (Robot third = new Robot(address)) {
            assertTrue(third.answers.readLine().contains("2 robots are connected"));
            assertNull(third.answers.readLine());
          }
        }
        assertEquals(withoutTimes(expected.get(2)), withoutTimes(first.ask(OTHER)));
        String greeting = null;
        while (!expected.getFirst().equals(greeting)) { // until the place of the second is free
          try (Robot next = new Robot(address)) {
            greeting = next.ask(RESET);
          } catch (IOException e) {
            greeting = null; // closed before the request was written
          }
        }
      }
      String second = new String(Files.readAllBytes(temporary.resolve("run.jsonl.2")), UTF_8);
      assertTrue(second.contains("not JSON"), second);
    }
    assertFalse(Files.exists(socket));
    assertEquals(
        "3 answers, all as recorded\n",
        Outcome.of(arguments("--replay", recording + ".1")).assertDone().out());
  }

  @Test
  @Timeout(60)
  void aPortIsOfThisMachineAlone() throws Exception {
    try (Listening listening =
        new Listening(arguments("--listen", "tcp:0", "--task", "Pendulum-v1"))) {
      Matcher place = Pattern.compile("tcp:(.*):([0-9]+)").matcher(listening.place());
      assertTrue(place.matches());
      assertEquals("127.0.0.1", place.group(1));
      int port = Integer.parseInt(place.group(2));
      try (Robot robot = new Robot(new InetSocketAddress(place.group(1), port))) {
        assertTrue(json(robot.ask(GOOD)).has("action"));
      }
      Outcome.of(arguments("--listen", "tcp:127.0.0.1:" + port))
          .assertFailed("--listen", String.valueOf(port));
    }
  }

  /** A restart keeps what was recorded, and the last answer is there though nobody read it. */
  @Test
  @Timeout(60)
  void recordingsStay() throws Exception {
    String recording = temporary.resolve("run.jsonl").toString();
    String first = file("run.jsonl.1", "the incident");
    String[] arguments =
        arguments("--listen", "tcp:0", "--task", "Pendulum-v1", "--record", recording);
    try (Listening listening = new Listening(arguments)) {
      Matcher place = Pattern.compile("tcp:(.*):([0-9]+)").matcher(listening.place());
      assertTrue(place.matches());
      try (Robot robot =
          new Robot(new InetSocketAddress(place.group(1), Integer.parseInt(place.group(2))))) {
        assertTrue(json(robot.ask(GOOD)).has("action"));
      }
    }
    assertEquals("the incident", Files.readString(Path.of(first)));
    assertEquals(
        "1 answers, all as recorded\n",
        Outcome.of(arguments("--replay", recording + ".2")).assertDone().out());
  }

  /** Whoever connects finds the code compiled. */
  @Test
  @Timeout(60)
  void listensWhenItIsWarm() throws Exception {
    long start = System.nanoTime();
    String[] arguments = arguments("--listen", "tcp:0", "--task", "Pendulum-v1");
    arguments[4] = "0.4";
    try (Listening listening = new Listening(arguments)) {
      assertTrue(listening.place().startsWith("tcp:"));
      assertTrue(System.nanoTime() - start >= 400_000_000, "listens before it is warm");
    }
  }

  @Test
  void aFileIsNoSocket() throws IOException {
    String path = file("precious", "text");
    Outcome.of(arguments("--listen", "unix:" + path)).assertFailed("precious", "a file");
    assertEquals("text", Files.readString(Path.of(path)));
  }

  /** Whoever waits at it would wait forever. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void aPipeIsNoSocket() throws Exception {
    Path pipe = temporary.resolve("pipe");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    Outcome.of(arguments("--listen", "unix:" + pipe)).assertFailed("pipe", "expected a socket");
    assertTrue(Files.exists(pipe), "the pipe was removed");
  }

  /** The socket of a process that was killed is no obstacle. */
  @Test
  @Timeout(60)
  void aLeftOverSocketIsReplaced() throws Exception {
    UnixDomainSocketAddress address = UnixDomainSocketAddress.of(temporary.resolve("act.sock"));
    ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(address).close();
    assertTrue(Files.exists(address.getPath()));
    try (Listening listening = new Listening(arguments("--listen", "unix:" + address))) {
      assertEquals("unix:" + address, listening.place());
      try (Robot robot = new Robot(address)) {
        assertTrue(json(robot.ask(RESET)).has("observation"));
      }
    }
  }

  @Test
  void refusesWrongUses() throws IOException {
    String[][] wrong = {
      {"--listen", "udp:7"},
      {"--listen", "tcp:99999"},
      {"--listen", "tcp:1", "--serve"},
      {"--listen", "tcp:0", "--connections", "0"},
      {"--serve", "--bad-observation", "ignore"},
      {"--serve", "--bad-observation", "hold:0"},
      {"--serve", "--bad-observation", "reject:2"},
      {"--serve", "--on-miss", "stop:0", "--deadline", "1"},
      {"--serve", "--on-miss", "stop"},
      {"--serve", "--deadline", "0"},
      {"--serve", "--deadline", "1e-9"},
      {"--serve", "--period", "-1"},
      {"--replay", "a", "--period", "10"},
      {"--replay", "a", "--settle"},
      {"--replay", "a", "--bad-observation", "hold"},
      {"--record", "a", "--episode", "b"}
    };
    for (String[] options : wrong) {
      Outcome outcome = Outcome.of(arguments(options));
      assertEquals(ExitStatus.USAGE, outcome.status(), String.join(" ", options));
      outcome.assertWrongUsage("--");
    }
    String limits = file("limits.json", "{\"lowest\": [1, 2]}");
    Outcome.of(arguments("--serve", "--task", "Pendulum-v1", "--limits", limits))
        .assertFailed("limits.json", "lowest", "one for each dimension");
  }
}
