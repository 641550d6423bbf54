package org.xlstm4j.cli.serve.models;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import org.xlstm4j.cli.serve.http.ApiException;
import org.xlstm4j.cli.serve.http.Endpoint;
import org.xlstm4j.cli.serve.http.Exchange;
import org.xlstm4j.models.action.ActionModel;

/** Lists the models: {@code /v1/models}. */
public final class ModelsEndpoint implements Endpoint {
  private final ServedModels models;

  /** The list of a server's models. */
  public ModelsEndpoint(ServedModels models) {
    this.models = models;
  }

  @Override
  public void answer(Exchange exchange) throws ApiException, IOException {
    exchange.json(this::write);
  }

  private void write(JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("object", "list");
    json.writeArrayFieldStart("data");
    for (ServedModel served : models.all()) {
      json.writeStartObject();
      json.writeStringField("id", served.name());
      json.writeStringField("object", "model");
      json.writeNumberField("created", models.opened().getEpochSecond());
      json.writeStringField("owned_by", "xlstm4j");
      json.writeStringField("family", served.model().family());
      json.writeArrayFieldStart("capabilities");
      for (String capability : served.capabilities()) {
        json.writeString(capability);
      }
      json.writeEndArray();
      if (served.model() instanceof ActionModel model) {
        json.writeArrayFieldStart("tasks");
        for (String task : model.tasks().keySet()) {
          json.writeString(task);
        }
        json.writeEndArray();
      }
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }
}
