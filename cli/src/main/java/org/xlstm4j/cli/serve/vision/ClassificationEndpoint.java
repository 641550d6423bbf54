package org.xlstm4j.cli.serve.vision;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import org.xlstm4j.cli.serve.compute.ComputeQueue;
import org.xlstm4j.cli.serve.http.ApiException;
import org.xlstm4j.cli.serve.http.Endpoint;
import org.xlstm4j.cli.serve.http.Exchange;
import org.xlstm4j.cli.serve.json.JsonException;
import org.xlstm4j.cli.serve.models.ServedModel;
import org.xlstm4j.cli.serve.models.ServedModels;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.models.image.Size;
import org.xlstm4j.models.vision.Prediction;
import org.xlstm4j.models.vision.VisionModel;

/** Says what is on pictures: {@code /v1/classifications}. */
public final class ClassificationEndpoint implements Endpoint {
  private static final int USUAL_LABELS = 5;
  private static final int MOST_LABELS = 1000;

  private final ServedModels models;
  private final ComputeQueue queue;
  private final Team team;

  /**
   * An endpoint.
   *
   * @param team the threads that a picture computes with
   */
  public ClassificationEndpoint(ServedModels models, ComputeQueue queue, Team team) {
    this.models = models;
    this.queue = queue;
    this.team = team;
  }

  private record Outcome(Size size, List<Prediction> labels) {}

  @Override
  public void answer(Exchange exchange) throws ApiException, JsonException, IOException {
    PictureUpload upload = PictureUpload.read(exchange);
    int top = upload.wishes().integerOr("top_k", USUAL_LABELS, 1, MOST_LABELS);
    ServedModel served =
        models.find(upload.wishes().textOrNull("model"), VisionModel.class, "looks at pictures");
    upload.wishes().refuseOthers();
    VisionModel model = (VisionModel) served.model();
    if (!model.pools() || model.classes() == 0) {
      throw ApiException.invalid(
          "the model '" + served.name() + "' has no labels for a whole picture", "model");
    }
    List<Outcome> outcomes =
        queue.run(
            exchange,
            new PictureWork<>(
                model,
                upload.pictures(),
                team,
                (image, output, _) ->
                    new Outcome(
                        new Size(image.height(), image.width()),
                        Prediction.top(model, output, top))));
    exchange.json(json -> write(json, served.name(), upload.pictures(), outcomes));
  }

  private static void write(
      JsonGenerator json,
      String model,
      List<PictureUpload.Picture> pictures,
      List<Outcome> outcomes)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("object", "list");
    json.writeStringField("model", model);
    json.writeArrayFieldStart("data");
    for (int i = 0; i < outcomes.size(); i++) {
      Outcome outcome = outcomes.get(i);
      json.writeStartObject();
      json.writeStringField("object", "classification");
      json.writeNumberField("index", i);
      if (!pictures.get(i).name().isEmpty()) {
        json.writeStringField("name", pictures.get(i).name());
      }
      json.writeNumberField("width", outcome.size.width());
      json.writeNumberField("height", outcome.size.height());
      json.writeArrayFieldStart("labels");
      for (Prediction prediction : outcome.labels) {
        json.writeStartObject();
        json.writeStringField("label", prediction.name());
        json.writeNumberField("index", prediction.index());
        json.writeNumberField("probability", prediction.probability());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }
}
