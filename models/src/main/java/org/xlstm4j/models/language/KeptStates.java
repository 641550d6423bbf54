package org.xlstm4j.models.language;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * States of sessions in memory, by the tokens that led to them; where room is short, the one whose
 * last use is the longest ago goes. All states have the same size, so their memory is used again.
 * Thread-safe; copies do not wait for each other.
 */
final class KeptStates {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

  private final long stateBytes;
  private final long slotBytes;
  private final long capacity;
  private final PrefixIndex<Slot> index = new PrefixIndex<>();
  private final ArrayDeque<Slot> free = new ArrayDeque<>();

  /** Of the entries, tokens included. */
  private long bytes;

  /** Memory for a state, and the logits behind it. */
  private static final class Slot {
    final MemorySegment memory;

    /** How many copy from it. */
    int readers;

    /** Whether it is to be free when nobody copies any more. */
    boolean evicted;

    Slot(long bytes) {
      memory = Arena.ofAuto().allocate(bytes, Long.BYTES);
    }
  }

  /**
   * No states so far.
   *
   * @param capacity in bytes, at least those of a state
   */
  KeptStates(LanguageModel model, long capacity) {
    stateBytes = model.stateLayout().byteSize();
    slotBytes = stateBytes + FLOAT.byteSize() * model.vocabularySize();
    if (capacity < slotBytes + Integer.BYTES) {
      throw new IllegalArgumentException(
          "a cache of " + capacity + " bytes for states of " + slotBytes);
    }
    this.capacity = capacity;
  }

  synchronized int longest(int[] tokens) {
    PrefixIndex.Entry<Slot> found = index.longest(tokens);
    return found == null ? 0 : found.tokens().length;
  }

  /** Copies a state; false if it is no longer there. */
  boolean restore(int[] tokens, int length, LanguageSession session) {
    Slot slot;
    synchronized (this) {
      PrefixIndex.Entry<Slot> found = index.use(tokens, length);
      if (found == null) {
        return false;
      }
      slot = found.value();
      slot.readers++;
    }
    try {
      MemorySegment.copy(slot.memory, 0, session.state().segment(), 0, stateBytes);
      session.restored(length);
      MemorySegment.copy(
          slot.memory, FLOAT, stateBytes, session.logits(), 0, session.logits().length);
    } finally {
      synchronized (this) {
        slot.readers--;
        recycle(slot);
      }
    }
    return true;
  }

  /**
   * Keeps a state; nothing happens if one with the same tokens is there, or if there is no room.
   */
  void keep(int[] tokens, LanguageSession session) {
    long size = size(tokens);
    Slot slot;
    synchronized (this) {
      if (size > capacity || index.use(tokens, tokens.length) != null) {
        return;
      }
      slot = take(size);
    }
    if (slot == null) {
      return;
    }
    MemorySegment.copy(session.state().segment(), 0, slot.memory, 0, stateBytes);
    MemorySegment.copy(
        session.logits(), 0, slot.memory, FLOAT, stateBytes, session.logits().length);
    synchronized (this) {
      PrefixIndex.Entry<Slot> replaced = index.put(new PrefixIndex.Entry<>(tokens.clone(), slot));
      if (replaced != null) {
        evict(replaced);
      }
    }
  }

  private long size(int[] tokens) {
    return slotBytes + (long) Integer.BYTES * tokens.length;
  }

  /** Makes room; null if what is in the way is being copied. */
  private @Nullable Slot take(long size) {
    Iterator<PrefixIndex.Entry<Slot>> eldest = index.iterator();
    while (bytes + size > capacity && eldest.hasNext()) {
      PrefixIndex.Entry<Slot> entry = eldest.next();
      if (entry.value().readers == 0) {
        eldest.remove();
        evict(entry);
      }
    }
    if (bytes + size > capacity) {
      return null;
    }
    bytes += size;
    Slot slot = free.poll();
    return slot == null ? new Slot(slotBytes) : slot;
  }

  private void evict(PrefixIndex.Entry<Slot> entry) {
    bytes -= size(entry.tokens());
    entry.value().evicted = true;
    recycle(entry.value());
  }

  private void recycle(Slot slot) {
    if (slot.evicted && slot.readers == 0) {
      slot.evicted = false;
      free.add(slot);
    }
  }

  synchronized int count() {
    return index.size();
  }

  synchronized long byteSize() {
    return bytes;
  }
}
