package org.xlstm4j.cli.serve.language;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.cli.process.Failures;
import org.xlstm4j.models.language.LanguageModel;
import org.xlstm4j.models.language.LanguageSession;
import org.xlstm4j.models.language.StateCache;

/** The states behind the prompts and texts of a model, if they are kept. Thread-safe. */
final class ServedStates implements AutoCloseable {
  private final @Nullable StateCache cache;
  private final PrintStream log;

  private ServedStates(@Nullable StateCache cache, PrintStream log) {
    this.cache = cache;
    this.log = log;
  }

  /**
   * Opens what is kept of a model.
   *
   * @param log takes a line if not even one state may be kept
   * @throws IOException if the folder cannot be used
   */
  static ServedStates open(String name, LanguageModel model, StateLimits limits, PrintStream log)
      throws IOException {
    long least = StateCache.stateBytes(model);
    if (limits.bytes() < least) {
      if (limits.bytes() > 0) {
        log.println("xlstm serve: " + name + ": no states are kept, one takes " + least + " bytes");
      }
      return new ServedStates(null, log);
    } else if (limits.folder() == null) {
      return new ServedStates(StateCache.inMemory(model, limits.bytes()), log);
    }
    Files.createDirectories(limits.folder());
    Path folder = limits.folder().resolve(URLEncoder.encode(name, UTF_8).replace(".", "%2E"));
    return new ServedStates(
        StateCache.inFolder(model, limits.bytes(), folder, limits.folderBytes()), log);
  }

  /** Sets a session to the longest beginning that was kept of a prompt; gives its length. */
  int restore(int[] prompt, LanguageSession session) {
    return cache == null ? 0 : cache.restore(prompt, session);
  }

  /** Keeps a session's state, unless it is behind other tokens than these, as one cut short is. */
  void keep(int[] tokens, LanguageSession session) {
    if (cache != null && tokens.length > 0 && session.position() == tokens.length) {
      cache.keep(tokens, session);
    }
  }

  @Override
  public void close() {
    try {
      if (cache != null) {
        cache.close();
      }
    } catch (IOException e) {
      log.println("xlstm serve: " + Failures.line(e));
    }
  }
}
