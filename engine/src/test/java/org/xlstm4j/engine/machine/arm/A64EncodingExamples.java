package org.xlstm4j.engine.machine.arm;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.xlstm4j.engine.kernels.RowKernels;
import org.xlstm4j.engine.machine.arm.assembler.A64Examples;
import org.xlstm4j.engine.machine.arm.assembler.A64Instruction;
import org.xlstm4j.engine.machine.arm.assembler.A64Label;
import org.xlstm4j.engine.machine.arm.assembler.A64Listing;
import org.xlstm4j.engine.machine.code.Code;
import org.xlstm4j.engine.machine.code.InstructionSet;
import org.xlstm4j.engine.machine.code.MachineLevel;
import org.xlstm4j.engine.machine.code.MathConstants;
import org.xlstm4j.engine.machine.code.MathKernel;
import org.xlstm4j.engine.machine.code.ProbeCode;
import org.xlstm4j.engine.machine.code.WeightFormat;

/**
 * What is compared with GNU as: every form of every operation, and every instruction of every
 * kernel. Run by src/test/assembler/encodings.
 */
final class A64EncodingExamples {
  private A64EncodingExamples() {}

  /** Prints a source file for GNU as. */
  public static void main(String[] args) {
    System.out.println(".arch armv8.2-a+dotprod+i8mm");
    instructions().forEach(System.out::println);
    System.out.print(A64Examples.branches());
  }

  /** Without branches, each text once. */
  static Collection<A64Instruction> instructions() {
    List<A64Listing> listings = new ArrayList<>();
    listings.add(A64Examples.all());
    listings.addAll(kernels());
    Map<String, A64Instruction> instructions = new LinkedHashMap<>();
    for (A64Listing listing : listings) {
      for (A64Instruction instruction : listing.instructions()) {
        if (instruction.operands().stream().noneMatch(A64Label.class::isInstance)) {
          instructions.put(instruction.toString(), instruction);
        }
      }
    }
    return instructions.values();
  }

  /** Those of all levels. */
  static List<A64Listing> kernels() {
    List<Code> codes = new ArrayList<>();
    codes.add(CacheMaintenance.listing());
    for (MachineLevel level : MachineLevel.values()) {
      if (level.instructionSet() == InstructionSet.AARCH64) {
        addKernels(new ArmKernels(level), codes);
      }
    }
    return codes.stream().map(A64Listing.class::cast).toList();
  }

  private static void addKernels(ArmKernels kernels, List<Code> codes) {
    codes.add(kernels.activationQuantizer());
    codes.add(kernels.columnSplitter());
    for (WeightFormat format : WeightFormat.values()) {
      for (int tokens = 1; tokens <= RowKernels.MAX_TOKENS; tokens++) {
        codes.add(kernels.product(format, tokens));
      }
      for (int tokens : kernels.groupSizes(format)) {
        codes.add(kernels.product(format, tokens));
      }
    }
    for (int tokens = 1; tokens <= RowKernels.MAX_TOKENS; tokens++) {
      codes.add(kernels.matrixMemory(tokens));
    }
    MathConstants numbers = new MathConstants();
    for (MathKernel kernel : MathKernel.values()) {
      codes.add(kernels.math(kernel, numbers));
    }
    codes.addAll(
        List.of(
            kernels.recurrent(false),
            kernels.recurrent(true),
            kernels.stabilizer(),
            kernels.scalarMemory(),
            kernels.blocksOfFour(),
            kernels.wideBlocks(kernels.blockVectors().getFirst()),
            kernels.tiles(),
            kernels.rowTiles(),
            kernels.pack(),
            kernels.packPanel(),
            kernels.unpack(WeightFormat.Q8),
            kernels.unpack(WeightFormat.Q4),
            kernels.widen(WeightFormat.BF16),
            kernels.widen(WeightFormat.F16),
            kernels.grid()));
    for (ProbeCode probe : kernels.probes()) {
      for (int streams : new int[] {1, 2, 4, 8}) {
        for (int ahead : new int[] {0, 1024}) {
          codes.add(probe.read(streams, ahead));
          codes.add(probe.update(streams, ahead));
        }
      }
      codes.add(probe.multiplyAdd());
      codes.add(probe.integerMultiplyAdd());
    }
  }
}
