package org.xlstm4j.engine.machine.x86;

import static org.xlstm4j.engine.machine.x86.assembler.General.*;
import static org.xlstm4j.engine.machine.x86.assembler.Operation.*;

import org.xlstm4j.engine.machine.code.MachineLevel;
import org.xlstm4j.engine.machine.x86.assembler.Label;
import org.xlstm4j.engine.machine.x86.assembler.Listing;
import org.xlstm4j.engine.machine.x86.assembler.Vector;

/**
 * {@code y = y + w * x}, elementwise, for some rows of w and x one after the other. Operands: w, x,
 * y. The parameter's lower half is the distance of rows in floats, its upper half how many there
 * are, at least 1.
 *
 * <pre>
 * RDI  w, these columns   R8  bytes between rows   R10  w, this row
 * RSI  x, these columns   R9  rows                 R11  x, this row
 * RDX  y, these columns                            RBX  rows to come
 * </pre>
 */
final class ProductSumListing {
  private final Listing code = new Listing();
  private final KernelFunction function = KernelFunction.saving(RBX);
  private final Vector sum;
  private final Vector weight;
  private final Vector value;
  private final VectorLoop columns;

  private ProductSumListing(MachineLevel level) {
    int bytes = level.vectorBytes();
    sum = new Vector(0, bytes);
    weight = new Vector(1, bytes);
    value = new Vector(2, bytes);
    columns = new VectorLoop(code, new Vector(15, bytes), RDI, RSI, RDX);
  }

  /** The kernel of a level. */
  static Listing of(MachineLevel level) {
    return new ProductSumListing(level).make();
  }

  private Listing make() {
    function.enterArrays(code);
    KernelFunction.splitHalves(code, R9, R8);
    code.add(SHL, R8, 2);
    columns.forEach("columns", this::rows);
    function.leave(code);
    return code;
  }

  private void rows() {
    Label row = new Label("row");
    columns.load(sum, RDX);
    code.add(MOV, R10, RDI);
    code.add(MOV, R11, RSI);
    code.add(MOV, RBX, R9);
    code.place(row);
    columns.load(weight, R10);
    columns.load(value, R11);
    code.add(VFMADD231PS, sum, value, weight);
    code.add(ADD, R10, R8);
    code.add(ADD, R11, R8);
    code.add(SUB_IMMEDIATE, RBX, 1);
    code.add(JNE, row);
    columns.store(RDX, sum);
  }
}
