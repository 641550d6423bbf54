package org.xlstm4j.engine.machine.x86.assembler;

/** A place in a {@link Listing} that jumps go to. Two labels are never equal. */
public final class Label implements Operand {
  private final String name;

  /**
   * A label that is not placed yet.
   *
   * @param name for readers of a listing
   */
  public Label(String name) {
    this.name = name;
  }

  @Override
  public String toString() {
    return name;
  }
}
