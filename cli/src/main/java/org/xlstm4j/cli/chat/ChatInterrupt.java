package org.xlstm4j.cli.chat;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.models.chat.ChatAnswer;

/** What an interrupt does: it stops the answer; where there is none to stop, it leaves. */
final class ChatInterrupt {
  private final AtomicReference<@Nullable ChatAnswer> running = new AtomicReference<>();
  private final Runnable leave;

  ChatInterrupt(Runnable leave) {
    this.leave = leave;
  }

  /** From now on there is an answer to stop. */
  void begin(ChatAnswer answer) {
    running.set(answer);
  }

  /** The answer is over. */
  void end() {
    running.set(null);
  }

  /** An interrupt came; a second one for the same answer leaves. */
  void interrupt() {
    ChatAnswer answer = running.getAndSet(null);
    if (answer != null) {
      answer.cancel();
    } else {
      leave.run();
    }
  }
}
