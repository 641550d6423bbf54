package org.xlstm4j.cli.commands;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.cli.options.BackendOption;
import org.xlstm4j.cli.options.KernelsOption;
import org.xlstm4j.cli.options.LoadOptions;
import org.xlstm4j.cli.options.ModelLocator;
import org.xlstm4j.cli.options.ThreadsOption;
import org.xlstm4j.cli.options.UsageException;
import org.xlstm4j.cli.process.OrderlyEnd;
import org.xlstm4j.cli.serve.ModelServer;
import org.xlstm4j.cli.serve.ServeSettings;
import org.xlstm4j.cli.serve.http.Access;
import org.xlstm4j.cli.serve.http.ApiKeys;
import org.xlstm4j.cli.serve.http.HostNames;
import org.xlstm4j.cli.serve.http.HttpLimits;
import org.xlstm4j.cli.serve.http.Origins;
import org.xlstm4j.cli.serve.language.StateLimits;
import org.xlstm4j.cli.serve.language.TextLimits;
import org.xlstm4j.cli.serve.models.ServedModels;
import org.xlstm4j.cli.terminal.Terminal;
import org.xlstm4j.engine.threads.Team;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Serves models over HTTP until it is interrupted. */
@Command(
    name = "serve",
    description = "Serves models over HTTP, to clients of OpenAI's interface and others.",
    footer = {
      "",
      "Examples:",
      "  xlstm serve",
      "  xlstm serve -m stories=xlstm-large-mini-q8 -m tirex-mini --port 9000",
      "  XLSTM_API_KEY=... xlstm serve --host 0.0.0.0",
      "  curl http://localhost:8080/v1/completions -d '{\"prompt\": \"Once upon a time\"}'"
    })
final class ServeCommand extends Subcommand {
  private static final List<String> DEFAULT_MODELS =
      List.of("xlstm-large-mini-q8", "vil-fashion", "tirex-mini", "lram-control");

  private static final String KEY_VARIABLE = "XLSTM_API_KEY";
  private static final int MOST_GRACE_SECONDS = 50;

