package org.xlstm4j.engine.machine.x86;

import static org.xlstm4j.engine.machine.x86.assembler.General.R10;
import static org.xlstm4j.engine.machine.x86.assembler.General.R8;
import static org.xlstm4j.engine.machine.x86.assembler.General.RAX;
import static org.xlstm4j.engine.machine.x86.assembler.General.RCX;
import static org.xlstm4j.engine.machine.x86.assembler.General.RDI;
import static org.xlstm4j.engine.machine.x86.assembler.General.RDX;
import static org.xlstm4j.engine.machine.x86.assembler.General.RSI;
import static org.xlstm4j.engine.machine.x86.assembler.Operation.*;

import org.xlstm4j.engine.kernels.PanelKernels;
import org.xlstm4j.engine.machine.code.ActivationBlock;
import org.xlstm4j.engine.machine.x86.assembler.Label;
import org.xlstm4j.engine.machine.x86.assembler.Listing;
import org.xlstm4j.engine.machine.x86.assembler.Vector;

/**
 * Quantizes one token's values block by block, as {@code ActivationKernels.quantize} says.
 * Arguments: values, whole blocks; where they begin; the first {@link ActivationBlock}; blocks;
 * bytes between two of them.
 *
 * <p>Magnitudes are compared as integers: the order is the same, and a NaN is the largest.
 *
 * <pre>
 * 0 to 3  values, then integers      8   127 as a float
 * 4       largest magnitude, scale   9   smallest magnitude that is no zero
 * 5 to 7  scratch                    10  bits of a magnitude
 * </pre>
 */
final class ActivationQuantizer {
  private static final int VECTORS = PanelKernels.COLUMNS * Float.BYTES / Vector.YMM;
  private static final int MAGNITUDE = 0x7fffffff;

  private final Listing code = new Listing();
  private final Vector largest = ymm(4);
  private final Vector factor = ymm(5);
  private final Vector scratch = ymm(6);
  private final Vector limit = ymm(8);
  private final Vector magnitude = ymm(10);

  private ActivationQuantizer() {}

  /** The kernel of all levels. */
  static Listing listing() {
    return new ActivationQuantizer().make();
  }

  private Listing make() {
    KernelFunction function = KernelFunction.saving();
    Label nextBlock = new Label("next_block");
    Label scaled = new Label("scaled");
    function.enter(code);
    code.add(ADD, RDI, RSI);
    code.broadcast(limit, RAX, Float.floatToRawIntBits(PanelKernels.MAX_ACTIVATION));
    code.broadcast(magnitude, RAX, MAGNITUDE);
    code.place(nextBlock);
    for (int i = 0; i < VECTORS; i++) {
      code.add(VMOVUPS, ymm(i), RDI.memory(i * Vector.YMM));
    }
    findLargest();
    scale(scaled);
    code.place(scaled);
    storeScales();
    roundValues();
    storeSums();
    storeValues();
    code.add(ADD_IMMEDIATE, RDI, PanelKernels.COLUMNS * Float.BYTES);
    code.add(ADD, RDX, R8);
    code.add(SUB_IMMEDIATE, RCX, 1);
    code.add(JNE, nextBlock);
    function.leave(code);
    return code;
  }

  private void findLargest() {
    code.add(VPAND, largest, magnitude, ymm(0));
    for (int i = 1; i < VECTORS; i++) {
      code.add(VPAND, scratch, magnitude, ymm(i));
      code.add(VPMAXSD, largest, largest, scratch);
    }
    code.add(VEXTRACTF128, xmm(scratch), largest, 1);
    code.add(VPMAXSD, xmm(largest), xmm(largest), xmm(scratch));
    code.add(VPSHUFD, xmm(scratch), xmm(largest), 0b01_00_11_10);
    code.add(VPMAXSD, xmm(largest), xmm(largest), xmm(scratch));
    code.add(VPSHUFD, xmm(scratch), xmm(largest), 0b10_11_00_01);
    code.add(VPMAXSD, xmm(largest), xmm(largest), xmm(scratch));
  }

