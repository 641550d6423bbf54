package org.xlstm4j.models.tirex2;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.engine.tokens.Columns;
import org.xlstm4j.loader.config.Config;
import org.xlstm4j.models.Models;
import org.xlstm4j.models.forecast.Forecast;
import org.xlstm4j.models.forecast.ForecastModel;
import org.xlstm4j.models.forecast.ForecastOptions;
import org.xlstm4j.models.forecast.ForecastOptions.Choice;
import org.xlstm4j.models.forecast.ForecastSession;
import org.xlstm4j.models.forecast.SeriesGroup;
import org.xlstm4j.models.testing.Golden;

/** Small random models against the original code in 64-bit floats, from series to quantiles. */
class Tirex2GoldenTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "plain", "long", "nan", "trend", "binary", "group", "future", "past", "mixed", "flip",
        "horizon", "legacy", "options"
      })
  void forecasts(String name) throws IOException {
    try (Golden golden = Golden.open("tirex2", name);
        ForecastModel model = ForecastModel.open(golden.folder())) {
      assertEquals("TiRex-2", Models.family(golden.folder()).name());
      for (Config run : golden.entry().children("runs")) {
        for (int threads = 1; threads <= 2; threads++) {
          check(golden, model, run, Team.of(threads));
        }
      }
    }
  }

  /** The series of a run together and each alone, and series of one row in sessions. */
  private static void check(Golden golden, ForecastModel model, Config run, Team team)
      throws IOException {
    ForecastOptions options =
        ForecastOptions.of(run.integer("horizon", 1, 1000))
            .withSignFlip(choice(run, "sign_flip"))
            .withDifferencing(choice(run, "diff"));
    List<String> names = run.texts("series");
    List<SeriesGroup> groups = new ArrayList<>();
    for (String name : names) {
      groups.add(group(golden, name));
    }
    List<List<Forecast>> together = model.forecastGroups(groups, options, team);
    assertEquals(groups.size(), together.size());
    for (int i = 0; i < groups.size(); i++) {
      String what = run.text("run") + "." + names.get(i);
      assertClose(golden, what, together.get(i));
      List<SeriesGroup> one = List.of(groups.get(i));
      assertClose(golden, what, model.forecastGroups(one, options, team).getFirst());
      if (groups.get(i).rows() == 1 && !run.has("sign_flip") && !run.has("diff")) {
        ForecastSession session = model.newSession(team);
        for (float value : groups.get(i).targets().getFirst()) {
          session.add(value);
        }
        assertClose(golden, what, List.of(session.forecast(options.horizon())));
      }
    }
  }

  /** What the network sees of each row: its scaling, and its tokens. */
  @ParameterizedTest
  @ValueSource(strings = {"plain", "nan", "binary", "group", "future", "mixed"})
  void windows(String name) throws IOException {
    try (Golden golden = Golden.open("tirex2", name);
        Tirex2Model model = (Tirex2Model) ForecastModel.open(golden.folder())) {
      Tirex2Config config = model.config();
      Config run = golden.entry().children("runs").getFirst();
      String trace = run.text("run") + ".trace.";
      int steps = Math.min(run.integer("horizon", 1, 1000), config.futureLength());
      List<RowWindow> windows = new ArrayList<>();
      for (String series : run.texts("series")) {
        GroupRows rows = GroupRows.of(group(golden, series), config.contextLength(), true);
        windows.addAll(new GroupWindow(config, rows, 0, steps, false).rows());
      }
      assertEquals(golden.shape(trace + "tokens")[0], windows.size());
      float[] locations = golden.floats(trace + "loc");
      float[] scales = golden.floats(trace + "scale");
      int[] binary = golden.ints(trace + "is_binary");
      for (int row = 0; row < windows.size(); row++) {
        RowWindow window = windows.get(row);
        RowScaling scaling = window.scaling();
        assertEquals(binary[row] == 1, scaling.isBinary(), "row " + row);
        assertEquals(locations[row], (float) scaling.location(), "row " + row);
        assertEquals(scales[row], scaling.scale(), 1e-6 * scales[row], "row " + row);
        Columns tokens = Columns.allocate(config.patches(), 2 * config.patch());
        window.write(0, config.patches(), tokens);
        float[] expected = golden.floats(trace + "tokens", row);
        assertArrayEquals(expected, tokens.data(), 1e-6f, "row " + row);
      }
    }
  }

  private static Choice choice(Config run, String key) throws IOException {
    if (!run.has(key)) {
      return Choice.DEFAULT;
    }
    return run.bool(key) ? Choice.YES : Choice.NO;
  }

  private static SeriesGroup group(Golden golden, String name) throws IOException {
    return new SeriesGroup(
        rows(golden, name + ".target"),
        rows(golden, name + ".past"),
        rows(golden, name + ".future"));
  }

  private static List<float[]> rows(Golden golden, String name) throws IOException {
    List<float[]> rows = new ArrayList<>();
    if (golden.has(name)) {
      for (int row = 0; row < golden.shape(name)[0]; row++) {
        rows.add(golden.floats(name, row));
      }
    }
    return rows;
  }

  private static void assertClose(Golden golden, String what, List<Forecast> forecasts)
      throws IOException {
    String name = what + ".quantiles_f64";
    long[] shape = golden.shape(name);
    int levels = (int) shape[1];
    int steps = (int) shape[2];
    assertEquals(shape[0], forecasts.size());
    float[] actual = new float[(int) (shape[0] * levels * steps)];
    for (int target = 0; target < shape[0]; target++) {
      Forecast forecast = forecasts.get(target);
      assertEquals(steps, forecast.horizon());
      for (int level = 0; level < levels; level++) {
        for (int step = 0; step < steps; step++) {
          actual[(target * levels + level) * steps + step] = forecast.quantile(step, level);
        }
      }
    }
    double error = Golden.errors(golden.floats(name), actual)[1];
    double limit = 10 * golden.observed(what) + 2e-6;
    assertTrue(error <= limit, what + ": error " + error + ", at most " + limit);
  }
}
