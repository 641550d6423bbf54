package org.xlstm4j.cli.serve.language;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.models.language.LanguageSession;

/**
 * Sessions that were used and can be used again. There are never more than were in use at a time.
 * Thread-safe.
 */
final class SessionPool {
  private final Supplier<LanguageSession> making;
  private final ConcurrentLinkedQueue<LanguageSession> free = new ConcurrentLinkedQueue<>();

  SessionPool(Supplier<LanguageSession> making) {
    this.making = making;
  }

  /** A session at the start of a text. */
  LanguageSession take() {
    @Nullable LanguageSession session = free.poll();
    return session == null ? making.get() : session;
  }

  /** Takes back a session that nobody uses any more. */
  void giveBack(LanguageSession session) {
    session.reset();
    free.add(session);
  }
}
