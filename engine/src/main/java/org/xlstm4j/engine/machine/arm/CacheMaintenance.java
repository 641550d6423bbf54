package org.xlstm4j.engine.machine.arm;

import static org.xlstm4j.engine.machine.arm.assembler.A64General.*;
import static org.xlstm4j.engine.machine.arm.assembler.A64Operation.*;

import java.util.Locale;
import org.xlstm4j.engine.machine.arm.assembler.A64General;
import org.xlstm4j.engine.machine.arm.assembler.A64Label;
import org.xlstm4j.engine.machine.arm.assembler.A64Listing;
import org.xlstm4j.engine.machine.arm.assembler.A64Operation;

/**
 * Code that lets all cores read as instructions what was written as data, as chapter B2 of the Arm
 * Architecture Reference Manual prescribes it. Arguments: the memory; how many bytes.
 *
 * <p>Data and instructions have caches of their own. So each line of the data cache is written back
 * to where instructions are read from, then each line of the instruction caches is dropped; a
 * barrier behind either waits until all cores have done so. The sizes of lines are in {@code
 * CTR_EL0}, as binary logarithms of words of four bytes.
 */
public final class CacheMaintenance {
  private static final int DATA_LINE = 16;
  private static final int INSTRUCTION_LINE = 0;
  private static final int LINE_BITS = 4;

  private CacheMaintenance() {}

  /** The code for processors of AArch64. */
  public static A64Listing listing() {
    A64Listing code = new A64Listing();
    ArmFunction function = ArmFunction.plain();
    function.enter(code);
    code.add(ADD, X1, X0, X1);
    code.add(MRS_CTR, X2);
    forEachLine(code, DATA_LINE, DC_CVAU);
    code.add(DSB_ISH);
    forEachLine(code, INSTRUCTION_LINE, IC_IVAU);
    code.add(DSB_ISH);
    code.add(ISB);
    function.leave(code);
    return code;
  }

  private static void forEachLine(A64Listing code, int sizeBits, A64Operation operation) {
    A64Label next = new A64Label("next_" + operation.name().toLowerCase(Locale.ROOT));
    A64General size = X3;
    A64General line = X4;
    code.add(UBFX, size, X2, sizeBits, LINE_BITS);
    code.set(line, Integer.BYTES);
    code.add(LSL_BY, size, line, size);
    code.add(SUB_NUMBER, line, size, 1);
    code.add(BIC, line, X0, line);
    code.place(next);
    code.add(operation, line);
    code.add(ADD, line, line, size);
    code.add(CMP, XZR, line, X1);
    code.add(B_LO, next);
  }
}
