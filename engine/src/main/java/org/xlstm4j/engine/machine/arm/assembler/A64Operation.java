package org.xlstm4j.engine.machine.arm.assembler;

import java.util.Locale;

/**
 * What instructions do: exactly those that the kernels use, named and encoded as in the Arm
 * Architecture Reference Manual for A-profile, chapter C. Each has the shapes of its operands: of
 * vectors the number and size of lanes, of registers the part that is used.
 */
public enum A64Operation {
  /** Stands for a label. */
  LABEL(A64Form.LABEL, 0, ""),

  ADD(A64Form.DNM, 0x8b000000, "x x x"),
  /** Adds a constant. */
  ADD_NUMBER("add", A64Form.DN_NUMBER, 0x91000000, "x x"),
  /** Adds a register moved up. */
  ADD_SHIFTED("add", A64Form.DNM_SHIFT, 0x8b000000, "x x x"),
  B(A64Form.BRANCH, 0x14000000, ""),
  /** Branches where the first number is at least the second, both without sign. */
  B_HS("b.hs", A64Form.BRANCH_IF, 0x54000002, ""),
  /** Branches where the first number is less than the second, both without sign. */
  B_LO("b.lo", A64Form.BRANCH_IF, 0x54000003, ""),
  B_NE("b.ne", A64Form.BRANCH_IF, 0x54000001, ""),
  BIC(A64Form.DNM, 0x8a200000, "x x x"),
  CBNZ(A64Form.BRANCH_IF_ZERO, 0xb5000000, "x"),
  CBZ(A64Form.BRANCH_IF_ZERO, 0xb4000000, "x"),
  CMP(A64Form.DNM, 0xeb000000, "x x x"),
  CMP_NUMBER("cmp", A64Form.DN_NUMBER, 0xf1000000, "x x"),
  /** Writes a line of the data cache back as far as instructions are read from. */
  DC_CVAU("dc cvau,", A64Form.D, 0xd50b7b20, "x"),
  /** Waits until all memory accesses before it are complete, for all cores. */
  DSB_ISH("dsb ish", A64Form.NONE, 0xd5033b9f, ""),
  /** Invalidates a line of the instruction caches. */
  IC_IVAU("ic ivau,", A64Form.D, 0xd50b7520, "x"),
  /** Fetches anew all instructions behind it. */
  ISB(A64Form.NONE, 0xd5033fdf, ""),
  LDP_X("ldp", A64Form.PAIR, 0xa9400000, "x x"),
  LDR_X("ldr", A64Form.MEMORY, 0xf9400000, "x"),
  LSL(A64Form.SHIFT_LEFT, 0xd3400000, "x x"),
  /** Moves up by as many bits as a register says. */
  LSL_BY("lsl", A64Form.DNM, 0x9ac02000, "x x x"),
  LSR(A64Form.SHIFT_RIGHT, 0xd3400000, "x x"),
  MADD(A64Form.DNMA, 0x9b000000, "x x x x"),
  MOVK(A64Form.D_NUMBER, 0xf2800000, "x"),
  MOVZ(A64Form.D_NUMBER, 0xd2800000, "x"),
  /** Reads the sizes of lines of the caches. */
  MRS_CTR("mrs", A64Form.D, 0xd53b0020, "x"),
  ORR(A64Form.DNM, 0xaa000000, "x x x"),
  /** Asks for a line of the cache. Any address may be named, memory or not. */
  PRFM("prfm pldl1keep,", A64Form.PREFETCH, 0xf9800000, ""),
  RET(A64Form.NONE, 0xd65f03c0, ""),
  STP_X("stp", A64Form.PAIR, 0xa9000000, "x x"),
  SUB(A64Form.DNM, 0xcb000000, "x x x"),
  SUB_NUMBER("sub", A64Form.DN_NUMBER, 0xd1000000, "x x"),
  /** Subtracts a constant and compares. */
  SUBS_NUMBER("subs", A64Form.DN_NUMBER, 0xf1000000, "x x"),
  UBFX(A64Form.BITS, 0xd3400000, "x x"),

