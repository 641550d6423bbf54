package org.xlstm4j.models.language;

import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xlstm4j.engine.cells.MlstmCell;
import org.xlstm4j.engine.cells.State;
import org.xlstm4j.engine.cells.StateLayout;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.engine.threads.Workspace;
import org.xlstm4j.engine.tokens.Columns;
import org.xlstm4j.loader.config.Config;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.models.testing.Golden;

/** The mLSTM cell alone against the kernels' outputs: initial states, extreme gates, prefixes. */
class MlstmKernelGoldenTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "mlstm_kernel_16x16",
        "mlstm_kernel_16x16_extreme",
        "mlstm_kernel_24x24",
        "mlstm_kernel_24x40_init",
        "mlstm_kernel_24x8_extreme_init",
        "mlstm_kernel_32x64_b2"
      })
  void stepsAndChunks(String name) throws IOException {
    try (Golden golden = Golden.open("xlstm", name)) {
      Config config = Config.ofFolder(golden.folder());
      int heads = config.integer("num_heads", 1, 64);
      int keyWidth = config.integer("dqk", 1, 512);
      int valueWidth = config.integer("dhv", 1, 512);
      int length = config.integer("seq", 1, 4096);
      for (int batch = 0; batch < config.integer("batch", 1, 8); batch++) {
        StateLayout layout = new StateLayout();
        MlstmCell cell =
            new MlstmCell(heads, keyWidth, valueWidth, MlstmCell.Scaled.QUERY, 1e-6f, layout, "");
        MlstmCell.Inputs inputs =
            new MlstmCell.Inputs(
                tokens(golden, "q", batch, heads, length, keyWidth),
                tokens(golden, "k", batch, heads, length, keyWidth),
                tokens(golden, "v", batch, heads, length, valueWidth),
                tokens(golden, "i", batch, heads, length, 1),
                tokens(golden, "f", batch, heads, length, 1));
        Columns expected = tokens(golden, "h_f64", batch, heads, length, valueWidth);
        Workspace workspace = new Workspace(Team.of(1));
        Columns h = Columns.allocate(length, heads * valueWidth);

        State chunked = initial(golden, layout, batch);
        cell.forward(workspace, chunked, inputs, length, h);
        double observed = golden.observed("prefill_vs_f64", "step_vs_f64");
        Golden.assertClose(expected.data(), h.data(), observed, name + " chunks");
        check(golden, chunked, "_prefill", batch);

        State stepped = initial(golden, layout, batch);
        for (int t = 0; t < length; t++) {
          cell.forward(workspace, stepped, at(inputs, t), 1, at(h, t));
          if (golden.has("C_step." + (t + 1))) {
            check(golden, stepped, "_step." + (t + 1), batch);
          }
        }
        Golden.assertClose(expected.data(), h.data(), observed, name + " steps");
      }
    }
  }

  private static State initial(Golden golden, StateLayout layout, int batch)
      throws ModelFormatException {
    State state = new State(layout);
    for (StateLayout.Slot slot : layout.slots()) {
      if (golden.has(slot.name() + "_initial")) {
        state.write(slot, golden.floats(slot.name() + "_initial", batch));
      }
    }
    return state;
  }

  private static void check(Golden golden, State state, String suffix, int batch)
      throws ModelFormatException {
    for (StateLayout.Slot slot : state.layout().slots()) {
      float[] expected = golden.floats(slot.name() + suffix, batch);
      Golden.assertClose(expected, state.read(slot), 7e-7, slot.name() + suffix);
    }
  }

  private static MlstmCell.Inputs at(MlstmCell.Inputs inputs, int token) {
    return new MlstmCell.Inputs(
        at(inputs.query(), token),
        at(inputs.key(), token),
        at(inputs.value(), token),
        at(inputs.inputGate(), token),
        at(inputs.forgetGate(), token));
  }

  private static Columns at(Columns columns, int token) {
    return new Columns(columns.data(), columns.at(token), columns.stride());
  }

  /** From {@code [batch][head][token][width]} to token after token. */
  private static Columns tokens(
      Golden golden, String name, int batch, int heads, int length, int width)
      throws ModelFormatException {
    float[] values = golden.floats(name, batch);
    Columns columns = Columns.allocate(length, heads * width);
    for (int head = 0; head < heads; head++) {
      for (int t = 0; t < length; t++) {
        int from = (head * length + t) * width;
        System.arraycopy(values, from, columns.data(), columns.at(t) + head * width, width);
      }
    }
    return columns;
  }
}
