package org.xlstm4j.cli.serve.embedding;

import java.io.IOException;
import java.util.List;
import org.xlstm4j.cli.serve.compute.ComputeQueue;
import org.xlstm4j.cli.serve.http.ApiException;
import org.xlstm4j.cli.serve.http.Endpoint;
import org.xlstm4j.cli.serve.http.Exchange;
import org.xlstm4j.cli.serve.json.JsonException;
import org.xlstm4j.cli.serve.models.ServedModel;
import org.xlstm4j.cli.serve.models.ServedModels;
import org.xlstm4j.cli.serve.vision.PictureUpload;
import org.xlstm4j.cli.serve.vision.PictureWork;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.models.embedding.EmbeddingModel;
import org.xlstm4j.models.vision.VisionModel;

/** Vectors of series, sent as JSON, and of pictures, sent as such: {@code /v1/embeddings}. */
public final class EmbeddingEndpoint implements Endpoint {
  private final ServedModels models;
  private final ComputeQueue queue;
  private final Team team;

  /**
   * An endpoint.
   *
   * @param team the threads that a request computes with
   */
  public EmbeddingEndpoint(ServedModels models, ComputeQueue queue, Team team) {
    this.models = models;
    this.queue = queue;
    this.team = team;
  }

  @Override
  public void answer(Exchange exchange) throws ApiException, JsonException, IOException {
    exchange.json(
        PictureUpload.takes(exchange.contentType()) ? pictures(exchange) : series(exchange));
  }

  private EmbeddingAnswer series(Exchange exchange)
      throws ApiException, JsonException, IOException {
    EmbeddingRequest request = EmbeddingRequest.of(exchange.fields(EmbeddingRequest.NUMBERS));
    ServedModel served =
        models.find(request.model(), EmbeddingModel.class, "makes vectors of series");
    EmbeddingWork work = new EmbeddingWork((EmbeddingModel) served.model(), request.series(), team);
    return new EmbeddingAnswer(
        served.name(), queue.run(exchange, work), request.base64(), request.values());
  }

  private EmbeddingAnswer pictures(Exchange exchange)
      throws ApiException, JsonException, IOException {
    PictureUpload upload = PictureUpload.read(exchange);
    boolean base64 = EmbeddingRequest.base64(upload.wishes().textOr("encoding_format", "float"));
    ServedModel served =
        models.find(upload.wishes().textOrNull("model"), VisionModel.class, "looks at pictures");
    upload.wishes().refuseOthers();
    VisionModel model = (VisionModel) served.model();
    if (!model.pools()) {
      throw ApiException.invalid(
          "the model '" + served.name() + "' has no vector of a whole picture", "model");
    }
    List<float[]> vectors =
        queue.run(
            exchange,
            new PictureWork<>(
                model, upload.pictures(), team, (_, _, session) -> session.features().clone()));
    return new EmbeddingAnswer(served.name(), vectors, base64, vectors.size());
  }
}
