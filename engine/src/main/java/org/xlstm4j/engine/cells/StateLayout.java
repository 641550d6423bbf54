package org.xlstm4j.engine.cells;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Where each part of a session's state lies in its one memory segment. Filled while a model is
 * built: each cell adds its parts and keeps the slots it gets.
 *
 * <p>Not thread-safe while it is being filled; afterwards it is only read.
 */
public final class StateLayout {
  /** Parts start at multiples of this many bytes: a cache line and the widest vector. */
  private static final long ALIGNMENT = 64;

  private final List<Slot> slots = new ArrayList<>();
  private long byteSize;

  /** An empty layout. */
  public StateLayout() {}

  /**
   * One named part of the state, f32 values in row-major order.
   *
   * @param name unique within the layout, such as {@code 3.C}
   * @param shape its dimensions
   * @param byteOffset where it starts in the state's segment, a multiple of 64
   * @param elements number of f32 values
   */
  public record Slot(String name, List<Integer> shape, long byteOffset, long elements) {}

  /**
   * Adds a part.
   *
   * @param name unique within the layout
   * @param shape its dimensions, each at least 1
   * @return the slot by which the state is read and written
   */
  public Slot add(String name, int... shape) {
    long elements = 1;
    List<Integer> dimensions = new ArrayList<>();
    for (int dimension : shape) {
      elements = Math.multiplyExact(elements, (long) dimension);
      dimensions.add(dimension);
    }
    Slot slot = new Slot(name, List.copyOf(dimensions), byteSize, elements);
    slots.add(slot);
    byteSize = Math.addExact(byteSize, (elements * Float.BYTES + ALIGNMENT - 1) & -ALIGNMENT);
    return slot;
  }

  /**
   * All parts in the order they were added.
   *
   * @return an unmodifiable list
   */
  public List<Slot> slots() {
    return Collections.unmodifiableList(slots);
  }

  /**
   * The memory a session's state takes.
   *
   * @return bytes
   */
  public long byteSize() {
    return byteSize;
  }
}
