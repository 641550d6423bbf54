package org.xlstm4j.cli;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.engine.StateLayout;
import org.xlstm4j.engine.Team;
import org.xlstm4j.engine.cells.SlstmCell;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.Config;
import org.xlstm4j.loader.ModelFormatException;
import org.xlstm4j.loader.Tensor;
import org.xlstm4j.models.action.ActionEpisode;
import org.xlstm4j.models.action.ActionMode;
import org.xlstm4j.models.action.ActionModel;
import org.xlstm4j.models.action.ActionOutputs;
import org.xlstm4j.models.action.ActionTask;
import org.xlstm4j.models.image.Image;
import org.xlstm4j.models.image.Size;
import org.xlstm4j.models.language.LanguageModel;
import org.xlstm4j.models.language.LanguageSession;
import org.xlstm4j.models.tirex.Forecast;
import org.xlstm4j.models.tirex.TirexModel;
import org.xlstm4j.models.vision.VilModel;
import org.xlstm4j.models.vision.VilSession;

/**
 * Runs a model of any family on tensors from a file.
 *
 * @param model which, and how it is opened and computed with
 * @param inputs file with the inputs under their family's names
 * @param steps one token or step at a time in place of whole sequences
 * @param task of an action model's configuration
 * @param cell in which numbers a forecaster's cell runs
 */
