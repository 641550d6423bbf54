package org.xlstm4j.cli.serve.models;

import java.util.ArrayList;
import java.util.List;
import org.xlstm4j.models.Model;
import org.xlstm4j.models.action.ActionModel;
import org.xlstm4j.models.embedding.EmbeddingModel;
import org.xlstm4j.models.forecast.ForecastModel;
import org.xlstm4j.models.language.LanguageModel;
import org.xlstm4j.models.vision.VisionModel;

/** What models are for, in the words of the endpoints that use them. */
final class Capabilities {
  private Capabilities() {}

  /**
   * The capabilities of a model.
   *
   * @param chats whether its folder has a chat template
   */
  static List<String> of(Model model, boolean chats) {
    List<String> capabilities = new ArrayList<>();
    if (model instanceof LanguageModel) {
      capabilities.add("completions");
      if (chats) {
        capabilities.add("chat");
      }
    }
    if (model instanceof ForecastModel) {
      capabilities.add("forecasts");
    }
    if (model instanceof EmbeddingModel) {
      capabilities.add("embeddings");
    }
    if (model instanceof VisionModel) {
      capabilities.add("classifications");
    }
    if (model instanceof ActionModel) {
      capabilities.add("act");
    }
    return capabilities;
  }
}
