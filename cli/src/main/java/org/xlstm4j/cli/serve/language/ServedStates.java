package org.xlstm4j.cli.serve.language;

import org.xlstm4j.models.language.LanguageSession;

/** The place where states behind the prompts and texts of a model can be kept. None are yet. */
final class ServedStates implements AutoCloseable {
  /** Sets a session to the longest beginning that was kept of a prompt; gives its length. */
  int restore(int[] prompt, LanguageSession session) {
    return 0;
  }

  /** Keeps a session's state, unless it is behind other tokens than these, as one cut short is. */
  void keep(int[] tokens, LanguageSession session) {}

  @Override
  public void close() {}
}
