package org.xlstm4j.models.language;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Keeps states of a model's sessions by the tokens that led to them, so that a text that goes on
 * from there is not read again: a conversation that returns, or a beginning that many share. In
 * memory, and if wanted in a folder, both bounded in bytes; the least recently used states are
 * dropped first.
 *
 * <p>A restored session has the state, the logits and the position of the one that was kept, to the
 * bit. So a text continued from the cache has the bits of one session that was never interrupted,
 * if both were given their tokens in the same calls. How the tokens were divided into calls of
 * {@link LanguageSession#feed} and {@link LanguageSession#step} may change the rounding, here as
 * without a cache. Of states with the same tokens the first is kept.
 *
 * <p>Thread-safe. A session belongs to one thread at a time, here too.
 */
public final class StateCache implements AutoCloseable {
  private final LanguageModel model;
  private final KeptStates memory;
  private final @Nullable StateFolder folder;

  private StateCache(LanguageModel model, KeptStates memory, @Nullable StateFolder folder) {
    this.model = model;
    this.memory = memory;
    this.folder = folder;
  }

  /**
   * A cache that ends with the process.
   *
   * @param model whose sessions
   * @param bytes of memory for states, at least one: {@link StateCache#stateBytes}
   * @return an empty cache
   */
  public static StateCache inMemory(LanguageModel model, long bytes) {
    return new StateCache(model, new KeptStates(model, bytes), null);
  }

  /**
   * A cache in memory and in a folder. What {@link #keep} has kept is on the disk when it returns,
   * and found again by a later process, even if this one is killed.
   *
   * @param model whose sessions
   * @param bytes of memory for states, at least one: {@link StateCache#stateBytes}
   * @param folder for this model alone; made if there is none. Files of states that are damaged or
   *     of another model are removed, files with other names are left alone
   * @param folderBytes most bytes of the files
   * @return a cache with what the folder holds
   * @throws IOException if the folder cannot be used, or another cache has it open
   */
  public static StateCache inFolder(LanguageModel model, long bytes, Path folder, long folderBytes)
      throws IOException {
    KeptStates memory = new KeptStates(model, bytes);
    return new StateCache(model, memory, new StateFolder(model, folder, folderBytes));
  }

  /**
   * The memory that a kept state takes, besides four bytes a token.
   *
   * @param model whose sessions
   * @return bytes
   */
  public static long stateBytes(LanguageModel model) {
    return model.stateLayout().byteSize() + Float.BYTES * (long) model.vocabularySize();
  }

  /**
   * What a cache holds.
   *
   * @param states in memory
   * @param bytes that they take
   * @param files in the folder
   * @param fileBytes that they take
   * @param discarded files that were damaged or of another model, and were removed
   */
  public record Contents(int states, long bytes, int files, long fileBytes, long discarded) {}

  /**
   * Sets a session to the longest kept beginning of a text, which may be the whole text.
   *
   * @param tokens the text, from its first token on
   * @param session of this model; if nothing is kept it is reset
   * @return the length of the beginning, which is the session's position now; 0 for none. The
   *     tokens behind it are still to be fed
   */
  public int restore(int[] tokens, LanguageSession session) {
    check(session);
    while (true) {
      int kept = memory.longest(tokens);
      int filed = folder == null ? 0 : folder.longest(tokens);
      if (folder != null && filed > kept) {
        if (folder.restore(tokens, filed, session)) {
          memory.keep(Arrays.copyOf(tokens, filed), session);
          return filed;
        }
      } else if (kept == 0) {
        session.reset();
        return 0;
      } else if (memory.restore(tokens, kept, session)) {
        if (folder != null) {
          folder.use(tokens, kept);
        }
        return kept;
      }
    }
  }

  /**
   * Keeps a session's state. Where the disk does not take it, that is logged once, and the state is
   * kept in memory only.
   *
   * @param tokens all that the session has been fed since it was new or reset
   * @param session of this model; it is only read
   * @throws IllegalArgumentException if the session is at another position than the tokens' end
   */
  public void keep(int[] tokens, LanguageSession session) {
    check(session);
    if (tokens.length == 0 || session.position() != tokens.length) {
      throw new IllegalArgumentException(
          "a session at position " + session.position() + " is not behind " + tokens.length);
    }
    memory.keep(tokens, session);
    if (folder != null) {
      folder.keep(tokens, session);
    }
  }

  /**
   * Feeds a prompt, or a conversation up to here, from the longest kept beginning on, and keeps it.
   *
   * @param tokens all of it, at least one
   * @param session of this model, whatever it was fed before
   * @param ends lengths of beginnings that are to be kept as well, such as a prompt that many
   *     conversations share; ascending. Tokens are fed up to there first, in a call of their own
   * @return how many tokens did not have to be fed
   */
  public int feed(int[] tokens, LanguageSession session, int... ends) {
    int[] all = Arrays.copyOf(ends, ends.length + 1);
    all[ends.length] = tokens.length;
    for (int i = 0; i < all.length; i++) {
      if (all[i] < (i == 0 ? 1 : all[i - 1]) || all[i] > tokens.length) {
        throw new IllegalArgumentException(
            "beginnings of " + Arrays.toString(ends) + " of " + tokens.length + " tokens");
      }
    }
    int restored = restore(tokens, session);
    int fed = restored;
    for (int end : all) {
      if (end > fed) {
        session.feed(Arrays.copyOfRange(tokens, fed, end));
        keep(Arrays.copyOf(tokens, end), session);
        fed = end;
      }
    }
    return restored;
  }

  private void check(LanguageSession session) {
    if (session.model() != model) {
      throw new IllegalArgumentException("a session of another model");
    }
  }

  /**
   * What is kept now.
   *
   * @return numbers of states and bytes
   */
  public Contents contents() {
    return folder == null
        ? new Contents(memory.count(), memory.byteSize(), 0, 0, 0)
        : new Contents(
            memory.count(),
            memory.byteSize(),
            folder.count(),
            folder.byteSize(),
            folder.discarded());
  }

  /**
   * Releases the folder, so that another cache can use it; nothing else needs closing.
   *
   * @throws IOException if the system refuses
   */
  @Override
  public void close() throws IOException {
    if (folder != null) {
      folder.close();
    }
  }
}
