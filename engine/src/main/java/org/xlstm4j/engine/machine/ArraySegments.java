package org.xlstm4j.engine.machine;

import java.lang.foreign.MemorySegment;
import java.lang.ref.WeakReference;
import org.jspecify.annotations.Nullable;

/**
 * Arrays as memory segments. A segment of an array is made once and found again, so that kernels
 * can be called with the same arrays over and over without an allocation: what C2 makes of a call
 * keeps a part of each new segment. Arrays that nobody else refers to can still be collected; after
 * a collection their segments are made anew.
 *
 * <p>Thread-safe: threads that look for the same array may each make a segment, which are alike.
 */
final class ArraySegments {
  /** Many times as many as the sessions of a process have arrays, a power of two. */
  private static final int SIZE = 1 << 14;

  /** Places where an array may be, from that of its hash code on. */
  private static final int PLACES = 16;

  @SuppressWarnings({"unchecked", "rawtypes"}) // of an array
  private static final @Nullable WeakReference<Known>[] TABLE = new WeakReference[SIZE];

  private record Known(Object array, MemorySegment segment) {}

  private ArraySegments() {}

  /** The segment of a whole array. */
  static MemorySegment of(float[] array) {
    int first = System.identityHashCode(array);
    for (int i = 0; i < PLACES; i++) {
      Known known = at(first + i);
      if (known != null && known.array == array) {
        return known.segment;
      }
    }
    return remember(array, first);
  }

  private static @Nullable Known at(int place) {
    WeakReference<Known> reference = TABLE[place & (SIZE - 1)];
    return reference == null ? null : reference.get();
  }

  private static MemorySegment remember(float[] array, int first) {
    int place = first;
    for (int i = PLACES - 1; i >= 0; i--) {
      if (at(first + i) == null) {
        place = first + i;
      }
    }
    MemorySegment segment = MemorySegment.ofArray(array);
    TABLE[place & (SIZE - 1)] = new WeakReference<>(new Known(array, segment));
    return segment;
  }
}
