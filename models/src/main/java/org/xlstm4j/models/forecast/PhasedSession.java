package org.xlstm4j.models.forecast;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.engine.cells.State;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.engine.threads.Workspace;
import org.xlstm4j.engine.tokens.Columns;
import org.xlstm4j.models.blocks.Pass;

/**
 * An anchored session of any family. The network takes whole patches, but a forecast should begin
 * right after the last value. So there is a state for each <em>phase</em>: the patches of one phase
 * end a stride later than those of the phase before. After every stride of values one phase
 * computes a patch, and its output is the forecast until the next phase computes one.
 */
public final class PhasedSession implements AnchoredSession {
  private final ForecastModel model;
  private final PatchRecurrence network;
  private final Buffers buffers;
  private final int patch;
  private final int stride;
  private final List<Phase> phases = new ArrayList<>();

  /** As many as a context, and one in front: a difference needs the value before. */
  private final RecentValues values;

  /** The last value that is not missing; NaN if there is none yet. */
  private float last = Float.NaN;

  private PatchRecurrence.@Nullable Anchor anchor;

  /** Whose patch ended last. */
  private int current;

  /** Values since then. */
  private int pending;

  /** What sessions of one thread share. */
  private static final class Buffers {
    private final Team team;
    private final Workspace workspace;
    private final State ahead;
    private final int inputWidth;
    private final int width;
    private final int outputWidth;
    private int capacity;
    private Columns inputs = Columns.allocate(0, 0);
    private Columns x = inputs;
    private Columns outputs = inputs;

    Buffers(ForecastModel model, PatchRecurrence network, Team team) {
      this.team = team;
      workspace = new Workspace(team);
      ahead = network.newState();
      inputWidth = 2 * model.patchLength();
      width = network.width();
      outputWidth = model.levels().size() * model.patchLength();
    }

    void reserve(int patches) {
      if (patches > capacity) {
        capacity = patches;
        inputs = Columns.allocate(patches, inputWidth);
        x = Columns.allocate(patches, width);
        outputs = Columns.allocate(patches, outputWidth);
      }
    }
  }

  /** A place at which patches end: the state behind the last one, and the stream at its end. */
  private static final class Phase {
    private final State state;
    private final Pass pass;
    private final float[] stream;

    /** The last value there that is not missing. */
    private float last;

    Phase(PatchRecurrence network, Workspace workspace) {
      state = network.newState();
      pass = Pass.ofStream(workspace, state);
      stream = new float[network.width()];
    }
  }

  private PhasedSession(ForecastModel model, PatchRecurrence network, Buffers buffers, int stride) {
    this.model = model;
    this.network = network;
    this.buffers = buffers;
    this.stride = stride;
    patch = model.patchLength();
    for (int i = 0; i < patch / stride; i++) {
      phases.add(new Phase(network, buffers.workspace));
    }
    values = new RecentValues(model.contextLength() + 1);
  }

