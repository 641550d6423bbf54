package org.xlstm4j.cli.serve.page;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.xlstm4j.cli.serve.http.ApiException;
import org.xlstm4j.cli.serve.http.Endpoint;
import org.xlstm4j.cli.serve.http.Exchange;
import org.xlstm4j.cli.serve.http.Routes;
import org.xlstm4j.cli.serve.models.ServedModel;
import org.xlstm4j.cli.serve.models.ServedModels;
import org.xlstm4j.loader.files.FolderFiles;
import org.xlstm4j.models.forecast.ForecastModel;
import org.xlstm4j.models.vision.VisionModel;

/**
 * What the page offers to try: the series next to a forecaster's weights, and some of the pictures
 * in the folder {@code images} of a model for pictures. They are looked for once.
 */
public final class Samples implements Endpoint {
  private static final String PATH = "/page/samples";
  private static final Pattern SERIES = Pattern.compile("[A-Za-z0-9_-]{1,64}\\.csv");
  private static final Pattern PICTURE = Pattern.compile("[A-Za-z0-9_-]{1,64}\\.(png|jpg|jpeg)");
  private static final int MOST_SERIES = 6;
  private static final int MOST_PICTURES = 14;
  private static final long LONGEST = 1 << 20;

  private final List<Sample> series = new ArrayList<>();
  private final List<Sample> pictures = new ArrayList<>();

  /** A file that the page offers. */
  private record Sample(String url, Path file, String type) implements Endpoint {
    @Override
    public void answer(Exchange exchange) throws ApiException, IOException {
      exchange.answerHeader("X-Content-Type-Options", "nosniff");
      exchange.send(200, type, content());
    }

    private byte[] content() throws IOException {
      try (InputStream in = Files.newInputStream(file)) {
        return in.readNBytes((int) LONGEST);
      }
    }

    void write(JsonGenerator json) throws IOException {
      json.writeStartObject();
      json.writeStringField("name", file.getFileName().toString());
      json.writeStringField("url", url);
      json.writeEndObject();
    }
  }

  /**
   * The samples of a server's models.
   *
   * @throws IOException if a folder cannot be listed
   */
  public Samples(ServedModels models) throws IOException {
    for (ServedModel served : models.of(ForecastModel.class)) {
      add(series, served, "", SERIES, MOST_SERIES);
    }
    for (ServedModel served : models.of(VisionModel.class)) {
      add(pictures, served, "images", PICTURE, MOST_PICTURES);
    }
  }

  private static void add(
      List<Sample> samples, ServedModel served, String subfolder, Pattern name, int most)
      throws IOException {
    Path folder = served.folder().resolve(subfolder);
    if (!samples.isEmpty() || !Files.isDirectory(folder)) {
      return;
    }
    List<Path> files;
    try (Stream<Path> all = Files.list(folder)) {
      files =
          all.filter(file -> name.matcher(file.getFileName().toString()).matches())
              .filter(file -> isSmallFile(served.folder(), file))
              .sorted()
              .toList();
    }
    int count = Math.min(most, files.size());
    IntStream.range(0, count)
        .mapToObj(i -> files.get((int) ((long) i * files.size() / count)))
        .map(file -> sample(file, PATH + "/" + file.getFileName()))
        .forEach(samples::add);
  }

  private static boolean isSmallFile(Path folder, Path file) {
    try {
      return FolderFiles.isOwn(folder, file) && Files.size(file) <= LONGEST;
    } catch (IOException e) {
      return false;
    }
  }

  private static Sample sample(Path file, String url) {
    String type =
        url.endsWith(".csv")
            ? "text/csv; charset=utf-8"
            : url.endsWith(".png") ? "image/png" : "image/jpeg";
    return new Sample(url, file, type);
  }

  /** Adds the list's path and those of the samples. */
  public void addTo(Routes routes) {
    routes.get(PATH, this);
    series.forEach(sample -> routes.get(sample.url, sample));
    pictures.forEach(sample -> routes.get(sample.url, sample));
  }

  @Override
  public void answer(Exchange exchange) throws ApiException, IOException {
    exchange.json(
        json -> {
          json.writeStartObject();
          write(json, "series", series);
          write(json, "pictures", pictures);
          json.writeEndObject();
        });
  }

  private static void write(JsonGenerator json, String name, List<Sample> samples)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (Sample sample : samples) {
      sample.write(json);
    }
    json.writeEndArray();
  }
}
