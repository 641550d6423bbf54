package org.xlstm4j.cli;

/** Dummy. */
public final class Dummy {
  private Dummy() {}
}
