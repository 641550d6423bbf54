package org.xlstm4j.cli.serve.models;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.cli.serve.http.ApiException;
import org.xlstm4j.loader.files.LoadOption;
import org.xlstm4j.models.Model;
import org.xlstm4j.models.Models;
import org.xlstm4j.models.chat.ChatTemplate;

/** The models of a server, open as long as it runs. Thread-safe. */
public final class ServedModels implements AutoCloseable {
  private final List<ServedModel> models;
  private final Instant opened = Instant.now();

  private ServedModels(List<ServedModel> models) {
    this.models = List.copyOf(models);
  }

  /**
   * Opens models.
   *
   * @param folders by the names that clients are to call them, in the order to show them in
   * @throws IOException if one cannot be opened
   */
  public static ServedModels open(Map<String, Path> folders, LoadOption... options)
      throws IOException {
    List<ServedModel> models = new ArrayList<>();
    try {
      for (Map.Entry<String, Path> folder : folders.entrySet()) {
        boolean chats = ChatTemplate.find(folder.getValue()).isPresent();
        Model model = Models.open(folder.getValue(), options);
        models.add(
            new ServedModel(
                folder.getKey(), folder.getValue(), model, Capabilities.of(model, chats)));
      }
      return new ServedModels(models);
    } catch (IOException | RuntimeException | Error e) {
      models.forEach(served -> served.model().close());
      throw e;
    }
  }

  /** All of them. */
  public List<ServedModel> all() {
    return models;
  }

  /** When they were opened. */
  Instant opened() {
    return opened;
  }

  /** Those that are for a purpose: a capability of {@link Model}. */
  public List<ServedModel> of(Class<? extends Model> capability) {
    return models.stream().filter(served -> capability.isInstance(served.model())).toList();
  }

  /**
   * The model that a request is for.
   *
   * @param name that the client gave; without one the first that serves the purpose
   * @param capability what it is asked to do
   * @param purpose the same in words, such as {@code continues texts}
   * @throws ApiException if there is none
   */
  public ServedModel find(@Nullable String name, Class<? extends Model> capability, String purpose)
      throws ApiException {
    List<ServedModel> fitting = of(capability);
    for (ServedModel served : fitting) {
      if (name == null || served.name().equals(name)) {
        return served;
      }
    }
    if (models.stream().anyMatch(served -> served.name().equals(name))) {
      throw ApiException.invalid(
          "the model '" + name + "' is not one that " + purpose + "; " + names(fitting), "model");
    }
    throw ApiException.noModel(
        (name == null ? "no model " + purpose : "there is no model '" + name + "'")
            + "; "
            + names(fitting));
  }

  private static String names(List<ServedModel> fitting) {
    return fitting.isEmpty()
        ? "this server has none"
        : "this server has "
            + fitting.stream().map(ServedModel::name).collect(Collectors.joining(", "));
  }

  @Override
  public void close() {
    models.forEach(served -> served.model().close());
  }
}
