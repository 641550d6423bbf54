package org.xlstm4j.engine.threads;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.xlstm4j.engine.KernelPath;

/**
 * What a session computes with: its team of threads and scratch memory that is reused from call to
 * call. Buffers grow to the largest size asked for, so after the first step of a kind nothing is
 * allocated.
 *
 * <p>Not thread-safe: one session, one workspace.
 */
public final class Workspace {
  private final Team team;
  private final Map<Object, Object> scratch = new HashMap<>();

  /**
   * A workspace.
   *
   * @param team the threads to compute with
   */
  public Workspace(Team team) {
    KernelPath.inUse();
    this.team = team;
  }

  /**
   * The threads.
   *
   * @return the team this workspace was made with
   */
  public Team team() {
    return team;
  }

  /**
   * A cell's or layer's own scratch memory, made once a workspace.
   *
   * @param type class of the scratch object, the key
   * @param maker makes it the first time
   * @param <T> its type
   * @return the same object for the same class at every call
   */
  public <T> T scratch(Class<T> type, Function<Workspace, T> maker) {
    Object found = scratch.get(type);
    if (found == null) {
      found = maker.apply(this);
      scratch.put(type, found);
    }
    return type.cast(found);
  }

  /**
   * Scratch memory that depends on sizes, made once a workspace.
   *
   * @param key what it is for
   * @param maker makes it the first time
   * @param <T> its type
   * @return the same object for equal keys at every call
   */
  @SuppressWarnings("unchecked") // what a key's maker made
  public <T> T scratch(ScratchKey key, Function<Workspace, T> maker) {
    Object found = scratch.get(key);
    if (found == null) {
      found = maker.apply(this);
      scratch.put(key, found);
    }
    return (T) found;
  }
}
