package org.xlstm4j.cli.serve.language;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Requests with texts that have not begun. They take turns: of one that asks for several texts, the
 * next is begun when every other request has begun one. Not thread-safe.
 */
final class RequestQueue {
  private final Deque<Deque<Sequence>> requests = new ArrayDeque<>();

  void add(List<Sequence> request) {
    requests.add(new ArrayDeque<>(request));
  }

  /** The next text, or null if there is none. */
  @Nullable Sequence next() {
    Deque<Sequence> request = requests.poll();
    if (request == null) {
      return null;
    }
    Sequence next = request.remove();
    if (!request.isEmpty()) {
      requests.add(request);
    }
    return next;
  }

  /** Forgets texts that nobody waits for. */
  void removeCancelled() {
    requests.forEach(texts -> texts.removeIf(Sequence::isCancelled));
    requests.removeIf(Deque::isEmpty);
  }

  /** Requests that wait. */
  int size() {
    return requests.size();
  }
}
