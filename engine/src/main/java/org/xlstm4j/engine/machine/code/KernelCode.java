package org.xlstm4j.engine.machine.code;

import java.util.List;
import java.util.Optional;

/**
 * The kernels of one level of processors. All instruction sets have the same kernels with the same
 * arguments.
 *
 * <p>Kernels of products, tokens' forms and matrix memories take an address and up to five numbers.
 * All others take three operands, a count and a parameter ({@code ArrayCall}). Immutable and
 * thread-safe.
 */
public interface KernelCode {
  /** Bytes of a step of the normalizer: input, forget, the sum, and a place that is not used. */
  int NORMALIZER_STEP_BYTES = 4 * Float.BYTES;

  /** Columns that {@link #pack} takes at a time. */
  int PACKED_COLUMNS = 4;

  /** Depths of a turn of {@link #rowTiles}. */
  int ROW_TILE_TURN = 4;

  /**
   * Product of weights with tokens. Arguments: weights; tokens in the form of the weights' format;
   * results ({@link ProductResults}); columns, or blocks a panel; rows, or panels; where the rows
   * begin in the weights.
   *
   * <p>Row-major weights are multiplied by values that begin {@link TokenRows#stride} bytes after
   * each other; for BF16 the even columns of a token come first, then, after another stride, the
   * odd ones. Panels are multiplied by {@link ActivationBlock}s.
   *
   * @param tokens one to four, or one of {@link #groupSizes}
   */
  Code product(WeightFormat format, int tokens);

  /** How many tokens there are products for, besides those for one to four. */
  List<Integer> groupSizes(WeightFormat format);

  /**
   * Quantizes one token's values block by block, as {@code ActivationKernels.quantize} says.
   * Arguments: values, whole blocks; where they begin; the first {@link ActivationBlock}; blocks;
   * bytes between two of them.
   */
  Code activationQuantizer();

  /**
   * Splits one token's values into even and odd columns, because two weights of BF16 share a lane.
   * Arguments: values, filled up to a multiple of 16; where they begin; even columns; odd columns;
   * the number of values in units of 16.
   */
  Code columnSplitter();

  /**
   * Steps of some columns of a matrix memory. Arguments: the memory; where the columns of row 0
   * begin in it; {@link MatrixMemoryArguments}.
   *
   * @param tokens one to four
   */
  Code matrixMemory(int tokens);

  /**
   * An elementwise function or a norm; see {@link MathKernel}.
   *
   * @param numbers where the function's numbers are added
   */
  Code math(MathKernel kernel, MathConstants numbers);

  /**
   * The sLSTM's recurrent products of some panels. Operands: the weights at the first of the
   * panels, y, the sums of the first of the panels. The count is the number of inputs, the
   * parameter that of panels.
   *
   * @param halves whether weights are bfloat16, else floats
   */
  Code recurrent(boolean halves);

  /**
   * Stabilizes the sLSTM's gates. Operands: the input gates, n, m. The count is the number of
   * channels, the parameter the bytes from one gate to the next.
   */
  Code stabilizer();

  /** Steps the sLSTM's memory. Operands: the input gates, c, n; the others as before. */
  Code scalarMemory();

  /**
   * Products with block-diagonal weights in blocks of four. Operands: the weights of input 0 at the
   * first output, the first input, the first output. The count is the number of outputs, the
   * parameter the bytes from one input's weights to the next.
   */
  Code blocksOfFour();

  /**
   * The same for outputs of one block, whole vectors. The parameter's upper half is the number of
   * inputs, its lower half the floats from one input's weights to the next.
   *
   * @param vectorBytes one of {@link #blockVectors}
   */
  Code wideBlocks(int vectorBytes);

  /** Sizes of vectors that there are kernels of {@link #wideBlocks} for, the widest first. */
  List<Integer> blockVectors();

  /**
   * Dense products: tiles one below the other, of groups of rows of a and the same b, {@code
   * out[g][i][j] += a[g][d][i] * b[d][j]}, summed by depth alone. Operands: a, b, out. The count's
   * lower half is the depth, at least 1, its upper half the number of groups, at least 1; the
   * parameter's lower half is the distance of out's rows, its upper half that of a's groups, both
   * in floats. If the count's sign is set, sums do not start at what out holds, but all rows at the
   * row that lies behind b.
   */
  Code tiles();

  /**
   * Dense products with rows that are not packed: {@code out[row][j] += a[row][d] * b[d][j]},
   * summed by depth alone. Operands: a, b, out. The count's lower half is the depth, at least 1,
   * which is the distance of a's rows, too; its upper half the number of groups of eight rows, at
   * least 1. The parameter is the distance, in bytes, from a to what is asked for ahead.
   */
  Code rowTiles();

  /** Bytes that a group of {@link #rowTiles} asks for ahead: those of half of its rows. */
  static int askedBytes(int depth) {
    return depth / ROW_TILE_TURN * CacheLine.BYTES;
  }

  /**
   * Eight rows become columns. Operands: the first row, the first column. The count's lower half is
   * a fourth of the columns, at least 1, its upper half the floats from column to column of the
   * result; the parameter is the bytes from row to row, of either sign.
   */
  Code pack();

  /**
   * 32 rows become a panel, {@code [column][32]}. Operands: the first row, the panel. The count is
   * a fourth of the columns, at least 1; the parameter is the bytes from row to row, at least 0.
   */
  Code packPanel();

  /**
   * Blocks of a panel of quantized weights as floats, with the bits of the scalar kernels.
   * Operands: the first block, the panel; the count is the number of blocks, at least 1.
   *
   * @param format {@link WeightFormat#Q8} or {@link WeightFormat#Q4}
   */
  Code unpack(WeightFormat format);

  /**
   * 16-bit weights as floats. Operands: the weights, the floats; the count is how many.
   *
   * @param format {@link WeightFormat#BF16} or {@link WeightFormat#F16}
   */
  Code widen(WeightFormat format);

  /**
   * Adds one row of a depthwise kernel along one row of a grid. Operands: x, w, y. The count's
   * lower half is the number of channels, its upper half that of the row's tokens, at least 1; the
   * parameter's lower half is the distance of x's tokens, its upper half that of y's, both in
   * floats.
   */
  Code grid();

  /** Products of floats in tiles; empty where the processor has none. */
  default Optional<SplitTileCode> splitTiles() {
    return Optional.empty();
  }

  /** Loops that reach the processor's limits, for vectors of each size that it has. */
  List<ProbeCode> probes();
}
