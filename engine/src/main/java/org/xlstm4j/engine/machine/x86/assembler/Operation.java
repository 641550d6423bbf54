package org.xlstm4j.engine.machine.x86.assembler;

import java.util.Locale;

/**
 * What instructions do: exactly those that the kernels use, named as in Intel's Software
 * Developer's Manual, volume 2, with their encodings from there.
 */
public enum Operation {
  /** Stands for a label. */
  LABEL(Form.LABEL, 0),

  ADD(Form.RM_REG, 0x01),
  /** Adds a constant. */
  ADD_IMMEDIATE("add", Form.RM, 0x81, 0),
  AND_IMMEDIATE("and", Form.RM, 0x81, 4),
  CMP_IMMEDIATE("cmp", Form.RM, 0x81, 7),
  CPUID(Form.NONE, 0x0fa2),
  IMUL(Form.REG_RM, 0x0faf),
  JAE(Form.JUMP, 0x0f83),
  JB(Form.JUMP, 0x0f82),
  JE(Form.JUMP, 0x0f84),
  JMP(Form.JUMP, 0xe9),
  JNE(Form.JUMP, 0x0f85),
  LEA(Form.REG_RM, 0x8d),
  /** Between registers. */
  MOV(Form.RM_REG, 0x89),
  MOV_IMMEDIATE("mov", Form.RM, 0xc7, 0),
  /** From memory. */
  MOV_LOAD("mov", Form.REG_RM, 0x8b, -1),
  /** To memory. */
  MOV_STORE("mov", Form.RM_REG, 0x89, -1),
  /** Loads 16 bits and fills up with zeros. */
  MOVZX(Form.REG_RM, 0x0fb7),
  NEG("neg", Form.RM, 0xf7, 3),
  NOT("not", Form.RM, 0xf7, 2),
  POP(Form.OPCODE_REGISTER, 0x58),
  /** Asks for a line of the cache. Any address may be named, memory or not. */
  PREFETCHT0("prefetcht0", Form.ADDRESS, 0x0f18, 1),
  PUSH(Form.OPCODE_REGISTER, 0x50),
  RET(Form.NONE, 0xc3),
  SHL("shl", Form.RM, 0xc1, 4),
  /** By as many bits as the lowest byte of RCX says. */
  SHL_BY_RCX("shl", Form.RM, 0xd3, 4),
  SHR("shr", Form.RM, 0xc1, 5),
  SUB(Form.RM_REG, 0x29),
  SUB_IMMEDIATE("sub", Form.RM, 0x81, 5),
  TEST(Form.RM_REG, 0x85),
  XGETBV(Form.NONE, 0x0f01d0),

  /** Gives tiles their sizes, as the 64 bytes at an address say. */
  LDTILECFG(Form.TILE_RM, Prefix.NONE, Map.M0F38, 0x49),
  /** Adds products of pairs of bfloat16 numbers to floats. */
  TDPBF16PS(Form.TILE_REG_RM_VVVV, Prefix.F3, Map.M0F38, 0x5c),
  /** Adds products of fours of 8-bit integers to 32-bit ones. */
  TDPBSSD(Form.TILE_REG_RM_VVVV, Prefix.F2, Map.M0F38, 0x5e),
  /** Loads rows as far apart as the index of the address says. */
  TILELOADD(Form.TILE_REG_RM, Prefix.F2, Map.M0F38, 0x4b),
  /** Ends the use of tiles. */
  TILERELEASE(Form.TILE_NONE, Prefix.NONE, Map.M0F38, 0x49),
  /** To memory. */
  TILESTORED(Form.TILE_RM_REG, Prefix.F3, Map.M0F38, 0x4b),
  TILEZERO(Form.TILE_REG, Prefix.F2, Map.M0F38, 0x49),

