package org.xlstm4j.engine.machine.arm;

import java.util.List;
import org.xlstm4j.engine.machine.arm.assembler.A64Listing;
import org.xlstm4j.engine.machine.arm.assembler.A64Operation;
import org.xlstm4j.engine.machine.arm.assembler.A64Vector;
import org.xlstm4j.engine.machine.code.KernelCode;
import org.xlstm4j.engine.machine.code.MachineLevel;
import org.xlstm4j.engine.machine.code.MathConstants;
import org.xlstm4j.engine.machine.code.MathKernel;
import org.xlstm4j.engine.machine.code.ProbeCode;
import org.xlstm4j.engine.machine.code.WeightFormat;

/**
 * The kernels of a level of AArch64. Levels differ in products of quantized weights.
 *
 * @param level one of AArch64
 */
public record ArmKernels(MachineLevel level) implements KernelCode {
  /** Tokens of a group, whose sums have room in the registers. */
  private static final int GROUP = 8;

  @Override
  public A64Listing product(WeightFormat format, int tokens) {
    return switch (format) {
      case F32, BF16, F16 -> NeonRowProduct.listing(format, tokens);
      case Q8 -> NeonQ8Product.listing(level, tokens);
      case Q4 -> NeonQ4Product.listing(level, tokens);
    };
  }

  @Override
  public List<Integer> groupSizes(WeightFormat format) {
    return format.isQuantized() && level.hasIntegerProducts() ? List.of(GROUP) : List.of();
  }

  @Override
  public A64Listing activationQuantizer() {
    return NeonQuantizer.listing();
  }

  @Override
  public A64Listing columnSplitter() {
    return NeonColumnSplitter.listing();
  }

  @Override
  public A64Listing matrixMemory(int tokens) {
    return NeonMatrixMemory.of(tokens);
  }

  @Override
  public A64Listing math(MathKernel kernel, MathConstants numbers) {
    return switch (kernel) {
      case EXP, SIGMOID, LOG_SIGMOID, TANH, SILU, SOFT_CAP, SIGMOID_GATE, SILU_GATE, GELU_GATE ->
          NeonFunction.of(kernel, numbers);
      case MULTIPLY -> NeonArithmetic.pairs(A64Operation.FMUL);
      case ADD -> NeonArithmetic.pairs(A64Operation.FADD);
      case SCALE -> NeonArithmetic.scale();
      case NORM -> NeonNorm.of(false);
      case CENTERED_NORM -> NeonNorm.of(true);
      case NORMALIZER -> NeonNormalizer.listing();
      case ADD_PRODUCTS -> NeonArithmetic.addProducts();
    };
  }

  @Override
  public A64Listing recurrent(boolean halves) {
    return NeonRecurrent.of(halves);
  }

  @Override
  public A64Listing stabilizer() {
    return NeonScalarMemory.stabilizer();
  }

  @Override
  public A64Listing scalarMemory() {
    return NeonScalarMemory.step();
  }

  @Override
  public A64Listing blocksOfFour() {
    return NeonBlocks.fours();
  }

  @Override
  public A64Listing wideBlocks(int vectorBytes) {
    return NeonBlocks.wide();
  }

  @Override
  public List<Integer> blockVectors() {
    return List.of(A64Vector.BYTES);
  }

  @Override
  public A64Listing tiles() {
    return NeonTiles.listing();
  }

  @Override
  public A64Listing rowTiles() {
    return NeonRowTiles.listing();
  }

  @Override
  public A64Listing pack() {
    return NeonPack.rows();
  }

  @Override
  public A64Listing packPanel() {
    return NeonPack.panel();
  }

  @Override
  public A64Listing unpack(WeightFormat format) {
    return format == WeightFormat.Q8 ? NeonUnpack.q8() : NeonUnpack.q4();
  }

  @Override
  public A64Listing widen(WeightFormat format) {
    return NeonWiden.listing(format == WeightFormat.BF16);
  }

  @Override
  public A64Listing grid() {
    return NeonGrid.listing();
  }

  @Override
  public List<ProbeCode> probes() {
    return List.of(new NeonProbes(level));
  }
}
