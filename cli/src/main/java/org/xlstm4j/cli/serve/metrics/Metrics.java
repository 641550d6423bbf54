package org.xlstm4j.cli.serve.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.xlstm4j.cli.serve.http.ApiException;
import org.xlstm4j.cli.serve.http.Endpoint;
import org.xlstm4j.cli.serve.http.Exchange;

/** All metrics of a server, and the endpoint that shows them. Complete before it starts. */
public final class Metrics implements Endpoint {
  private static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final List<Entry> entries = new ArrayList<>();

  private record Entry(String name, String help, String type, Metric metric) {}

  /** A new counter. */
  public Counter counter(String name, String help, String... labels) {
    Counter counter = new Counter(labels);
    entries.add(new Entry(name, help, "counter", counter));
    return counter;
  }

  /** A new histogram of times in seconds. */
  public Histogram histogram(String name, String help, String... labels) {
    Histogram histogram = new Histogram(labels);
    entries.add(new Entry(name, help, "histogram", histogram));
    return histogram;
  }

  /** A value that is asked for when it is shown. */
  public void gauge(String name, String help, LongSupplier value) {
    Metric metric =
        (shown, text) -> text.append(shown).append(' ').append(value.getAsLong()).append('\n');
    entries.add(new Entry(name, help, "gauge", metric));
  }

  @Override
  public void answer(Exchange exchange) throws ApiException, IOException {
    StringBuilder text = new StringBuilder();
    for (Entry entry : entries) {
      text.append("# HELP ").append(entry.name).append(' ').append(entry.help).append('\n');
      text.append("# TYPE ").append(entry.name).append(' ').append(entry.type).append('\n');
      entry.metric.write(entry.name, text);
    }
    exchange.send(200, TYPE, text.toString().getBytes(UTF_8));
  }
}
