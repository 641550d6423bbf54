package org.xlstm4j.engine.machine.code;

/** Machine code that can be put into memory. */
public interface Code {
  /** The instructions as the processor reads them. */
  byte[] bytes();
}
