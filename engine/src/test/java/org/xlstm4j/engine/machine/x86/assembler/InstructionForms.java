package org.xlstm4j.engine.machine.x86.assembler;

import static org.xlstm4j.engine.machine.x86.assembler.General.*;
import static org.xlstm4j.engine.machine.x86.assembler.Operation.*;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Every operation in every form: VEX and EVEX, registers of all numbers, masks, memory with all
 * kinds of addresses.
 */
public final class InstructionForms {
  private static final Set<Operation> THREE_VECTORS =
      EnumSet.of(
          VADDPS,
          VDIVPS,
          VFMADD213PS,
          VFMADD231PS,
          VFNMADD213PS,
          VFNMADD231PS,
          VMAXPS,
          VMINPS,
          VMULPS,
          VSUBPS,
          VPACKSSDW,
          VPACKSSWB,
          VPADDD,
          VPADDW,
          VPAND,
          VPDPBUSD,
          VPMADDUBSW,
          VPMADDWD,
          VPMAXSD,
          VPSUBD,
          VPUNPCKHDQ,
          VPUNPCKLDQ,
          VPXOR);
  private static final Set<Operation> OF_BYTES_OR_WORDS =
      EnumSet.of(VPACKSSWB, VPADDW, VPMADDUBSW, VPMADDWD, VPABSB);
  private static final Set<Operation> TWO_VECTORS =
      EnumSet.of(VCVTDQ2PS, VCVTPS2DQ, VPABSB, VMOVSHDUP);
  private static final Set<Operation> HALF_SOURCE = EnumSet.of(VCVTPH2PS, VPMOVZXWD);
  private static final Set<Operation> SCALARS =
      EnumSet.of(VADDSS, VDIVSS, VMULSS, VFMADD231SS, VSQRTSS);
  private static final Set<Operation> SHIFTS = EnumSet.of(VPSLLD, VPSLLW, VPSRAD, VPSRLD, VPSRLW);
  private static final Set<Operation> BROADCASTS = EnumSet.of(VBROADCASTSS, VPBROADCASTD);

  /** One of each form and size of memory. */
  private static final Set<Operation> ALL_ADDRESSES =
      EnumSet.of(VFMADD231PS, VMOVDQU, VMOVSS, VPMOVZXWD);

  /** Distances in bytes that take no byte, one, one as a multiple, or four. */
  private static final List<Integer> DISPLACEMENTS =
      List.of(0, 1, 4, 8, 16, 64, 127, -128, 128, 508, 2032, 4064, 8128, -8192, 8192);

  private static final int[] SIZES = {Vector.XMM, Vector.YMM, Vector.ZMM};

  private final Listing code = new Listing();

  private InstructionForms() {}

  /** A listing that nobody is to run. */
  public static Listing all() {
    InstructionForms forms = new InstructionForms();
    for (Operation operation : Operation.values()) {
      if (operation.form.name().startsWith("VECTOR") && operation != KMOVW) {
        forms.vector(operation);
      } else {
        forms.general(operation);
      }
    }
    return forms.code;
  }

  private void general(Operation operation) {
    switch (operation) {
      case ADD, SUB, TEST, MOV, IMUL -> {
        code.add(operation, RCX, RDX);
        code.add(operation, RAX, R15);
        code.add(operation, R9, RBP);
        code.add(operation, R12, R13);
      }
      case ADD_IMMEDIATE, AND_IMMEDIATE, CMP_IMMEDIATE, MOV_IMMEDIATE, SUB_IMMEDIATE -> {
        for (int value : new int[] {0, 1, -1, 127, -128, 128, -129, 100000, Integer.MIN_VALUE}) {
          code.add(operation, RCX, value);
          code.add(operation, R12, value);
        }
        code.add(operation, RAX, 17);
      }
      case SHL, SHR -> {
        for (int count : new int[] {1, 2, 31, 63}) {
          code.add(operation, RAX, count);
          code.add(operation, R13, count);
        }
      }
      case LEA, MOV_LOAD, MOVZX -> {
        for (Memory memory : memories()) {
          code.add(operation, R11, memory);
        }
        code.add(operation, RDX, RDI.memory(8));
      }
      case PREFETCHT0 -> memories().forEach(memory -> code.add(operation, memory));
      case MOV_STORE -> {
        for (Memory memory : memories()) {
          code.add(operation, memory, R11);
        }
        code.add(operation, RDI.memory(8), RDX);
      }
      case NEG, NOT, POP, PUSH, SHL_BY_RCX -> {
        for (General register : General.values()) {
          code.add(operation, register);
        }
      }
      case KMOVW -> {
        code.add(operation, new Mask(1), RAX);
        code.add(operation, new Mask(7), R13);
      }
      case LDTILECFG -> memories().forEach(memory -> code.add(operation, memory));
      case TILEZERO -> {
        code.add(operation, new Tile(0));
        code.add(operation, new Tile(7));
      }
      case TILELOADD -> rows().forEach(memory -> code.add(operation, new Tile(5), memory));
      case TILESTORED -> rows().forEach(memory -> code.add(operation, memory, new Tile(3)));
      case TDPBF16PS, TDPBSSD -> {
        code.add(operation, new Tile(0), new Tile(4), new Tile(7));
        code.add(operation, new Tile(6), new Tile(1), new Tile(2));
      }
      case CPUID, RET, TILERELEASE, VZEROUPPER, XGETBV -> code.add(operation);
      case LABEL, JAE, JB, JE, JMP, JNE -> {
        // see jumps
      }
      default -> throw new IllegalStateException("no forms of " + operation);
    }
  }

