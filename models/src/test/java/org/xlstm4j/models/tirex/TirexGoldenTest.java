package org.xlstm4j.models.tirex;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xlstm4j.engine.cells.Sequences;
import org.xlstm4j.engine.cells.SlstmCell.Arithmetic;
import org.xlstm4j.engine.cells.State;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.engine.threads.Workspace;
import org.xlstm4j.engine.tokens.Columns;
import org.xlstm4j.models.Models;
import org.xlstm4j.models.blocks.Pass;
import org.xlstm4j.models.blocks.Residual;
import org.xlstm4j.models.blocks.ResidualStack;
import org.xlstm4j.models.forecast.Forecast;
import org.xlstm4j.models.forecast.ForecastModel;
import org.xlstm4j.models.forecast.ForecastSession;
import org.xlstm4j.models.testing.Golden;

/** Small random models against the original code, from its tokens to its quantiles. */
class TirexGoldenTest {
  @ParameterizedTest
  @CsvSource({
    "tirex_a, model.safetensors, FLOAT32, .f32, 2e-6",
    "tirex_a, model.ckpt, FLOAT32, .f32, 2e-6",
    "tirex_a, model.ckpt, BFLOAT16, '', 1e-3",
    "tirex_a, '', FLOAT32, '', 1e-2",
    "tirex_b, '', FLOAT32, .f32, 2e-6",
    "tirex_b, '', BFLOAT16, '', 1e-3",
    "tirex_b, '', FLOAT32, '', 1e-2"
  })
  void forecasts(String name, String file, Arithmetic arithmetic, String suffix, double limit)
      throws IOException {
    try (Golden golden = Golden.open("xlstm", name);
        TirexModel model = open(golden, file, arithmetic)) {
      checkQuantiles(golden, model, "context", "quantiles", suffix, 1, limit);
      checkQuantiles(golden, model, "context_short", "quantiles_short", suffix, 1, limit);
      checkQuantiles(golden, model, "context", "quantiles_rollout3", suffix, 3, limit);
      checkMedian(golden, model, suffix, limit);
      checkInside(golden, model, suffix, limit);
    }
  }

  private static TirexModel open(Path path, Arithmetic arithmetic) throws IOException {
    return (TirexModel) Models.open(path, ForecastModel.class, arithmetic);
  }

  private static TirexModel open(Golden golden, String file, Arithmetic arithmetic)
      throws IOException {
    Path path = file == null ? golden.folder() : golden.folder().resolve(file);
    if (path.toString().endsWith(".safetensors")) {
      return open(golden.folder(), arithmetic);
    }
    assertEquals("TiRex", Models.family(path).name());
    return open(path, arithmetic);
  }

  private static void checkQuantiles(
      Golden golden,
      TirexModel model,
      String context,
      String name,
      String suffix,
      int patchesPerPass,
      double limit)
      throws IOException {
    List<float[]> series = rows(golden, context);
    int horizon = (int) golden.shape(name)[1];
    List<Forecast> together = model.forecast(series, horizon, patchesPerPass, Team.of(2));
    for (int row = 0; row < series.size(); row++) {
      float[] expected = golden.floats(name + suffix, row);
      double error = Golden.errors(expected, together.get(row).quantiles())[1];
      assertTrue(error <= limit, name + " of row " + row + ": " + error + ", at most " + limit);

      ForecastSession alone = model.newSession(Team.of(1));
      for (float value : series.get(row)) {
        alone.add(value);
      }
      Forecast forecast = alone.forecast(horizon, patchesPerPass);
      error = Golden.errors(expected, forecast.quantiles())[1];
      assertTrue(error <= limit, name + " of row " + row + " alone: " + error);
    }
  }

  private static void checkMedian(Golden golden, TirexModel model, String suffix, double limit)
      throws IOException {
    int horizon = (int) golden.shape("mean")[1];
    List<Forecast> forecasts = model.forecast(rows(golden, "context"), horizon, 1, Team.of(1));
    for (int row = 0; row < forecasts.size(); row++) {
      float[] expected = golden.floats("mean" + suffix, row);
      double scale = 0;
      for (float value : golden.floats("quantiles" + suffix, row)) {
        scale = Math.max(scale, Math.abs(value));
      }
      float[] median = forecasts.get(row).median();
      for (int step = 0; step < horizon; step++) {
        assertEquals(expected[step], median[step], limit * scale);
      }
    }
  }

