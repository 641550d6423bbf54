package org.xlstm4j.reliability.serving;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
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
import org.xlstm4j.engine.threads.Team;

/** A server of a small model of each kind, and what it says of its own failures. */
public final class SmallServer implements AutoCloseable {
  /** How long a request is answered at most, computing included. */
  private static final Duration ANSWERING = Duration.ofSeconds(10);

  /** How long a client may be silent: longer than it waits, so that none is freed by that. */
  private static final Duration SILENCE = Duration.ofMinutes(3);

  /** How long a client waits until it calls it a hang. */
  static final Duration PATIENCE = Duration.ofMinutes(1);

  private static final int PARALLEL = 4;
  private static final int QUEUE = 8;
  private static final int MOST_TOKENS = 24;
  private static final String TEMPLATE =
      "{% for message in messages %}{{ message.role }}: {{ message.content }}\n{% endfor %}";

  private final ServedModels models;
  private final ModelServer server;
  private final InetSocketAddress address;
  private final ByteArrayOutputStream log = new ByteArrayOutputStream();

  private SmallServer(ServedModels models, Team team) throws IOException {
    this.models = models;
    HttpLimits usual = HttpLimits.usual();
    HttpLimits limits =
        new HttpLimits(
            1 << 20,
            usual.headerBytes(),
            usual.headers(),
            usual.connections(),
            SILENCE,
            SILENCE,
            ANSWERING);
    ServeSettings settings =
        new ServeSettings(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            new Access(
                new ApiKeys(List.of()), HostNames.loopbackAnd(List.of()), new Origins(Set.of())),
            limits,
            new TextLimits(PARALLEL, QUEUE, MOST_TOKENS, new StateLimits(1 << 20, null, 0)),
            team,
            ANSWERING);
    server = ModelServer.start(settings, models, new PrintStream(log, true, UTF_8));
    address = server.address();
  }

  /**
   * Starts a server.
   *
   * @param scratch a folder for a model that has to be made
   * @param team the threads that it computes with
   */
  public static SmallServer start(Path scratch, Team team) throws IOException {
    ServedModels models = ServedModels.open(folders(scratch));
    try {
      return new SmallServer(models, team);
    } catch (IOException | RuntimeException e) {
      models.close();
      throw e;
    }
  }

  private static Map<String, Path> folders(Path scratch) throws IOException {
    Path golden = Path.of(Objects.requireNonNull(System.getProperty("xlstm4j.golden")));
    Path pretrained = Path.of(Objects.requireNonNull(System.getProperty("xlstm4j.pretrained")));
    Map<String, Path> folders = new LinkedHashMap<>();
    folders.put("text", chat(golden.resolve("text/table"), scratch.resolve("chat")));
    folders.put("forecast", golden.resolve("xlstm/tirex_a"));
    folders.put("picture", golden.resolve("vil/v1_avg_32"));
    folders.put("series", golden.resolve("tirex2/embed"));
    folders.put("control", pretrained.resolve("lram-control"));
    return folders;
  }

  /** The same language model, as one that chats. */
  private static Path chat(Path model, Path folder) throws IOException {
    if (!Files.exists(folder)) {
      Files.createDirectories(folder);
      for (String file :
          List.of("config.json", "generation_config.json", "tokenizer.json", "model.safetensors")) {
        Files.copy(model.resolve(file), folder.resolve(file), StandardCopyOption.REPLACE_EXISTING);
      }
      Files.writeString(folder.resolve("chat_template.jinja"), TEMPLATE);
    }
    return folder;
  }

  /** Where it listens, or did. */
  InetSocketAddress address() {
    return address;
  }

  /**
   * Requires that nothing failed that is the server's own.
   *
   * @throws IllegalStateException with what it said
   */
  public void requireNoFailure() {
    if (log.size() > 0) {
      String said = log.toString(UTF_8);
      log.reset();
      throw new IllegalStateException(said);
    }
  }

  @Override
  public void close() {
    server.close();
    models.close();
  }
}
