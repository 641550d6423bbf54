package example.service;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.models.forecast.Forecast;
import org.xlstm4j.models.forecast.ForecastModel;

/**
 * Forecasts over HTTP: {@code POST /forecast?horizon=H} with a value a line, oldest first, NaN where
 * one is missing; the answer has a line for each value that follows, and a column a quantile.
 *
 * <p>Each request has a virtual thread. As many as there are processors compute, each alone with its
 * forecast; the others wait.
 */
public final class ForecastService implements AutoCloseable {
  private static final int MOST_BYTES = 1 << 20;
  private static final int MOST_VALUES_AHEAD = 1000;

  private final ForecastModel model;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Semaphore processors = new Semaphore(Runtime.getRuntime().availableProcessors());

  /**
   * Starts a service.
   *
   * @param model must stay open as long as the service
   * @param address to listen on; port 0 for any that is free
   * @throws IOException if the address is not to be had
   */
  public ForecastService(ForecastModel model, InetSocketAddress address) throws IOException {
    this.model = model;
    server = HttpServer.create(address, 0);
    server.createContext("/forecast", this::answer);
    server.setExecutor(threads);
    server.start();
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return server.getAddress();
  }

  /** Lets requests that are being answered end, for at most a second. */
  @Override
  public void close() {
    server.stop(1);
    threads.close();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      int status = 200;
      String text;
      try {
        text = forecast(exchange);
      } catch (Refusal | IllegalArgumentException e) {
        status = e instanceof Refusal refusal ? refusal.status : 400;
        text = e.getMessage() + "\n";
      }
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      exchange
          .getResponseHeaders()
          .set("Content-Type", status == 200 ? "text/csv" : "text/plain; charset=utf-8");
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private String forecast(HttpExchange exchange) throws IOException, Refusal {
    if (!exchange.getRequestMethod().equals("POST")) {
      throw new Refusal(405, "POST a series");
    }
    int horizon = horizon(exchange.getRequestURI().getQuery());
    float[] values = values(exchange.getRequestBody());
    processors.acquireUninterruptibly();
    try {
      return table(model.forecast(List.of(values), horizon, 1, Team.of(1)).getFirst());
    } finally {
      processors.release();
    }
  }

  private static int horizon(String query) {
    if (query == null || !query.matches("horizon=[0-9]{1,4}")) {
      throw new IllegalArgumentException("the query is " + query + ", expected horizon=N");
    }
    int horizon = Integer.parseInt(query.substring("horizon=".length()));
    if (horizon < 1 || horizon > MOST_VALUES_AHEAD) {
      throw new IllegalArgumentException("the horizon is " + horizon + ", expected 1 to " + MOST_VALUES_AHEAD);
    }
    return horizon;
  }

  private static float[] values(InputStream body) throws IOException, Refusal {
    byte[] bytes = body.readNBytes(MOST_BYTES + 1);
    if (bytes.length > MOST_BYTES) {
      throw new Refusal(413, "more than " + MOST_BYTES + " bytes");
    }
    List<String> lines = new String(bytes, StandardCharsets.UTF_8).lines().toList();
    if (lines.isEmpty()) {
      throw new IllegalArgumentException("no values");
    }
    float[] values = new float[lines.size()];
    for (int i = 0; i < values.length; i++) {
      try {
        values[i] = Float.parseFloat(lines.get(i));
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException("line " + (i + 1) + " is not a number", e);
      }
    }
    return values;
  }

  private static String table(Forecast forecast) {
    StringBuilder text = new StringBuilder("step");
    forecast.levels().forEach(level -> text.append(',').append(level));
    for (int step = 0; step < forecast.horizon(); step++) {
      text.append('\n').append(step + 1);
      for (int level = 0; level < forecast.levels().size(); level++) {
        text.append(',').append(forecast.quantile(step, level));
      }
    }
    return text.append('\n').toString();
  }

  /** What the client is told in place of a forecast. */
  private static final class Refusal extends Exception {
    private static final long serialVersionUID = 1;

    private final int status;

    Refusal(int status, String message) {
      super(message);
      this.status = status;
    }
  }

  /**
   * Serves until the process is ended.
   *
   * @param arguments the model's folder and the port
   * @throws IOException if the model cannot be read or the port is taken
   */
  public static void main(String[] arguments) throws IOException {
    ForecastModel model = ForecastModel.open(Path.of(arguments[0]));
    InetSocketAddress address =
        new InetSocketAddress("localhost", Integer.parseInt(arguments[1]));
    ForecastService service = new ForecastService(model, address);
    System.out.printf(Locale.ROOT, "http://localhost:%d/forecast%n", service.address().getPort());
  }
}
