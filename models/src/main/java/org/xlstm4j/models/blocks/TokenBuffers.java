package org.xlstm4j.models.blocks;

import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.engine.threads.ScratchKey;
import org.xlstm4j.engine.threads.Workspace;

/**
 * The activations of a kind of layer: made once a workspace for all layers of the same sizes, and
 * again only when more tokens come than ever before. Immutable and thread-safe.
 *
 * @param <B> a class with the buffers
 */
public final class TokenBuffers<B> {
  private final ScratchKey key;
  private final IntFunction<B> maker;

  /** The buffers of one workspace. */
  private static final class Holder<B> {
    private int capacity;
    private @Nullable B buffers;
  }

  /**
   * Buffers.
   *
   * @param type their class
   * @param maker makes them for so many tokens
   * @param sizes what else they depend on
   */
  public TokenBuffers(Class<B> type, IntFunction<B> maker, int... sizes) {
    key = ScratchKey.of(type, sizes);
    this.maker = maker;
  }

  /**
   * The buffers of a workspace.
   *
   * @param workspace the session's
   * @param tokens how many they must hold, at least 1
   * @return the same object until more tokens come
   */
  public B of(Workspace workspace, int tokens) {
    Holder<B> holder = workspace.scratch(key, unused -> new Holder<B>());
    B buffers = holder.buffers;
    if (buffers == null || holder.capacity < tokens) {
      buffers = maker.apply(tokens);
      holder.buffers = buffers;
      holder.capacity = tokens;
    }
    return buffers;
  }
}