  ADD_LANES("add", A64Form.DNM, 0x4ea08400, "4s 4s 4s"),
  ADDP(A64Form.DNM, 0x4ea0bc00, "4s 4s 4s"),
  ADDV(A64Form.DN, 0x4eb1b800, "s 4s"),
  AND_LANES("and", A64Form.DNM, 0x4e201c00, "16b 16b 16b"),
  /** Takes bits of the second operand where the target has ones, else of the third. */
  BSL(A64Form.DNM, 0x6e601c00, "16b 16b 16b"),
  DUP(A64Form.FROM_LANE, 0x4e000400, "4s s"),
  DUP_GENERAL("dup", A64Form.DN, 0x4e040c00, "4s w"),
  EOR_LANES("eor", A64Form.DNM, 0x6e201c00, "16b 16b 16b"),
  FABS(A64Form.DN, 0x4ea0f800, "4s 4s"),
  FADD(A64Form.DNM, 0x4e20d400, "4s 4s 4s"),
  FADD_S("fadd", A64Form.DNM, 0x1e202800, "s s s"),
  FADDP(A64Form.DNM, 0x6e20d400, "4s 4s 4s"),
  FADDP_S("faddp", A64Form.DN, 0x7e30d800, "s 2s"),
  FCVT_S_H("fcvt", A64Form.DN, 0x1ee24000, "s h"),
  FCVTL(A64Form.DN, 0x0e217800, "4s 4h"),
  FCVTL2(A64Form.DN, 0x4e217800, "4s 8h"),
  FCVTNS(A64Form.DN, 0x4e21a800, "4s 4s"),
  FDIV(A64Form.DNM, 0x6e20fc00, "4s 4s 4s"),
  FDIV_S("fdiv", A64Form.DNM, 0x1e201800, "s s s"),
  FMADD_S("fmadd", A64Form.DNMA, 0x1f000000, "s s s s"),
  FMAX(A64Form.DNM, 0x4e20f400, "4s 4s 4s"),
  FMIN(A64Form.DNM, 0x4ea0f400, "4s 4s 4s"),
  FMLA(A64Form.DNM, 0x4e20cc00, "4s 4s 4s"),
  FMLA_ELEMENT("fmla", A64Form.ELEMENT, 0x4f801000, "4s 4s s"),
  FMLS(A64Form.DNM, 0x4ea0cc00, "4s 4s 4s"),
  /** Clears all lanes but the lowest. */
  FMOV_S("fmov", A64Form.DN, 0x1e204000, "s s"),
  /** From a vector's lowest lane to a general register. */
  FMOV_TO_W("fmov", A64Form.DN, 0x1e260000, "w s"),
  FMUL(A64Form.DNM, 0x6e20dc00, "4s 4s 4s"),
  FMUL_ELEMENT("fmul", A64Form.ELEMENT, 0x4f809000, "4s 4s s"),
  FMUL_S("fmul", A64Form.DNM, 0x1e200800, "s s s"),
  FSQRT_S("fsqrt", A64Form.DN, 0x1e21c000, "s s"),
  FSUB(A64Form.DNM, 0x4ea0d400, "4s 4s 4s"),
  LDP_D("ldp", A64Form.PAIR, 0x6d400000, "d d"),
  LDP_Q("ldp", A64Form.PAIR, 0xad400000, "q q"),
  LDR_D("ldr", A64Form.MEMORY, 0xfd400000, "d"),
  LDR_H("ldr", A64Form.MEMORY, 0x7d400000, "h"),
  LDR_Q("ldr", A64Form.MEMORY, 0x3dc00000, "q"),
  LDR_S("ldr", A64Form.MEMORY, 0xbd400000, "s"),
  MLA_ELEMENT("mla", A64Form.ELEMENT, 0x6f800000, "4s 4s s"),
  MOVI_ZERO("movi", A64Form.D, 0x4f000400, "4s"),
  NEG_LANES("neg", A64Form.DN, 0x6ea0b800, "4s 4s"),
  ORR_LANES("orr", A64Form.DNM, 0x4ea01c00, "16b 16b 16b"),
  SADDLP(A64Form.DN, 0x4e602800, "4s 8h"),
  SADALP(A64Form.DN, 0x4e606800, "4s 8h"),
  SCVTF(A64Form.DN, 0x4e21d800, "4s 4s"),
  SDOT(A64Form.DNM, 0x4e809400, "4s 16b 16b"),
  SDOT_ELEMENT("sdot", A64Form.ELEMENT, 0x4f80e000, "4s 16b 4b"),
  SHL(A64Form.LANES_LEFT, 0x4f005400, "4s 4s"),
  /** Widens lanes and moves them up by their size. */
  SHLL(A64Form.DN_FIXED, 0x2e613800, "4s 4h"),
  SHLL2(A64Form.DN_FIXED, 0x6e613800, "4s 8h"),
  SMAX(A64Form.DNM, 0x4ea06400, "4s 4s 4s"),
  SMAXV(A64Form.DN, 0x4eb0a800, "s 4s"),
  SMLAL(A64Form.DNM, 0x0e208000, "8h 8b 8b"),
  SMLAL2(A64Form.DNM, 0x4e208000, "8h 16b 16b"),
  SMMLA(A64Form.DNM, 0x4e80a400, "4s 16b 16b"),
  SMULL(A64Form.DNM, 0x0e20c000, "8h 8b 8b"),
  SMULL2(A64Form.DNM, 0x4e20c000, "8h 16b 16b"),
  SQXTN(A64Form.DN, 0x0e614800, "4h 4s"),
  SQXTN2(A64Form.DN, 0x4e614800, "8h 4s"),
  SQXTN_B("sqxtn", A64Form.DN, 0x0e214800, "8b 8h"),
  SQXTN2_B("sqxtn2", A64Form.DN, 0x4e214800, "16b 8h"),
  SSHR(A64Form.LANES_RIGHT, 0x4f000400, "4s 4s"),
  STP_D("stp", A64Form.PAIR, 0x6d000000, "d d"),
  STP_Q("stp", A64Form.PAIR, 0xad000000, "q q"),
  STR_Q("str", A64Form.MEMORY, 0x3d800000, "q"),
  STR_S("str", A64Form.MEMORY, 0xbd000000, "s"),
  SUB_LANES("sub", A64Form.DNM, 0x6ea08400, "4s 4s 4s"),
  /** Widens lanes without sign and moves them up. */
  USHLL(A64Form.LANES_LEFT, 0x2f00a400, "4s 4h"),
  USHR(A64Form.LANES_RIGHT, 0x6f000400, "4s 4s"),
  USHR_B("ushr", A64Form.LANES_RIGHT, 0x6f000400, "16b 16b"),
  UZP1(A64Form.DNM, 0x4e801800, "4s 4s 4s"),
  UZP2(A64Form.DNM, 0x4e805800, "4s 4s 4s"),
  ZIP1(A64Form.DNM, 0x4e803800, "4s 4s 4s"),
  ZIP1_D("zip1", A64Form.DNM, 0x4ec03800, "2d 2d 2d"),
  ZIP2(A64Form.DNM, 0x4e807800, "4s 4s 4s"),
  ZIP2_D("zip2", A64Form.DNM, 0x4ec07800, "2d 2d 2d");

