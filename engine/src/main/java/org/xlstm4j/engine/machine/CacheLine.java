package org.xlstm4j.engine.machine;

/** What processors read from memory at a time. */
final class CacheLine {
  static final int BYTES = 64;

  private CacheLine() {}
}
