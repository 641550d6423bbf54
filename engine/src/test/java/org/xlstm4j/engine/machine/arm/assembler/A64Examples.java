package org.xlstm4j.engine.machine.arm.assembler;

import static org.xlstm4j.engine.machine.arm.assembler.A64General.*;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Every operation with registers and numbers at the ends of their ranges. */
public final class A64Examples {
  private static final int[] VECTORS = {0, 7, 16, 31};
  private static final A64General[] GENERALS = {X0, X7, X30, XZR};
  private static final A64General[] BASES = {X0, X17, SP};

  /** Their first operand is what is not kept. */
  private static final Set<A64Operation> COMPARISONS =
      EnumSet.of(A64Operation.CMP, A64Operation.CMP_NUMBER);

  private final A64Listing listing = new A64Listing();

  private A64Examples() {}

  /** All but branches. */
  public static A64Listing all() {
    A64Examples examples = new A64Examples();
    for (A64Operation operation : A64Operation.values()) {
      examples.add(operation);
    }
    return examples.listing;
  }

  /** Forward and backward, as far as the fields of distances have bits for. */
  public static A64Listing branches() {
    A64Listing listing = new A64Listing();
    A64Label first = new A64Label("first");
    A64Label last = new A64Label("last");
    listing.place(first);
    for (A64Operation operation : A64Operation.values()) {
      for (A64Label label : List.of(first, last)) {
        switch (operation.form) {
          case BRANCH, BRANCH_IF -> listing.add(operation, label);
          case BRANCH_IF_ZERO -> {
            listing.add(operation, X0, label);
            listing.add(operation, X30, label);
          }
          default -> {
            // no branch
          }
        }
      }
    }
    listing.place(last);
    listing.add(A64Operation.RET);
    return listing;
  }

  private void add(A64Operation operation) {
    switch (operation.form) {
      case LABEL, BRANCH, BRANCH_IF, BRANCH_IF_ZERO -> {
        // not here
      }
      case NONE -> listing.add(operation);
      case D -> each(operation, 1);
      case DN, DN_FIXED -> each(operation, 2);
      case DNM -> each(operation, 3);
      case DNMA -> each(operation, 4);
      case DNM_SHIFT -> each(operation, 3, 1, 63);
      case DN_NUMBER -> {
        for (int number : new int[] {0, 1, 4095, 4096, 4095 << 12}) {
          A64General target = COMPARISONS.contains(operation) ? XZR : X7;
          listing.add(operation, target, X30, number);
        }
        if (!operation.mnemonic().equals("subs") && !COMPARISONS.contains(operation)) {
          listing.add(operation, SP, SP, 64);
        }
      }
      case D_NUMBER -> {
        for (int number : new int[] {0, 1, 0xffff}) {
          for (int shift : new int[] {0, 16, 48}) {
            listing.add(operation, X7, new A64Number(number), new A64Number(shift));
          }
        }
      }
      case SHIFT_LEFT, SHIFT_RIGHT -> each(operation, 2, 1, 32, 63);
      case BITS -> {
        listing.add(operation, X0, X30, 0, 1);
        listing.add(operation, X7, X0, 16, 4);
        listing.add(operation, X7, XZR, 0, 32);
      }
      case LANES_LEFT -> each(operation, 2, 1, operation.bits(1) - 1);
      case LANES_RIGHT -> each(operation, 2, 1, operation.bits(1));
      case ELEMENT -> {
        for (int lane = 0; lane < A64Vector.LANES; lane++) {
          listing.add(operation, vector(lane), vector(lane + 1), vector(lane + 2).lane(lane));
        }
      }
      case FROM_LANE -> {
        for (int lane = 0; lane < A64Vector.LANES; lane++) {
          listing.add(operation, vector(lane), vector(lane + 3).lane(lane));
        }
      }
      case MEMORY -> memory(operation);
      case PAIR -> pair(operation);
      case PREFETCH -> {
        listing.add(operation, X0.memory());
        listing.add(operation, SP.memory(32760));
        listing.add(operation, X30.memory(XZR));
      }
    }
  }

  /** So many registers, and each of the numbers. */
  private void each(A64Operation operation, int registers, int... numbers) {
    for (int i = 0; i < VECTORS.length; i++) {
      List<A64Operand> operands = new ArrayList<>();
      for (int j = 0; j < registers; j++) {
        operands.add(register(operation, j, i + j));
      }
      if (COMPARISONS.contains(operation)) {
        operands.set(0, XZR);
      }
      if (numbers.length == 0) {
        listing.add(operation, operands.toArray(A64Operand[]::new));
      }
      for (int number : numbers) {
        List<A64Operand> withNumber = new ArrayList<>(operands);
        withNumber.add(new A64Number(number));
        listing.add(operation, withNumber.toArray(A64Operand[]::new));
      }
    }
  }

  private static A64Operand register(A64Operation operation, int operand, int index) {
    String shape = operation.shape(operand);
    boolean isGeneral = shape.equals("x") || shape.equals("w");
    return isGeneral ? GENERALS[index % GENERALS.length] : vector(index);
  }

  private static A64Vector vector(int index) {
    return new A64Vector(VECTORS[index % VECTORS.length]);
  }

  private void memory(A64Operation operation) {
    int bytes = operation.bits(0) / Byte.SIZE;
    for (int i = 0; i < BASES.length; i++) {
      A64Operand target = register(operation, 0, i + 2);
      listing.add(operation, target, BASES[i].memory());
      listing.add(operation, target, BASES[i].memory(bytes));
      listing.add(operation, target, BASES[i].memory(4095 * bytes));
      listing.add(operation, target, BASES[i].memory(-1));
      listing.add(operation, target, BASES[i].memory(-256));
      listing.add(operation, target, BASES[i].thenAdd(bytes));
      listing.add(operation, target, BASES[i].thenAdd(-256));
      listing.add(operation, target, BASES[i].memory(X7));
    }
  }

  private void pair(A64Operation operation) {
    int bytes = operation.bits(0) / Byte.SIZE;
    for (int i = 0; i < BASES.length; i++) {
      A64Operand first = register(operation, 0, i);
      A64Operand second = register(operation, 1, i + 1);
      listing.add(operation, first, second, BASES[i].memory());
      listing.add(operation, first, second, BASES[i].memory(63 * bytes));
      listing.add(operation, first, second, BASES[i].memory(-64 * bytes));
      listing.add(operation, first, second, X17.thenAdd(2 * bytes));
    }
  }
}
