package org.xlstm4j.bench.suite;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.xlstm4j.engine.WarmUp;
import org.xlstm4j.engine.cells.MlstmCell;
import org.xlstm4j.engine.cells.StateLayout;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.engine.threads.Workspace;
import org.xlstm4j.engine.tokens.Columns;

/** One token through many mLSTM cells: the pass over the matrix memories. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class CellBenchmark {
  private static final int HEADS = 4;

  /** Width of a head's keys x width of its values x number of cells. */
  @Param({"128x256x1", "256x512x32"})
  String size = "";

  @Param({"1", "2"})
  int threads;

  private StateLayout layout = new StateLayout();
  private MlstmCell[] cells = {};
  private Workspace workspace = new Workspace(Team.of(1));
  private org.xlstm4j.engine.cells.State state = new org.xlstm4j.engine.cells.State(layout);
  private Columns h = Columns.allocate(1, 1);
  private MlstmCell.Inputs inputs = new MlstmCell.Inputs(h, h, h, h, h);

  /** Makes the cells. */
  @Setup
  public void open() {
    WarmUp.complete();
    String[] sides = size.split("x", -1);
    int keys = Integer.parseInt(sides[0]);
    int values = Integer.parseInt(sides[1]);
    layout = new StateLayout();
    cells = new MlstmCell[Integer.parseInt(sides[2])];
    for (int i = 0; i < cells.length; i++) {
      cells[i] = new MlstmCell(HEADS, keys, values, MlstmCell.Scaled.QUERY, 1e-6f, layout, i + ".");
    }
    workspace = new Workspace(Team.of(threads));
    state = new org.xlstm4j.engine.cells.State(layout);
    h = Columns.allocate(1, HEADS * values);
    Columns query = Columns.allocate(1, HEADS * keys);
    Columns value = Columns.allocate(1, HEADS * values);
    Columns gates = Columns.allocate(1, HEADS);
    inputs = new MlstmCell.Inputs(query, query, value, gates, gates);
  }

  /** One token. */
  @Benchmark
  public Columns step(Work work) {
    for (MlstmCell cell : cells) {
      cell.forward(workspace, state, inputs, 1, h);
    }
    work.updateGigabytes += layout.byteSize() * 1e-9;
    return h;
  }
}
