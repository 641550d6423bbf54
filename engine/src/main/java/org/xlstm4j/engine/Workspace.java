package org.xlstm4j.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.engine.kernels.TileKernels;
import org.xlstm4j.engine.machine.ProductResults;

/**
 * What a session computes with: its team of threads and scratch memory that is reused from call to
 * call. Buffers grow to the largest size asked for, so after the first step of a kind nothing is
 * allocated.
 *
 * <p>Not thread-safe: one session, one workspace.
 */
public final class Workspace {
  private final Team team;
  private final List<Operand> operands = new ArrayList<>();
  private final LinearRegion linearRegion = new LinearRegion(this);
  private final float[][] panels;
  private final float[][] pieces;
  private final float[][] rows;
  private final @Nullable ProductResults[] results;
  private final Map<Class<?>, Object> scratch = new HashMap<>();
  private float[] packedTokens = new float[0];
  private @Nullable LinearObserver observer;

  /**
   * A workspace.
   *
   * @param team the threads to compute with
   */
  public Workspace(Team team) {
    MissingFlags.warnOnce();
    KernelPath.inUse();
    this.team = team;
    panels = new float[team.size()][Panels.COLUMNS * Panels.ROWS];
    pieces = new float[team.size()][Panels.STRIDE * TileKernels.ROWS];
    rows = new float[team.size()][0];
    results = new ProductResults[team.size()];
  }

  /**
   * The threads.
   *
   * @return the team this workspace was made with
   */
  public Team team() {
    return team;
  }

  /**
   * A cell's or layer's own scratch memory, made once a workspace.
   *
   * @param type class of the scratch object, the key
   * @param maker makes it the first time
   * @param <T> its type
   * @return the same object for the same class at every call
   */
  public <T> T scratch(Class<T> type, Function<Workspace, T> maker) {
    Object found = scratch.get(type);
    if (found == null) {
      found = maker.apply(this);
      scratch.put(type, found);
    }
    return type.cast(found);
  }

  /**
   * Shows the inputs of all projections from now on.
   *
   * @param observer is called in the session's thread
   */
  public void observe(LinearObserver observer) {
    this.observer = observer;
  }

  @Nullable LinearObserver observer() {
    return observer;
  }

  /** Room for a group of tokens; asked for by one thread before others use it. */
  Operand operand(int index) {
    while (operands.size() <= index) {
      operands.add(new Operand());
    }
    return operands.get(index);
  }

  LinearRegion linearRegion() {
    return linearRegion;
  }

  /** One member's unpacked panel, {@code [Panels.COLUMNS][32]}. */
  float[] panel(int member) {
    return panels[member];
  }

  /** One member's scratch: eight rows, or a tile that does not fit its target. */
  float[] piece(int member) {
    return pieces[member];
  }

  /** One member's room for results of machine code. */
  ProductResults results(int member) {
    ProductResults found = results[member];
    if (found == null) {
      found = new ProductResults();
      results[member] = found;
    }
    return found;
  }

  /** One member's room for weights as floats. */
  float[] rows(int member, int length) {
    if (rows[member].length < length) {
      rows[member] = new float[length];
    }
    return rows[member];
  }

  float[] packedTokens(int length) {
    if (packedTokens.length < length) {
      packedTokens = new float[length];
    }
    return packedTokens;
  }
}
