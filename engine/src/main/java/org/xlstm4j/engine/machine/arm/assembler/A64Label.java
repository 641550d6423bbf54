package org.xlstm4j.engine.machine.arm.assembler;

/** A place in an {@link A64Listing} that branches go to. Two labels are never equal. */
public final class A64Label implements A64Operand {
  private final String name;

  /**
   * A label that is not placed yet.
   *
   * @param name for readers of a listing
   */
  public A64Label(String name) {
    this.name = name;
  }

  @Override
  public String toString() {
    return name;
  }
}
