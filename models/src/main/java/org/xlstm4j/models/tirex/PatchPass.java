package org.xlstm4j.models.tirex;

import java.util.ArrayList;
import java.util.List;
import org.xlstm4j.engine.cells.Sequences;
import org.xlstm4j.engine.cells.State;
import org.xlstm4j.engine.threads.Workspace;
import org.xlstm4j.engine.tokens.Columns;
import org.xlstm4j.models.blocks.Pass;

/**
 * Patches of several windows on their way through a {@link TirexModel}: one sequence a window, with
 * buffers and states that are used again for the next ones.
 *
 * <p>Not thread-safe.
 */
final class PatchPass {
  /** Patches that go through the network together, if not a single window has more. */
  static final int TOKENS = 512;

  private final TirexModel model;
  private final TirexConfig config;
  private final Workspace workspace;
  private final List<State> states = new ArrayList<>();
  private int capacity;

  /** {@code [patches][2 * patch]}: the network's inputs. */
  private Columns inputs = Columns.allocate(0, 0);

  /** {@code [patches][width]}. */
  private Columns x = inputs;

  PatchPass(TirexModel model, Workspace workspace) {
    this.model = model;
    this.config = model.config();
    this.workspace = workspace;
  }

  /**
   * Patches of a window, from one on.
   *
   * @param window what they are cut from
   * @param first number of patches in front of them, none of which holds a value of the series
   * @param count how many, at least 1
   */
  record Part(Window window, int first, int count) {}

  Workspace workspace() {
    return workspace;
  }

  /** {@code [patches][width]}: the parts' residual streams, one behind the other. */
  Columns x() {
    return x;
  }

  /** Embeds the patches of some parts, each in the state behind the patches in front of it. */
  Pass enter(List<Part> parts) {
    List<State> starts = new ArrayList<>();
    List<Integer> lengths = new ArrayList<>();
    for (Part part : parts) {
      starts.add(padding(part.first()));
      lengths.add(part.count());
    }
    Sequences sequences = new Sequences(statesOf(starts), lengths);
    reserve(sequences.tokens());
    int token = 0;
    for (Part part : parts) {
      part.window().write(part.first(), part.count(), inputs.fromToken(token));
      token += part.count();
    }
    return enter(sequences);
  }

  private Pass enter(Sequences sequences) {
    model.embedding().apply(workspace, inputs, sequences.tokens(), x);
    return Pass.ofSequences(workspace, sequences);
  }

  /** States of this pass, set to where the parts start. */
  private List<State> statesOf(List<State> starts) {
    while (states.size() < starts.size()) {
      states.add(new State(model.layout()));
    }
    for (int i = 0; i < starts.size(); i++) {
      states.get(i).copyFrom(starts.get(i));
    }
    return states.subList(0, starts.size());
  }

  /** The state after some patches without values. */
  private State padding(int patches) {
    State known = model.paddings().get(patches);
    if (known != null) {
      return known;
    }
    State state = new State(model.layout());
    if (patches > 0) {
      reserve(patches);
      new Window(config, new float[0], 0, 1).write(0, patches, inputs);
      model.blocks().forward(enter(new Sequences(List.of(state), List.of(patches))), x);
    }
    State other = model.paddings().putIfAbsent(patches, state);
    return other == null ? state : other;
  }

  private void reserve(int tokens) {
    if (tokens > capacity) {
      capacity = tokens;
      inputs = Columns.allocate(tokens, 2 * config.patch());
      x = Columns.allocate(tokens, config.width());
    }
  }
}