  private final String mnemonic;
  final A64Form form;
  final int opcode;

  /** Of all operands, with spaces between them. */
  private final String shapes;

  A64Operation(A64Form form, int opcode, String shapes) {
    this("", form, opcode, shapes);
  }

  A64Operation(String mnemonic, A64Form form, int opcode, String shapes) {
    this.mnemonic =
        mnemonic.isEmpty() ? name().toLowerCase(Locale.ROOT).replace("_lanes", "") : mnemonic;
    this.form = form;
    this.opcode = opcode;
    this.shapes = shapes;
  }

  /** What GNU as calls it. */
  String mnemonic() {
    return mnemonic;
  }

  /** The shape of an operand; empty for numbers, labels and memory. */
  String shape(int operand) {
    int begin = 0;
    for (int i = 0; i < operand; i++) {
      begin = shapes.indexOf(' ', begin) + 1;
      if (begin == 0) {
        return "";
      }
    }
    int end = shapes.indexOf(' ', begin);
    return shapes.substring(begin, end < 0 ? shapes.length() : end);
  }

  /** Bits of the lanes of an operand, such as 32 of {@code 4s}, or of the part of a register. */
  int bits(int operand) {
    String shape = shape(operand);
    return switch (shape.charAt(shape.length() - 1)) {
      case 'b' -> 8;
      case 'h' -> 16;
      case 's', 'w' -> 32;
      case 'q' -> 128;
      default -> 64;
    };
  }
}