  /** Puts a general register's lowest bits into a mask. */
  KMOVW(Form.VECTOR_REG_RM, Prefix.NONE, Map.M0F, 0x92),
  VADDPS(Form.VECTOR_REG_VVVV_RM, Prefix.NONE, Map.M0F, 0x58),
  VADDSS(Form.VECTOR_REG_VVVV_RM, Prefix.F3, Map.M0F, 0x58, Tuple.SCALAR),
  VBROADCASTSS(Form.VECTOR_REG_RM, Prefix.P66, Map.M0F38, 0x18, Tuple.SCALAR),
  VCVTDQ2PS(Form.VECTOR_REG_RM, Prefix.NONE, Map.M0F, 0x5b),
  VCVTPH2PS(Form.VECTOR_REG_RM, Prefix.P66, Map.M0F38, 0x13, Tuple.HALF),
  VCVTPS2DQ(Form.VECTOR_REG_RM, Prefix.P66, Map.M0F, 0x5b),
  VDIVPS(Form.VECTOR_REG_VVVV_RM, Prefix.NONE, Map.M0F, 0x5e),
  VDIVSS(Form.VECTOR_REG_VVVV_RM, Prefix.F3, Map.M0F, 0x5e, Tuple.SCALAR),
  VEXTRACTF128(Form.VECTOR_RM_REG, Prefix.P66, Map.M0F3A, 0x19),
  VEXTRACTF64X4(Form.VECTOR_RM_REG, Prefix.P66, Map.M0F3A, 0x1b, Tuple.HALF),
  VFMADD213PS(Form.VECTOR_REG_VVVV_RM, Prefix.P66, Map.M0F38, 0xa8),
  VFMADD231PS(Form.VECTOR_REG_VVVV_RM, Prefix.P66, Map.M0F38, 0xb8),
  VFMADD231SS(Form.VECTOR_REG_VVVV_RM, Prefix.P66, Map.M0F38, 0xb9, Tuple.SCALAR),
  VFNMADD213PS(Form.VECTOR_REG_VVVV_RM, Prefix.P66, Map.M0F38, 0xac),
  VFNMADD231PS(Form.VECTOR_REG_VVVV_RM, Prefix.P66, Map.M0F38, 0xbc),
  VINSERTF128(Form.VECTOR_REG_VVVV_RM, Prefix.P66, Map.M0F3A, 0x18),
  /** The same with 512 bits. */
  VINSERTF32X4(Form.VECTOR_REG_VVVV_RM, Prefix.P66, Map.M0F3A, 0x18, Tuple.LANE),
  VMAXPS(Form.VECTOR_REG_VVVV_RM, Prefix.NONE, Map.M0F, 0x5f),
  VMINPS(Form.VECTOR_REG_VVVV_RM, Prefix.NONE, Map.M0F, 0x5d),
  VMOVDQU(Form.VECTOR_MOVE, Prefix.F3, Map.M0F, 0x6f),
  VMOVHLPS(Form.VECTOR_REG_VVVV_RM, Prefix.NONE, Map.M0F, 0x12),
  /** Puts a general register of 64 bits into the lowest lane and zeros into the others. */
  VMOVQ(Form.VECTOR_REG_RM, Prefix.P66, Map.M0F, 0x6e, Tuple.SCALAR),
  /** Puts the lowest 64 bits into a general register. */
  VMOVQ_STORE("vmovq", Form.VECTOR_RM_REG, Prefix.P66, Map.M0F, 0x7e),
  VMOVSHDUP(Form.VECTOR_REG_RM, Prefix.F3, Map.M0F, 0x16),
  VMOVSS(Form.VECTOR_MOVE, Prefix.F3, Map.M0F, 0x10, Tuple.SCALAR),
  VMOVUPS(Form.VECTOR_MOVE, Prefix.NONE, Map.M0F, 0x10),
  VMULPS(Form.VECTOR_REG_VVVV_RM, Prefix.NONE, Map.M0F, 0x59),
  VMULSS(Form.VECTOR_REG_VVVV_RM, Prefix.F3, Map.M0F, 0x59, Tuple.SCALAR),
  VPABSB(Form.VECTOR_REG_RM, Prefix.P66, Map.M0F38, 0x1c),
  VPACKSSDW(Form.VECTOR_REG_VVVV_RM, Prefix.P66, Map.M0F, 0x6b),
  VPACKSSWB(Form.VECTOR_REG_VVVV_RM, Prefix.P66, Map.M0F, 0x63),
  VPADDD(Form.VECTOR_REG_VVVV_RM, Prefix.P66, Map.M0F, 0xfe),
  VPADDW(Form.VECTOR_REG_VVVV_RM, Prefix.P66, Map.M0F, 0xfd),
  VPAND(Form.VECTOR_REG_VVVV_RM, Prefix.P66, Map.M0F, 0xdb),
  VPBROADCASTD(Form.VECTOR_REG_RM, Prefix.P66, Map.M0F38, 0x58, Tuple.SCALAR),
  VPDPBUSD(Form.VECTOR_REG_VVVV_RM, Prefix.P66, Map.M0F38, 0x50),
  VPERMQ(Form.VECTOR_REG_RM, Prefix.P66, Map.M0F3A, 0x00),
  VPMADDUBSW(Form.VECTOR_REG_VVVV_RM, Prefix.P66, Map.M0F38, 0x04),
  VPMADDWD(Form.VECTOR_REG_VVVV_RM, Prefix.P66, Map.M0F, 0xf5),
  VPMASKMOVD(Form.VECTOR_REG_VVVV_RM, Prefix.P66, Map.M0F38, 0x8c),
  /** To memory. */
  VPMASKMOVD_STORE("vpmaskmovd", Form.VECTOR_RM_VVVV_REG, Prefix.P66, Map.M0F38, 0x8e),
  VPMAXSD(Form.VECTOR_REG_VVVV_RM, Prefix.P66, Map.M0F38, 0x3d),
  /** Keeps the lower half of each 32-bit lane. */
  VPMOVDW(Form.VECTOR_RM_REG, Prefix.F3, Map.M0F38, 0x33, Tuple.HALF),
  VPMOVZXWD(Form.VECTOR_REG_RM, Prefix.P66, Map.M0F38, 0x33, Tuple.HALF),
  VPSHUFD(Form.VECTOR_REG_RM, Prefix.P66, Map.M0F, 0x70),
  VPSIGNB(Form.VECTOR_REG_VVVV_RM, Prefix.P66, Map.M0F38, 0x08),
  VPSLLD(Prefix.P66, Map.M0F, 0x72, 6),
  VPSLLW(Prefix.P66, Map.M0F, 0x71, 6),
  VPSRAD(Prefix.P66, Map.M0F, 0x72, 4),
  VPSRLD(Prefix.P66, Map.M0F, 0x72, 2),
  VPSRLW(Prefix.P66, Map.M0F, 0x71, 2),
  VPSUBD(Form.VECTOR_REG_VVVV_RM, Prefix.P66, Map.M0F, 0xfa),
  VPUNPCKHDQ(Form.VECTOR_REG_VVVV_RM, Prefix.P66, Map.M0F, 0x6a),
  VPUNPCKLDQ(Form.VECTOR_REG_VVVV_RM, Prefix.P66, Map.M0F, 0x62),
  VPXOR(Form.VECTOR_REG_VVVV_RM, Prefix.P66, Map.M0F, 0xef),
  VSHUFPS(Form.VECTOR_REG_VVVV_RM, Prefix.NONE, Map.M0F, 0xc6),
  VSQRTSS(Form.VECTOR_REG_VVVV_RM, Prefix.F3, Map.M0F, 0x51, Tuple.SCALAR),
  VSUBPS(Form.VECTOR_REG_VVVV_RM, Prefix.NONE, Map.M0F, 0x5c),
  VZEROUPPER(Form.NONE, 0xc5f877);

