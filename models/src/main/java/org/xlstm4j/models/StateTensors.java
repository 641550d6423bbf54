package org.xlstm4j.models;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.xlstm4j.engine.cells.State;
import org.xlstm4j.engine.cells.StateLayout;

/**
 * The states of a batch of sequences as tensors, {@code state.<name>} each, in the shapes that the
 * original code gives them. Not thread-safe.
 */
public final class StateTensors {
  private final List<State> states = new ArrayList<>();

  /** No sequences yet. */
  public StateTensors() {}

  /**
   * Adds a sequence.
   *
   * @param state at its end, which must not change any more
   */
  public void add(State state) {
    states.add(state);
  }

  /**
   * The tensors.
   *
   * @return one a slot of the states' layout
   */
  public List<NamedTensor> tensors() {
    List<NamedTensor> tensors = new ArrayList<>();
    if (!states.isEmpty()) {
      for (StateLayout.Slot slot : states.getFirst().layout().slots()) {
        tensors.add(tensor(slot, states.stream().map(state -> state.read(slot)).toList()));
      }
    }
    return tensors;
  }

  private static NamedTensor tensor(StateLayout.Slot slot, List<float[]> batch) {
    List<Long> shape = new ArrayList<>(slot.shape().stream().map(Integer::longValue).toList());
    if (slot.name().endsWith(".slstm")) {
      shape.add(1, (long) batch.size());
      return new NamedTensor("state." + slot.name(), shape, partsFirst(batch));
    }
    if (slot.name().endsWith("mlstm_n") || slot.name().endsWith("mlstm_m")) {
      shape.add(1L);
    }
    shape.add(0, (long) batch.size());
    return new NamedTensor("state." + slot.name(), shape, NamedTensor.concatenate(batch));
  }

  /** The sLSTM's four states come before the batch. */
  private static float[] partsFirst(List<float[]> batch) {
    List<float[]> parts = new ArrayList<>();
    int width = batch.getFirst().length / 4;
    for (int part = 0; part < 4; part++) {
      for (float[] values : batch) {
        parts.add(Arrays.copyOfRange(values, part * width, (part + 1) * width));
      }
    }
    return NamedTensor.concatenate(parts);
  }
}