  /** Addresses with the distance of a tile's rows. */
  private static List<Memory> rows() {
    return List.of(
        RSP.memory(R11, 1).plus(64),
        RDI.memory(R12, 1),
        R13.memory(R9, 1).plus(-1024),
        RBP.memory(RAX, 1),
        R10.memory(RCX, 1).plus(4096));
  }

  private void vector(Operation operation) {
    for (int bytes : SIZES) {
      for (int number : new int[] {1, 9, 22}) {
        vector(operation, bytes, number);
      }
    }
  }

  private void vector(Operation operation, int bytes, int number) {
    boolean evex = bytes == Vector.ZMM || number > 15;
    Vector a = new Vector(number, bytes);
    Vector b = new Vector(evex ? 31 - number : 15 - number, bytes);
    Vector c = new Vector(evex ? 18 : number + 3, bytes);
    Vector half = c.as(Math.max(bytes / 2, Vector.XMM));
    Vector smallest = c.as(Vector.XMM);
    Mask mask = new Mask(1 + number % 7);
    if (THREE_VECTORS.contains(operation)) {
      code.add(operation, a, b, c);
      memories(operation, evex, bytes).forEach(memory -> code.add(operation, a, b, memory));
      if (evex) {
        code.addMasked(mask, operation, a, b, c);
      }
      if (evex && !OF_BYTES_OR_WORDS.contains(operation)) {
        memories(operation, true, Integer.BYTES)
            .forEach(memory -> code.add(operation, a, b, memory.toAllLanes()));
      }
    } else if (operation == VSHUFPS) {
      code.add(operation, a, b, c, 0x4e);
      memories(operation, evex, bytes).forEach(memory -> code.add(operation, a, b, memory, 0xd8));
    } else if (TWO_VECTORS.contains(operation)) {
      code.add(operation, a, c);
      memories(operation, evex, bytes).forEach(memory -> code.add(operation, a, memory));
    } else if (operation == VPSHUFD || (operation == VPERMQ && bytes != Vector.XMM)) {
      code.add(operation, a, c, 0xb1);
      memories(operation, evex, bytes).forEach(memory -> code.add(operation, a, memory, 7));
    } else if (HALF_SOURCE.contains(operation)) {
      code.add(operation, a, half);
      memories(operation, evex, bytes / 2).forEach(memory -> code.add(operation, a, memory));
    } else if (BROADCASTS.contains(operation)) {
      code.add(operation, a, smallest);
      memories(operation, evex, Float.BYTES).forEach(memory -> code.add(operation, a, memory));
    } else if (SHIFTS.contains(operation)) {
      code.add(operation, a, c, 1);
      code.add(operation, b, c, 26);
    } else if (operation == VMOVDQU || operation == VMOVUPS) {
      moves(operation, a, evex, mask);
    } else if (operation == VPSIGNB && !evex) {
      code.add(operation, a, b, c);
      memories(operation, false, bytes).forEach(memory -> code.add(operation, a, b, memory));
    } else if (operation == VPMASKMOVD && !evex) {
      memories(operation, false, bytes).forEach(memory -> code.add(operation, a, b, memory));
    } else if (operation == VPMASKMOVD_STORE && !evex) {
      memories(operation, false, bytes).forEach(memory -> code.add(operation, memory, a, b));
    } else if (operation == VINSERTF128 && bytes == Vector.YMM && !evex) {
      code.add(operation, a, b, smallest, 1);
      memories(operation, false, Vector.XMM)
          .forEach(memory -> code.add(operation, a, b, memory, 1));
    } else if (operation == VINSERTF32X4 && bytes == Vector.ZMM) {
      code.add(operation, a, b, smallest, 3);
      memories(operation, true, Vector.XMM).forEach(memory -> code.add(operation, a, b, memory, 3));
    } else if (operation == VEXTRACTF128 && bytes != Vector.XMM) {
      code.add(operation, smallest, a, 1);
    } else if (operation == VPMOVDW && bytes == Vector.ZMM) {
      code.add(operation, c.as(Vector.YMM), a);
      memories(operation, true, Vector.YMM).forEach(memory -> code.add(operation, memory, a));
    } else if (operation == VEXTRACTF64X4 && bytes == Vector.ZMM) {
      code.add(operation, c.as(Vector.YMM), a, 1);
    } else if (bytes == Vector.XMM) {
      smallest(operation, a, b, c, evex);
    }
  }