record TensorRun(
    ModelOptions model,
    Path inputs,
    boolean steps,
    @Nullable String task,
    SlstmCell.Arithmetic cell) {
  /** Most values of an output: what a Java array can hold. */
  private static final int LARGEST_OUTPUT = Integer.MAX_VALUE - 8;

  /** The outputs under their family's names. */
  List<TensorOutput> run() throws IOException {
    Path folder = model.folder();
    try (Checkpoint tensors = Checkpoint.open(inputs)) {
      if (TirexModel.matches(folder, model.load())) {
        refuse(steps, "--mode step", "language and action models");
        refuse(task != null, "--task", "action models");
        return forecasts(folder, tensors);
      }
      String family = Config.ofFolder(folder).textOr("model_type", "");
      refuse(cell != SlstmCell.Arithmetic.FLOAT32, "--cell", "forecasting models");
      refuse(task != null && !family.equals("lram"), "--task", "action models");
      refuse(steps && family.equals("vil"), "--mode step", "language and action models");
      return switch (family) {
        case "vil" -> pictures(folder, tensors);
        case "lram" -> episode(folder);
        default -> language(folder, tensors);
      };
    }
  }

  private static void refuse(boolean given, String option, String family) {
    if (given) {
      throw new UsageException(option + " is for " + family);
    }
  }

  private List<TensorOutput> language(Path folder, Checkpoint tensors) throws IOException {
    Tensor ids = tensors.get("input_ids");
    int[] shape = shape(ids, 1, 2);
    int batch = shape.length == 2 ? shape[0] : 1;
    int length = shape[shape.length - 1];
    Team team = model.team();
    try (LanguageModel language = LanguageModel.open(folder, model.load())) {
      int width = language.vocabularySize();
      long size = (long) batch * length * width;
      if (size > LARGEST_OUTPUT) {
        throw ModelFormatException.of(
            ids.file(),
            "tensor input_ids",
            "at most " + LARGEST_OUTPUT / width + " tokens, for their logits to fit an array",
            (long) batch * length + " tokens");
      }
      float[] logits = new float[(int) size];
      Map<StateLayout.Slot, List<float[]>> states = new LinkedHashMap<>();
      int[] tokens = tokens(ids, width);
      for (int b = 0; b < batch; b++) {
        LanguageSession session = language.newSession(team);
        int count = steps ? 1 : length;
        for (int t = 0; t < length; t += count) {
          float[] scored = new float[count * width];
          session.score(tokens, b * length + t, count, scored);
          System.arraycopy(scored, 0, logits, (b * length + t) * width, scored.length);
        }
        for (StateLayout.Slot slot : language.stateLayout().slots()) {
          states.computeIfAbsent(slot, key -> new ArrayList<>()).add(session.state().read(slot));
        }
      }
      List<TensorOutput> outputs = new ArrayList<>();
      outputs.add(TensorOutput.of("logits", logits, batch, length, width));
      states.forEach((slot, values) -> outputs.add(state(slot, values)));
      return outputs;
    }
  }

  /** A part of the state in the shape that the original code gives it. */
  private static TensorOutput state(StateLayout.Slot slot, List<float[]> batch) {
    List<Long> shape = new ArrayList<>(slot.shape().stream().map(Integer::longValue).toList());
    float[] values = TensorOutput.concatenate(batch);
    if (slot.name().endsWith(".slstm")) {
      shape.add(1, (long) batch.size());
      return new TensorOutput("state." + slot.name(), shape, gatesFirst(batch));
    }
    if (slot.name().endsWith("mlstm_n") || slot.name().endsWith("mlstm_m")) {
      shape.add(1L);
    }
    shape.add(0, (long) batch.size());
    return new TensorOutput("state." + slot.name(), shape, values);
  }

  /** The sLSTM's four states come before the batch. */
  private static float[] gatesFirst(List<float[]> batch) {
    List<float[]> parts = new ArrayList<>();
    int width = batch.getFirst().length / 4;
    for (int part = 0; part < 4; part++) {
      for (float[] values : batch) {
        parts.add(Arrays.copyOfRange(values, part * width, (part + 1) * width));
      }
    }
    return TensorOutput.concatenate(parts);
  }

  private static int[] tokens(Tensor ids, int vocabularySize) throws IOException {
    long[] values = ids.toLongs();
    int[] tokens = new int[values.length];
    for (int i = 0; i < tokens.length; i++) {
      if (values[i] < 0 || values[i] >= vocabularySize) {
        throw ModelFormatException.of(
            ids.file(), "input_ids[" + i + "]", "0 to " + (vocabularySize - 1), "" + values[i]);
      }
      tokens[i] = (int) values[i];
    }
    return tokens;
  }

  private List<TensorOutput> pictures(Path folder, Checkpoint tensors) throws IOException {
    Team team = model.team();
    try (VilModel vision = VilModel.open(folder, model.load())) {
      Tensor raw = tensors.find("image_u8_hwc");
      if (raw != null) {
        int[] shape = shape(raw, 3, 3);
        byte[] pixels = raw.data().toArray(ValueLayout.JAVA_BYTE);
        VilSession session = vision.newSession(team);
        float[] output = session.run(new Image(pixels, shape[0], shape[1], shape[2])).clone();
        return List.of(output(session, List.of(output)));
      }
      Tensor prepared = tensors.get("pixel_values");
      int[] shape = shape(prepared, 3, 4);
      int batch = shape.length == 4 ? shape[0] : 1;
      Size size = new Size(shape[shape.length - 2], shape[shape.length - 1]);
      VilSession session = vision.newSession(team, size);
      float[] all = prepared.toFloats();
      int each = all.length / batch;
      List<float[]> outputs = new ArrayList<>();
      for (int b = 0; b < batch; b++) {
        outputs.add(session.run(Arrays.copyOfRange(all, b * each, (b + 1) * each)).clone());
      }
      return List.of(output(session, outputs));
    } catch (IllegalArgumentException e) {
      throw new IOException(inputs + ": " + e.getMessage(), e);
    }
  }

  private static TensorOutput output(VilSession session, List<float[]> batch) {
    int[] each = session.outputShape();
    int[] shape = new int[each.length + 1];
    shape[0] = batch.size();
    System.arraycopy(each, 0, shape, 1, each.length);
    return TensorOutput.of("output", TensorOutput.concatenate(batch), shape);
  }

  private List<TensorOutput> forecasts(Path folder, Checkpoint tensors) throws IOException {
    Tensor context = tensors.get("context");
    int[] shape = shape(context, 1, 2);
    int batch = shape.length == 2 ? shape[0] : 1;
    long[] horizon = tensors.get("prediction_length").toLongs();
    if (horizon.length != 1 || horizon[0] < 1 || horizon[0] > LARGEST_OUTPUT) {
      throw ModelFormatException.of(
          context.file(),
          "prediction_length",
          "one number, 1 to " + LARGEST_OUTPUT,
          Arrays.toString(horizon));
    }
    Team team = model.team();
    try (TirexModel forecaster = TirexModel.open(folder, cell, model.load())) {
      float[] all = context.toFloats();
      int length = all.length / batch;
      List<float[]> series = new ArrayList<>();
      for (int b = 0; b < batch; b++) {
        series.add(Arrays.copyOfRange(all, b * length, (b + 1) * length));
      }
      int steps = (int) horizon[0];
      int levels = forecaster.levels().size();
      if ((long) batch * steps * levels > LARGEST_OUTPUT) {
        throw ModelFormatException.of(
            context.file(),
            "prediction_length",
            "quantiles that fit an array",
            batch + " series, " + steps + " steps, " + levels + " levels");
      }
      List<Forecast> forecasts = forecaster.forecast(series, steps, 1, team);
      return List.of(
          TensorOutput.of(
              "quantiles",
              TensorOutput.concatenate(forecasts.stream().map(Forecast::quantiles).toList()),
              batch,
              steps,
              levels),
          TensorOutput.of(
              "mean",
              TensorOutput.concatenate(forecasts.stream().map(Forecast::median).toList()),
              batch,
              steps));
    } catch (IllegalArgumentException e) {
      throw new IOException(inputs + ": " + e.getMessage(), e);
    }
  }

  private List<TensorOutput> episode(Path folder) throws IOException {
    ActionEpisode episode = EpisodeFile.read(inputs);
    Team team = model.team();
    try (ActionModel actor = ActionModel.open(folder, model.load())) {
      ActionTask environment =
          task != null
              ? actor.task(task)
              : episode.pictures() != null
                  ? ActionTask.ofPictures(1, 0)
                  : ActionTask.ofVectors(
                      episode.observationWidth(), actor.config().actionWidth(), 1, 0);
      ActionOutputs outputs =
          steps
              ? actor.replay(episode, environment, ActionMode.ZERO, 1, team)
              : actor.evaluate(episode, environment, team);
      return List.of(
          TensorOutput.of(
              "action_logits",
              outputs.logits(),
              outputs.steps(),
              outputs.dimensions(),
              outputs.choices()),
          TensorOutput.of("actions", outputs.actions(), outputs.steps(), outputs.actionWidth()));
    } catch (IllegalArgumentException e) {
      throw new IOException(inputs + ": " + e.getMessage(), e);
    }
  }

  private static int[] shape(Tensor tensor, int minRank, int maxRank) throws IOException {
    int[] shape = tensor.dimensions();
    boolean empty = Arrays.stream(shape).anyMatch(dimension -> dimension == 0);
    if (shape.length < minRank || shape.length > maxRank || empty) {
      throw ModelFormatException.of(
          tensor.file(),
          "tensor " + tensor.name(),
          minRank + " to " + maxRank + " dimensions, none empty",
          Arrays.toString(shape));
    }
    return shape;
  }
}