  /**
   * Sessions that share their scratch memory.
   *
   * @param model whose
   * @param network the model as a recurrence
   * @param count how many
   * @param stride values between one phase and the next, a divisor of the patch's length
   * @param team the threads to compute with
   * @return the sessions, used by one thread at a time
   */
  public static List<AnchoredSession> of(
      ForecastModel model, PatchRecurrence network, int count, int stride, Team team) {
    if (stride < 1 || model.patchLength() % stride != 0) {
      throw new IllegalArgumentException(
          "a stride of " + stride + ", expected a divisor of " + model.patchLength());
    }
    Buffers buffers = new Buffers(model, network, team);
    List<AnchoredSession> sessions = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      sessions.add(new PhasedSession(model, network, buffers, stride));
    }
    return List.copyOf(sessions);
  }

  @Override
  public void add(float... newValues) {
    ForecastModel.requireUsable("", newValues);
    for (float value : newValues) {
      append(value);
      if (anchor != null) {
        pending++;
        if (pending == stride) {
          step(anchor);
        }
      } else if (values.added() >= model.contextLength() && !Float.isNaN(last)) {
        anchor();
      }
    }
  }

  private void append(float value) {
    values.add(value);
    last = Float.isNaN(value) ? last : value;
  }

  /** The next phase has its turn. */
  private void step(PatchRecurrence.Anchor frozen) {
    pending = 0;
    current = (current + 1) % phases.size();
    Phase phase = phases.get(current);
    phase.last = last;
    buffers.reserve(1);
    frozen.write(values.array(), values.end(), buffers.inputs, 0);
    network.forward(phase.pass, buffers.inputs, buffers.x);
    System.arraycopy(buffers.x.data(), buffers.x.at(0), phase.stream, 0, phase.stream.length);
  }

  @Override
  public void anchor() {
    if (Float.isNaN(last)) {
      throw new IllegalStateException("a session without values");
    }
    float[] window = values.copy();
    PatchRecurrence.Anchor frozen = network.anchor(window);
    for (int i = 0; i < phases.size(); i++) {
      begin(frozen, window, phases.get(i), window.length - patch + (i + 1) * stride);
    }
    anchor = frozen;
    current = phases.size() - 1;
    pending = 0;
  }

  /** The state of a phase behind a context of patches. */
  private void begin(PatchRecurrence.Anchor frozen, float[] window, Phase phase, int windowEnd) {
    int patches = (model.contextLength() - 1) / patch + 1;
    buffers.reserve(patches);
    for (int i = 0; i < patches; i++) {
      frozen.write(window, windowEnd - (patches - 1 - i) * patch, buffers.inputs, i);
    }
    phase.last = last;
    phase.state.reset();
    forward(phase.state, patches);
    int from = buffers.x.at(patches - 1);
    System.arraycopy(buffers.x.data(), from, phase.stream, 0, phase.stream.length);
  }

  private Pass forward(State state, int patches) {
    Pass pass = Pass.ofStream(buffers.workspace, state).take(patches);
    network.forward(pass, buffers.inputs, buffers.x);
    return pass;
  }

  @Override
  public boolean isAnchored() {
    return anchor != null;
  }

  @Override
  public long length() {
    return values.added();
  }

  @Override
  public Forecast forecast(int horizon) {
    ForecastOptions options = ForecastOptions.of(horizon);
    if (anchor == null) {
      SeriesGroup alone = SeriesGroup.of(values.copy());
      int patches = (horizon - 1) / patch + 1;
      options = options.withPatchesPerPass(patches);
      return model.forecastGroups(List.of(alone), options, buffers.team).getFirst().getFirst();
    }
    int steps = Math.min(horizon, model.longestHorizon());
    return forecast(anchor, steps);
  }

  @Override
  public Forecast forecast(int horizon, int patchesPerPass) {
    return forecast(horizon);
  }

  /** The current phase's forecast, and behind it patches of missing values from a copy of it. */
  private Forecast forecast(PatchRecurrence.Anchor frozen, int horizon) {
    Phase phase = phases.get(current);
    int steps = Math.addExact(pending, horizon);
    int patches = (steps - 1) / patch + 1;
    buffers.reserve(patches);
    Pass pass = phase.pass;
    if (patches > 1) {
      for (int i = 0; i < patches - 1; i++) {
        frozen.write(values.array(), 0, buffers.inputs, i);
      }
      buffers.ahead.copyFrom(phase.state);
      pass = forward(buffers.ahead, patches - 1);
      for (int i = patches - 1; i > 0; i--) {
        float[] x = buffers.x.data();
        System.arraycopy(x, buffers.x.at(i - 1), x, buffers.x.at(i), buffers.width);
      }
    }
    System.arraycopy(phase.stream, 0, buffers.x.data(), buffers.x.at(0), phase.stream.length);
    network.readOut(pass, buffers.x, patches, buffers.outputs);
    float[] all = frozen.quantiles(buffers.outputs, steps, phase.last);
    int levels = model.levels().size();
    float[] quantiles = Arrays.copyOfRange(all, pending * levels, steps * levels);
    return new Forecast(model.levels(), horizon, horizon, quantiles);
  }

  @Override
  public void reset() {
    values.clear();
    last = Float.NaN;
    pending = 0;
    anchor = null;
  }
}