  private void moves(Operation operation, Vector a, boolean evex, Mask mask) {
    code.add(operation, a, new Vector(15 - a.number() % 16, a.bytes()));
    code.add(operation, new Vector(15 - a.number() % 16, a.bytes()), a);
    if (evex) {
      code.addMasked(mask, operation, a, new Vector(15 - a.number() % 16, a.bytes()));
    }
    for (Memory memory : memories(operation, evex, a.bytes())) {
      code.add(operation, a, memory);
      code.add(operation, memory, a);
      if (evex) {
        code.addMasked(mask, operation, a, memory);
        code.addMasked(mask, operation, memory, a);
      }
    }
  }

  /** Operations of 128-bit registers only. */
  private void smallest(Operation operation, Vector a, Vector b, Vector c, boolean evex) {
    if (SCALARS.contains(operation)) {
      code.add(operation, a, b, c);
      memories(operation, evex, Float.BYTES).forEach(memory -> code.add(operation, a, b, memory));
    } else if (operation == VMOVHLPS) {
      code.add(operation, a, b, c);
    } else if (operation == VMOVSS) {
      memories(operation, evex, Float.BYTES).forEach(memory -> code.add(operation, a, memory));
      memories(operation, evex, Float.BYTES).forEach(memory -> code.add(operation, memory, a));
    } else if (operation == VMOVQ) {
      code.add(operation, a, RAX);
      code.add(operation, a, R14);
    } else if (operation == VMOVQ_STORE) {
      code.add(operation, RAX, a);
      code.add(operation, R14, a);
    }
  }

  /**
   * With the distances around multiples of what is read, which EVEX encodes in one byte. Addresses
   * are encoded alike for all operations, so most have only a few.
   */
  private static List<Memory> memories(Operation operation, boolean evex, int bytes) {
    List<Memory> memories = new ArrayList<>(List.of(RDI.memory(bytes), RSP.memory(R9, 4).plus(1)));
    if (ALL_ADDRESSES.contains(operation)) {
      memories.addAll(memories());
    }
    if (evex) {
      for (int multiple : new int[] {-129, -128, 127, 128}) {
        memories.add(R13.memory(multiple * bytes));
      }
    }
    return memories;
  }

  private static List<Memory> memories() {
    List<Memory> memories = new ArrayList<>();
    for (General base : new General[] {RAX, RSP, RBP, R12, R13}) {
      for (int displacement : new int[] {0, -12, 4096}) {
        memories.add(base.memory(displacement));
      }
    }
    for (int displacement : DISPLACEMENTS) {
      memories.add(RDI.memory(displacement));
    }
    memories.add(RBX.memory(RBP, 1));
    memories.add(RBP.memory(R12, 2));
    memories.add(R13.memory(RBX, 4));
    memories.add(RSP.memory(R15, 8).plus(64));
    memories.add(R12.memory(R12, 8).plus(-12));
    memories.add(R9.memory(RAX, 1).plus(4096));
    return memories;
  }

  /** Jumps forward and backward, near and far. */
  public static Listing jumps() {
    Listing listing = new Listing();
    Label start = new Label("start");
    Label middle = new Label("middle");
    Label end = new Label("end");
    listing.place(start);
    for (Operation operation : Operation.values()) {
      if (operation.form == Form.JUMP) {
        listing.add(operation, start);
        listing.add(operation, middle);
        listing.add(operation, end);
      }
    }
    listing.add(JMP, middle);
    listing.place(middle);
    for (int i = 0; i < 20; i++) {
      listing.add(VPADDD, new Vector(i, Vector.ZMM), new Vector(1, Vector.ZMM), RSP.memory(1));
    }
    listing.add(JNE, middle);
    listing.add(JAE, start);
    listing.place(end);
    listing.add(JE, end);
    return listing;
  }
}
