package org.xlstm4j.engine.machine.code;

/** What processors read from memory at a time. */
public final class CacheLine {
  public static final int BYTES = 64;

  private CacheLine() {}
}
