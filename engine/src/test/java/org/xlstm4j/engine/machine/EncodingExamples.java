package org.xlstm4j.engine.machine;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.xlstm4j.engine.kernels.RowKernels;
import org.xlstm4j.engine.machine.assembler.General;
import org.xlstm4j.engine.machine.assembler.Instruction;
import org.xlstm4j.engine.machine.assembler.InstructionForms;
import org.xlstm4j.engine.machine.assembler.Label;
import org.xlstm4j.engine.machine.assembler.Listing;

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
    listings.addAll(SplitTiles.listings());
    listings.add(ProbeListing.tiles());
    for (MachineLevel level : MachineLevel.values()) {
      for (WeightFormat format : WeightFormat.values()) {
        for (int tokens = 1; tokens <= RowKernels.MAX_TOKENS; tokens++) {
          listings.add(format.listing(level, tokens));
        }
        for (int tokens : format.groupSizes(level)) {
          listings.add(format.listing(level, tokens));
        }
      }
      for (int tokens = 1; tokens <= RowKernels.MAX_TOKENS; tokens++) {
        listings.add(MatrixMemoryListing.of(level, tokens));
      }
      listings.addAll(MachineTileKernels.listings(level));
      listings.add(UnpackListing.q8(level));
      listings.add(UnpackListing.q4(level));
      listings.add(WidenListing.bf16(level));
      listings.add(WidenListing.f16(level));
      listings.add(GridListing.of(level));
      MathConstants numbers = new MathConstants(General.RDI);
      for (MathKernel kernel : MathKernel.values()) {
        listings.add(kernel.listing(level, numbers));
      }
      listings.addAll(MachineSlstmKernels.listings(level));
      listings.addAll(MachineBlockKernels.listings(level));
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