  @Option(
      names = {"-m", "--model"},
      paramLabel = "NAME=MODEL",
      description =
          "A model, and the name that clients call it by (default: the folder's name); may be"
              + " given several times (default: one shipped model of each kind).")
  private List<String> models = new ArrayList<>();

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description = "Address to listen on (default: ${DEFAULT-VALUE}, this machine alone).")
  private String host = "";

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "8080",
      description = "Port to listen on, 0 for any (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--api-key",
      paramLabel = "KEY",
      description =
          "Clients need this key; may be given several times. Other users of the machine see it;"
              + " they do not see the variable XLSTM_API_KEY, which holds keys apart by commas.")
  private List<String> keys = new ArrayList<>();

  @Option(
      names = "--insecure",
      description = "Listen on an address other than loopback without a key.")
  private boolean insecure;

  @Option(
      names = "--allow-host",
      paramLabel = "NAME",
      description =
          "On a loopback address, another name by which clients may call the server, as behind a"
              + " proxy; may be given several times.")
  private List<String> hosts = new ArrayList<>();

  @Option(
      names = "--cors",
      paramLabel = "ORIGIN",
      description =
          "Pages of this origin, such as https://example.org, may use the server; may be given"
              + " several times.")
  private List<String> origins = new ArrayList<>();

  @Option(
      names = "--parallel",
      paramLabel = "N",
      defaultValue = "8",
      description =
          "Texts that a model generates together; others wait (default: ${DEFAULT-VALUE}).")
  private int parallel;

  @Option(
      names = "--queue",
      paramLabel = "N",
      defaultValue = "64",
      description = "Requests for a model that may wait; more get 503 (default: ${DEFAULT-VALUE}).")
  private int queue;

  @Option(
      names = "--max-tokens",
      paramLabel = "N",
      defaultValue = "4096",
      description =
          "Largest number of tokens that a client may ask for (default: ${DEFAULT-VALUE}).")
  private int tokens;

  @Option(
      names = "--states",
      paramLabel = "MB",
      defaultValue = "256",
      description =
          "Memory a model for the states behind prompts and texts, so that a conversation that"
              + " returns costs its new tokens only; 0 for none (default: ${DEFAULT-VALUE}).")
  private int states;

  @Option(
      names = "--states-folder",
      paramLabel = "FOLDER",
      description = "Keep these states on the disk as well, for the next start.")
  private @Nullable Path statesFolder;

  @Option(
      names = "--states-disk",
      paramLabel = "MB",
      defaultValue = "1024",
      description = "Most of the disk for them, a model (default: ${DEFAULT-VALUE}).")
  private int statesDisk;

  @Option(
      names = "--max-body",
      paramLabel = "BYTES",
      description = "Longest body of a request (default: 8388608).")
  private @Nullable Integer body;

  @Option(
      names = "--max-connections",
      paramLabel = "N",
      description = "Connections at a time; more wait (default: 512).")
  private @Nullable Integer connections;

  @Option(
      names = "--time-limit",
      paramLabel = "SECONDS",
      description = "How long a request may take (default: 600).")
  private @Nullable Integer timeLimit;

  @Option(
      names = "--idle-limit",
      paramLabel = "SECONDS",
      description =
          "How long a connection may neither send nor take a byte, and how long a request may take"
              + " to arrive (default: 30).")
  private @Nullable Integer idleLimit;

  @Option(
      names = "--grace",
      paramLabel = "SECONDS",
      defaultValue = "30",
      description =
          "How long requests in flight may go on after SIGTERM, 0 to 50 (default:"
              + " ${DEFAULT-VALUE}).")
  private int grace;

  @Mixin private LoadOptions load = new LoadOptions();
  @Mixin private ThreadsOption threads = new ThreadsOption();
  @Mixin private BackendOption backend = new BackendOption();

  @Mixin
  @SuppressWarnings("UnusedVariable") // it takes effect when it is read
  private KernelsOption kernels = new KernelsOption();

  @Override
  public boolean computes() {
    return true;
  }

  @Override
  public void run(Terminal terminal) throws IOException, InterruptedException {
    backend.use();
    ServeSettings settings = settings(System.getenv(KEY_VARIABLE));
    CountDownLatch ended = new CountDownLatch(1);
    try (OrderlyEnd _ = new OrderlyEnd(ended::countDown);
        ServedModels opened = ServedModels.open(folders(), load.options());
        ModelServer server = ModelServer.start(settings, opened, terminal.err())) {
      tell(server, opened, terminal.err());
      ended.await();
      terminal.err().println("xlstm serve: ending, waits for requests in flight");
      if (!server.drain()) {
        terminal.err().println("xlstm serve: some requests were cut off");
      }
    }
  }

  private void tell(ModelServer server, ServedModels opened, PrintStream log) {
    String address = server.address().getAddress().getHostAddress();
    log.printf(
        "xlstm serve: http://%s:%d, models %s%n",
        address.contains(":") ? "[" + address + "]" : address,
        server.address().getPort(),
        String.join(", ", opened.all().stream().map(model -> model.name()).toList()));
  }

  private Map<String, Path> folders() throws IOException {
    ModelLocator locator = ModelLocator.ofProcess();
    Map<String, Path> folders = new LinkedHashMap<>();
    for (String model : models.isEmpty() ? DEFAULT_MODELS : models) {
      int equals = model.indexOf('=');
      Path folder = locator.find(model.substring(equals + 1));
      String name = equals > 0 ? model.substring(0, equals) : String.valueOf(folder.getFileName());
      if (folders.put(name, folder) != null) {
        throw new UsageException("-m: two models are called " + name);
      }
    }
    return folders;
  }

  private ServeSettings settings(@Nullable String variable) throws IOException {
    List<String> all = new ArrayList<>(keys);
    if (variable != null) {
      all.addAll(List.of(variable.split(",", -1)));
    }
    if (all.stream().anyMatch(String::isBlank)) {
      throw new UsageException("--api-key or " + KEY_VARIABLE + " is empty");
    }
    all.replaceAll(String::strip);
    InetAddress address = InetAddress.getByName(host);
    if (!address.isLoopbackAddress() && all.isEmpty() && !insecure) {
      throw new UsageException(
          "--host is " + host + ", which others reach: expected --api-key or --insecure");
    }
    Team team = threads.team();
    HttpLimits usual = HttpLimits.usual();
    Duration idle = seconds("--idle-limit", idleLimit, usual.idle());
    return new ServeSettings(
        new InetSocketAddress(address, inRange("--port", port, 0, 65535)),
        new Access(
            new ApiKeys(all),
            address.isLoopbackAddress() ? HostNames.loopbackAnd(hosts) : HostNames.any(),
            new Origins(Set.copyOf(origins))),
        new HttpLimits(
            body == null ? usual.bodyBytes() : inRange("--max-body", body, 1, 1 << 30),
            usual.headerBytes(),
            usual.headers(),
            connections == null
                ? usual.connections()
                : inRange("--max-connections", connections, 1, 1 << 20),
            idle,
            idle,
            seconds("--time-limit", timeLimit, usual.answering())),
        new TextLimits(
            inRange("--parallel", parallel, 1, 512),
            inRange("--queue", queue, 0, 1 << 20),
            inRange("--max-tokens", tokens, 1, Integer.MAX_VALUE),
            new StateLimits(
                (long) inRange("--states", states, 0, 1 << 20) << 20,
                statesFolder,
                (long) inRange("--states-disk", statesDisk, 1, 1 << 24) << 20)),
        team,
        Duration.ofSeconds(inRange("--grace", grace, 0, MOST_GRACE_SECONDS)));
  }

  private static Duration seconds(String option, @Nullable Integer given, Duration otherwise) {
    return given == null ? otherwise : Duration.ofSeconds(inRange(option, given, 1, 86400));
  }

  private static int inRange(String option, int value, int least, int most) {
    if (value < least || value > most) {
      throw new UsageException(option + " is " + value + ", expected " + least + " to " + most);
    }
    return value;
  }
}
