package org.xlstm4j.engine.cells;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The whole recurrent state of one session in one off-heap segment, so that copying and saving are
 * one copy of memory. A new state is all zeros, which is the start of every model here.
 *
 * <p>Not thread-safe: one session uses a state at a time. The memory is freed when the state is no
 * longer reachable.
 */
public final class State {
  private final StateLayout layout;
  private final MemorySegment segment;

  /**
   * A state of zeros.
   *
   * @param layout where its parts lie
   */
  public State(StateLayout layout) {
    this.layout = layout;
    this.segment = Arena.ofAuto().allocate(Math.max(layout.byteSize(), 64), 64);
  }

  /**
   * Where the parts lie.
   *
   * @return the layout this state was made with
   */
  public StateLayout layout() {
    return layout;
  }

  /**
   * The memory itself, {@code layout().byteSize()} bytes or a little more.
   *
   * @return the live segment, not a copy
   */
  public MemorySegment segment() {
    return segment;
  }

  /** Back to the start: all zeros. */
  public void reset() {
    segment.fill((byte) 0);
  }

  /**
   * Takes over another state.
   *
   * @param other a state of the same layout
   */
  public void copyFrom(State other) {
    if (other.layout != layout) {
      throw new IllegalArgumentException("a state of another model cannot be copied into this one");
    }
    segment.copyFrom(other.segment);
  }

  /**
   * The values of one part.
   *
   * @param slot a slot of this state's layout
   * @return a copy, in row-major order
   */
  public float[] read(StateLayout.Slot slot) {
    float[] values = new float[Math.toIntExact(slot.elements())];
    MemorySegment.copy(
        segment, ValueLayout.JAVA_FLOAT, slot.byteOffset(), values, 0, values.length);
    return values;
  }

  /**
   * Sets one part.
   *
   * @param slot a slot of this state's layout
   * @param values its values in row-major order
   */
  public void write(StateLayout.Slot slot, float[] values) {
    if (values.length != slot.elements()) {
      throw new IllegalArgumentException(
          slot.name() + " holds " + slot.elements() + " values, not " + values.length);
    }
    MemorySegment.copy(
        values, 0, segment, ValueLayout.JAVA_FLOAT, slot.byteOffset(), values.length);
  }
}