  /** Tokens, scaling, embeddings, every block's output, the first cell's state, raw outputs. */
  private static void checkInside(Golden golden, TirexModel model, String suffix, double limit)
      throws IOException {
    TirexConfig config = model.config();
    List<float[]> rows = rows(golden, "context");
    int patches = config.patches();
    int width = config.width();
    List<State> states = new ArrayList<>();
    List<Integer> lengths = new ArrayList<>();
    Columns tokens = Columns.allocate(rows.size() * patches, 2 * config.patch());
    for (int row = 0; row < rows.size(); row++) {
      Window window = new Window(config, rows.get(row), 0, 1);
      assertClose(golden.floats("scaler_loc", row), 1e-6, window.scaling().location());
      assertClose(golden.floats("scaler_scale", row), 1e-6, window.scaling().scale());
      window.write(0, patches, tokens.fromToken(row * patches));
      states.add(new State(model.layout()));
      lengths.add(patches);
    }
    checkTokens(golden, config, tokens, rows.size() * patches);

    Sequences sequences = new Sequences(states, lengths);
    Workspace workspace = new Workspace(Team.of(2));
    Columns x = Columns.allocate(sequences.tokens(), width);
    model.embedding().apply(workspace, tokens, sequences.tokens(), x);
    assertClose(golden.floats("embedded" + suffix), limit, x.data());
    float[] hidden = golden.floats("hidden" + suffix);
    List<Residual> residuals = model.blocks().residuals();
    Pass pass = Pass.ofSequences(workspace, sequences);
    int blocks = residuals.size() / 2;
    for (int block = 0; block < blocks; block++) {
      new ResidualStack(width, residuals.subList(2 * block, 2 * block + 2)).forward(pass, x);
      float[] expected = new float[x.data().length];
      for (int token = 0; token < sequences.tokens(); token++) {
        System.arraycopy(hidden, (token * blocks + block) * width, expected, token * width, width);
      }
      assertClose(expected, limit, x.data());
    }
    float[] cells = golden.floats("block_0.cell_state" + suffix);
    for (int row = 0; row < rows.size(); row++) {
      float[] state = states.get(row).read(model.layout().slots().getFirst());
      for (int part = 0; part < 4; part++) {
        int from = (part * rows.size() + row) * width;
        assertClose(
            Arrays.copyOfRange(cells, from, from + width),
            limit,
            Arrays.copyOfRange(state, part * width, (part + 1) * width));
      }
    }
    Columns normed = Columns.allocate(sequences.tokens(), width);
    Columns raw = Columns.allocate(sequences.tokens(), config.levels().size() * config.patch());
    model.outNorm().apply(x, 0, sequences.tokens(), normed);
    model.readOut().apply(workspace, normed, sequences.tokens(), raw);
    assertClose(golden.floats("raw_output" + suffix), limit, raw.data());
  }

  /** The golden tokens are those before the mask is appended, NaN where values are missing. */
  private static void checkTokens(Golden golden, TirexConfig config, Columns tokens, int count)
      throws IOException {
    float[] expected = golden.floats("input_token");
    int patch = config.patch();
    for (int token = 0; token < count; token++) {
      for (int i = 0; i < patch; i++) {
        float value = expected[token * patch + i];
        float mask = tokens.data()[tokens.at(token) + patch + i];
        assertEquals(Float.isNaN(value) ? 0 : 1, mask);
        float filled = Float.isNaN(value) ? config.missing() : value;
        double delta = 2e-6 * Math.max(1, Math.abs(filled));
        assertEquals(filled, tokens.data()[tokens.at(token) + i], delta);
      }
    }
  }

  private static void assertClose(float[] expected, double limit, float... actual) {
    double error = Golden.errors(expected, actual)[1];
    assertTrue(error <= limit, "error " + error + ", at most " + limit);
  }

  private static List<float[]> rows(Golden golden, String name) throws IOException {
    List<float[]> rows = new ArrayList<>();
    for (int row = 0; row < golden.shape(name)[0]; row++) {
      rows.add(golden.floats(name, row));
    }
    return rows;
  }
}
