package org.xlstm4j.loader;

/** Dummy. */
public final class Dummy {
  private Dummy() {}
}
