package org.xlstm4j.engine.machine.x86;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.xlstm4j.engine.kernels.RowKernels;
import org.xlstm4j.engine.machine.code.InstructionSet;
import org.xlstm4j.engine.machine.code.MachineLevel;
import org.xlstm4j.engine.machine.code.MathConstants;
import org.xlstm4j.engine.machine.code.MathKernel;
import org.xlstm4j.engine.machine.code.WeightFormat;
import org.xlstm4j.engine.machine.x86.assembler.Instruction;
import org.xlstm4j.engine.machine.x86.assembler.InstructionForms;
import org.xlstm4j.engine.machine.x86.assembler.Label;
import org.xlstm4j.engine.machine.x86.assembler.Listing;

/**
 * What is compared with GNU as: every form of every operation, and every instruction of every
 * kernel. Run by src/test/assembler/encodings.
 */
final class EncodingExamples {
  private EncodingExamples() {}

  /** Prints a source file for GNU as. */
  public static void main(String[] args) {
    System.out.println(".intel_syntax noprefix");
    instructions().forEach(System.out::println);
    System.out.print(InstructionForms.jumps());
  }

  /** Without jumps, each text once. */
  static Collection<Instruction> instructions() {
    List<Listing> listings = new ArrayList<>();
    listings.add(InstructionForms.all());
    listings.addAll(kernels());
    Map<String, Instruction> instructions = new LinkedHashMap<>();
    for (Listing listing : listings) {
      for (Instruction instruction : listing.instructions()) {
        if (instruction.operands().stream().noneMatch(Label.class::isInstance)) {
          instructions.put(instruction.toString(), instruction);
        }
      }
    }
    return instructions.values();
  }

  /** Those of all levels. */
  static List<Listing> kernels() {
    List<Listing> listings = new ArrayList<>();
    listings.add(ProcessorQuery.identification());
    listings.add(ProcessorQuery.systemSupport());
    listings.add(ActivationQuantizer.listing());
    listings.add(ColumnSplitter.listing());
    listings.add(SplitRowsListing.listing());
    listings.add(TransposeTilesListing.listing());
    listings.add(SplitTileListing.ofStored());
    listings.add(SplitTileListing.ofSplit());
    listings.add(ProbeListing.tiles());
    for (MachineLevel level : MachineLevel.values()) {
      if (level.instructionSet() != InstructionSet.X86_64) {
        continue;
      }
      X86Kernels kernels = new X86Kernels(level);
      for (WeightFormat format : WeightFormat.values()) {
        for (int tokens = 1; tokens <= RowKernels.MAX_TOKENS; tokens++) {
          listings.add(kernels.product(format, tokens));
        }
        for (int tokens : kernels.groupSizes(format)) {
          listings.add(kernels.product(format, tokens));
        }
      }
      for (int tokens = 1; tokens <= RowKernels.MAX_TOKENS; tokens++) {
        listings.add(MatrixMemoryListing.of(level, tokens));
      }
      listings.add(TileListing.of(level));
      listings.add(RowTileListing.of(level));
      listings.add(PackListing.listing());
      listings.add(PanelPackListing.of(level));
      listings.add(UnpackListing.q8(level));
      listings.add(UnpackListing.q4(level));
      listings.add(WidenListing.bf16(level));
      listings.add(WidenListing.f16(level));
      listings.add(GridListing.of(level));
      MathConstants numbers = new MathConstants();
      for (MathKernel kernel : MathKernel.values()) {
        listings.add(kernels.math(kernel, numbers));
      }
      listings.add(RecurrentListing.f32(level));
      listings.add(RecurrentListing.bf16(level));
      listings.add(ScalarMemoryListing.stabilize(level));
      listings.add(ScalarMemoryListing.step(level));
      listings.add(BlockListing.fours(level));
      for (int bytes : kernels.blockVectors()) {
        listings.add(BlockListing.wide(bytes));
      }
      addProbes(level.vectorBytes(), level.hasIntegerProducts(), listings);
    }
    return listings;
  }

  private static void addProbes(int vectorBytes, boolean integerProducts, List<Listing> listings) {
    for (int streams : new int[] {1, 2, 4, 8}) {
      for (int ahead : new int[] {0, 1024}) {
        listings.add(ProbeListing.read(vectorBytes, streams, ahead));
        listings.add(ProbeListing.update(vectorBytes, streams, ahead));
      }
    }
    listings.add(ProbeListing.multiplyAdd(vectorBytes));
    listings.add(ProbeListing.integerMultiplyAdd(vectorBytes, integerProducts));
  }
}