  /**
   * {@code scale = largest / 127} and {@code factor = 127 / largest}. Hardly anything becomes zeros
   * with a scale of zero, a NaN or an infinity zeros with a scale of NaN.
   */
  private void scale(Label scaled) {
    Label notFinite = new Label("not_finite");
    Label zeros = new Label("zeros");
    code.add(VMOVQ_STORE, R10, xmm(largest));
    code.add(SHL, R10, Integer.SIZE);
    code.add(SHR, R10, Integer.SIZE);
    code.add(CMP_IMMEDIATE, R10, Float.floatToRawIntBits(PanelKernels.SMALLEST_ACTIVATION));
    code.add(JB, zeros);
    code.add(CMP_IMMEDIATE, R10, Float.floatToRawIntBits(Float.POSITIVE_INFINITY));
    code.add(JAE, notFinite);
    code.add(VDIVSS, xmm(factor), xmm(limit), xmm(largest));
    code.add(VDIVSS, xmm(largest), xmm(largest), xmm(limit));
    code.add(JMP, scaled);
    code.place(notFinite);
    for (int i = 0; i < VECTORS; i++) {
      code.add(VPXOR, ymm(i), ymm(i), ymm(i));
    }
    code.add(VPXOR, xmm(factor), xmm(factor), xmm(factor));
    code.add(MOV_IMMEDIATE, R10, Float.floatToRawIntBits(Float.NaN));
    code.add(VMOVQ, xmm(largest), R10);
    code.add(JMP, scaled);
    code.place(zeros);
    code.add(VPXOR, xmm(factor), xmm(factor), xmm(factor));
    code.add(VPXOR, xmm(largest), xmm(largest), xmm(largest));
  }

  private void storeScales() {
    code.add(VMOVSS, RDX.memory(ActivationBlock.SCALE), xmm(largest));
    code.add(MOV_IMMEDIATE, RAX, Float.floatToRawIntBits(0.25f));
    code.add(VMOVQ, xmm(scratch), RAX);
    code.add(VMULSS, xmm(largest), xmm(largest), xmm(scratch));
    code.add(VMOVSS, RDX.memory(ActivationBlock.QUARTER_SCALE), xmm(largest));
    code.add(VBROADCASTSS, factor, xmm(factor));
  }

  private void roundValues() {
    for (int i = 0; i < VECTORS; i++) {
      code.add(VMULPS, ymm(i), ymm(i), factor);
      code.add(VCVTPS2DQ, ymm(i), ymm(i));
    }
  }

  private void storeSums() {
    Vector sum = ymm(7);
    code.add(VPADDD, sum, ymm(0), ymm(1));
    code.add(VPADDD, scratch, ymm(2), ymm(3));
    code.add(VPADDD, sum, sum, scratch);
    code.add(VEXTRACTF128, xmm(scratch), sum, 1);
    code.add(VPADDD, xmm(sum), xmm(sum), xmm(scratch));
    code.add(VPSHUFD, xmm(scratch), xmm(sum), 0b01_00_11_10);
    code.add(VPADDD, xmm(sum), xmm(sum), xmm(scratch));
    code.add(VPSHUFD, xmm(scratch), xmm(sum), 0b10_11_00_01);
    code.add(VPADDD, xmm(sum), xmm(sum), xmm(scratch));
    code.add(VPXOR, xmm(scratch), xmm(scratch), xmm(scratch));
    code.add(VPSUBD, xmm(sum), xmm(scratch), xmm(sum));
    code.add(VMOVSS, RDX.memory(ActivationBlock.NEGATIVE_SUM), xmm(sum));
    code.add(VPSLLD, xmm(sum), xmm(sum), 7);
    code.add(VMOVSS, RDX.memory(ActivationBlock.UNSIGNED_CORRECTION), xmm(sum));
  }

  /** Packing works within halves of 128 bits: the fours of bytes come out as 0 2 4 6 1 3 5 7. */
  private void storeValues() {
    code.add(VPACKSSDW, ymm(0), ymm(0), ymm(1));
    code.add(VPACKSSDW, ymm(2), ymm(2), ymm(3));
    code.add(VPACKSSWB, ymm(0), ymm(0), ymm(2));
    code.add(VEXTRACTF128, xmm(scratch), ymm(0), 1);
    code.add(VPUNPCKLDQ, xmm(ymm(1)), xmm(ymm(0)), xmm(scratch));
    code.add(VPUNPCKHDQ, xmm(ymm(2)), xmm(ymm(0)), xmm(scratch));
    code.add(VMOVDQU, RDX.memory(), xmm(ymm(1)));
    code.add(VMOVDQU, RDX.memory(Vector.XMM), xmm(ymm(2)));
  }

  private static Vector ymm(int number) {
    return new Vector(number, Vector.YMM);
  }

  private static Vector xmm(Vector vector) {
    return vector.as(Vector.XMM);
  }
}
