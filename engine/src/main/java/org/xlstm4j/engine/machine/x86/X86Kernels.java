package org.xlstm4j.engine.machine.x86;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.xlstm4j.engine.machine.code.Code;
import org.xlstm4j.engine.machine.code.KernelCode;
import org.xlstm4j.engine.machine.code.MachineLevel;
import org.xlstm4j.engine.machine.code.MathConstants;
import org.xlstm4j.engine.machine.code.MathKernel;
import org.xlstm4j.engine.machine.code.ProbeCode;
import org.xlstm4j.engine.machine.code.SplitTileCode;
import org.xlstm4j.engine.machine.code.WeightFormat;
import org.xlstm4j.engine.machine.x86.assembler.Listing;
import org.xlstm4j.engine.machine.x86.assembler.Tile;
import org.xlstm4j.engine.machine.x86.assembler.Vector;

/**
 * The kernels of a level of x86-64.
 *
 * @param level one of x86-64
 */
public record X86Kernels(MachineLevel level) implements KernelCode {
  @Override
  public Listing product(WeightFormat format, int tokens) {
    if (tokens == TileProduct.TOKENS) {
      return TileProduct.listing(format);
    }
    return switch (format) {
      case F32, BF16, F16 -> RowProduct.listing(format, level, tokens);
      case Q8 -> Q8Product.listing(level, tokens);
      case Q4 -> Q4Product.listing(level, tokens);
    };
  }

  /** With 32 registers, the sums of twelve tokens have room in them; a tile has sixteen. */
  @Override
  public List<Integer> groupSizes(WeightFormat format) {
    if (!format.isQuantized() || level.compareTo(MachineLevel.AVX512_VNNI) < 0) {
      return List.of();
    }
    return level.hasTiles() ? List.of(8, 12, TileProduct.TOKENS) : List.of(8, 12);
  }

  @Override
  public Listing activationQuantizer() {
    return ActivationQuantizer.listing();
  }

  @Override
  public Listing columnSplitter() {
    return ColumnSplitter.listing();
  }

  @Override
  public Listing matrixMemory(int tokens) {
    return MatrixMemoryListing.of(level, tokens);
  }

  @Override
  public Listing math(MathKernel kernel, MathConstants numbers) {
    return switch (kernel) {
      case EXP, SIGMOID, LOG_SIGMOID, TANH, SILU, SOFT_CAP, SIGMOID_GATE, SILU_GATE, GELU_GATE ->
          FunctionListing.of(level, kernel, numbers);
      case MULTIPLY -> ArithmeticListing.multiply(level);
      case ADD -> ArithmeticListing.add(level);
      case SCALE -> ArithmeticListing.scale(level);
      case NORM -> NormListing.of(level, false);
      case CENTERED_NORM -> NormListing.of(level, true);
      case NORMALIZER -> NormalizerListing.of(level);
      case ADD_PRODUCTS -> ProductSumListing.of(level);
    };
  }

  @Override
  public Listing recurrent(boolean halves) {
    return halves ? RecurrentListing.bf16(level) : RecurrentListing.f32(level);
  }

  @Override
  public Listing stabilizer() {
    return ScalarMemoryListing.stabilize(level);
  }

  @Override
  public Listing scalarMemory() {
    return ScalarMemoryListing.step(level);
  }

  @Override
  public Listing blocksOfFour() {
    return BlockListing.fours(level);
  }

  @Override
  public Listing wideBlocks(int vectorBytes) {
    return BlockListing.wide(vectorBytes);
  }

  @Override
  public List<Integer> blockVectors() {
    return vectorSizes();
  }

  @Override
  public Listing tiles() {
    return TileListing.of(level);
  }

  @Override
  public Listing rowTiles() {
    return RowTileListing.of(level);
  }

  @Override
  public Listing pack() {
    return PackListing.listing();
  }

  @Override
  public Listing packPanel() {
    return PanelPackListing.of(level);
  }

  @Override
  public Listing unpack(WeightFormat format) {
    return format == WeightFormat.Q8 ? UnpackListing.q8(level) : UnpackListing.q4(level);
  }

  @Override
  public Listing widen(WeightFormat format) {
    return format == WeightFormat.BF16 ? WidenListing.bf16(level) : WidenListing.f16(level);
  }

  @Override
  public Listing grid() {
    return GridListing.of(level);
  }

  @Override
  public Optional<SplitTileCode> splitTiles() {
    if (!level.hasTiles()) {
      return Optional.empty();
    }
    return Optional.of(
        new SplitTileCode(
            SplitRowsListing.listing(),
            TransposeTilesListing.listing(),
            SplitTileListing.ofStored(),
            SplitTileListing.ofSplit()));
  }

  /** With 256 bits, and then with the widest there are. */
  @Override
  public List<ProbeCode> probes() {
    List<ProbeCode> probes = new ArrayList<>();
    probes.add(new Probes(Vector.YMM, level == MachineLevel.AVX_VNNI, false));
    if (level.vectorBytes() > Vector.YMM) {
      probes.add(new Probes(level.vectorBytes(), level.hasIntegerProducts(), level.hasTiles()));
    }
    return probes;
  }

  private List<Integer> vectorSizes() {
    return level.vectorBytes() == Vector.YMM
        ? List.of(Vector.YMM)
        : List.of(level.vectorBytes(), Vector.YMM);
  }

  private record Probes(int vectorBytes, boolean hasIntegerProducts, boolean hasTiles)
      implements ProbeCode {
    @Override
    public Code read(int streams, int ahead) {
      return ProbeListing.read(vectorBytes, streams, ahead);
    }

    @Override
    public Code update(int streams, int ahead) {
      return ProbeListing.update(vectorBytes, streams, ahead);
    }

    @Override
    public Code multiplyAdd() {
      return ProbeListing.multiplyAdd(vectorBytes);
    }

    @Override
    public Code integerMultiplyAdd() {
      return ProbeListing.integerMultiplyAdd(vectorBytes, hasIntegerProducts);
    }

    /**
     * Not of integers: tiles multiply them in less time than vectors need to scale the sums of a
     * block.
     */
    @Override
    public Optional<Code> tileMultiplyAdd() {
      return hasTiles ? Optional.of(ProbeListing.tiles()) : Optional.empty();
    }

    /** A product of a float takes one of each of its parts. */
    @Override
    public int tileProducts() {
      int products = ProbeListing.TILES * Tile.ROWS * Tile.ROWS * SplitTileCode.COLUMNS;
      return products / SplitTileCode.PARTS;
    }

    @Override
    public int products() {
      return ProbeListing.SUMS * (vectorBytes / Float.BYTES);
    }

    @Override
    public int integerProducts() {
      return ProbeListing.SUMS * vectorBytes;
    }
  }
}
