package org.xlstm4j.models;

/** Dummy. */
public final class Dummy {
  private Dummy() {}
}