  /** The table of opcodes that a vector instruction's opcode is in, as its prefixes number it. */
  enum Map {
    M0F(1),
    M0F38(2),
    M0F3A(3);

    final int number;

    Map(int number) {
      this.number = number;
    }
  }

  /** The prefix that chooses within a table, as VEX and EVEX number it. */
  enum Prefix {
    NONE(0),
    P66(1),
    F3(2),
    F2(3);

    final int number;

    Prefix(int number) {
      this.number = number;
    }
  }

  /** How many bytes of memory an instruction reads or writes, of which EVEX counts in multiples. */
  enum Tuple {
    FULL,
    HALF,
    /** 128 bits. */
    LANE,
    SCALAR
  }

  private final String mnemonic;
  final Form form;
  final int opcode;

  /** What the field {@code reg} holds in forms without such a register. */
  final int extension;

  final Prefix prefix;
  final Map map;
  final Tuple tuple;

  Operation(Form form, int opcode) {
    this("", form, opcode, -1);
  }

  Operation(String mnemonic, Form form, int opcode, int extension) {
    this(mnemonic, form, opcode, extension, Prefix.NONE, Map.M0F, Tuple.FULL);
  }

  Operation(Form form, Prefix prefix, Map map, int opcode) {
    this(form, prefix, map, opcode, Tuple.FULL);
  }

  Operation(Form form, Prefix prefix, Map map, int opcode, Tuple tuple) {
    this("", form, opcode, -1, prefix, map, tuple);
  }

  Operation(String mnemonic, Form form, Prefix prefix, Map map, int opcode) {
    this(mnemonic, form, opcode, -1, prefix, map, Tuple.FULL);
  }

  /** A vector instruction whose opcode is extended. */
  Operation(Prefix prefix, Map map, int opcode, int extension) {
    this("", Form.VECTOR_VVVV_RM, opcode, extension, prefix, map, Tuple.FULL);
  }

  Operation(
      String mnemonic, Form form, int opcode, int extension, Prefix prefix, Map map, Tuple tuple) {
    this.mnemonic = mnemonic.isEmpty() ? name().toLowerCase(Locale.ROOT) : mnemonic;
    this.form = form;
    this.opcode = opcode;
    this.extension = extension;
    this.prefix = prefix;
    this.map = map;
    this.tuple = tuple;
  }

  /** The bit W of VEX and EVEX, which some instructions use as a part of their opcode. */
  boolean isWide() {
    return this == VPERMQ || this == VMOVQ || this == VMOVQ_STORE || this == VEXTRACTF64X4;
  }

  /** The opcode that stores where this one loads. */
  int storeOpcode() {
    return this == VMOVDQU ? 0x7f : opcode + 1;
  }

  /** What GNU as calls it, which for some depends on how it is encoded. */
  String mnemonic(Instruction instruction) {
    boolean evex = instruction.needsEvex();
    return switch (this) {
      case VMOVDQU -> load(instruction) + (evex ? "vmovdqu32" : mnemonic);
      case VMOVUPS -> load(instruction) + mnemonic;
      case VEXTRACTF128 -> evex ? "vextractf32x4" : mnemonic;
      case VPAND, VPXOR -> evex ? mnemonic + "d" : mnemonic;
      case VPDPBUSD -> evex ? mnemonic : "{vex} " + mnemonic;
      case JAE, JB, JE, JMP, JNE -> "{disp32} " + mnemonic;
      default -> mnemonic;
    };
  }

  /** Between registers a load and a store do the same. */
  private static String load(Instruction instruction) {
    boolean registers = instruction.operands().stream().noneMatch(Memory.class::isInstance);
    return registers ? "{load} " : "";
  }
}
