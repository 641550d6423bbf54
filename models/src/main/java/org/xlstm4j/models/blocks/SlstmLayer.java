package org.xlstm4j.models.blocks;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.engine.Columns;
import org.xlstm4j.engine.Matrix;
import org.xlstm4j.engine.Sequences;
import org.xlstm4j.engine.State;
import org.xlstm4j.engine.StateLayout;
import org.xlstm4j.engine.Workspace;
import org.xlstm4j.engine.cells.SlstmCell;
import org.xlstm4j.engine.layers.CausalConv;
import org.xlstm4j.engine.layers.Elementwise;
import org.xlstm4j.engine.layers.LayerNorm;
import org.xlstm4j.loader.ModelFormatException;
import org.xlstm4j.loader.TensorReader;

/**
 * The sLSTM layer of the xLSTM paper (arXiv:2405.04517, figure 10), also that of TiRex:
 *
 * <pre>
 * a          = silu(conv(x)), or x without convolution
 * i, f, z, o = fgate a, igate a, zgate x, ogate x    within each head
 * y          = headnorm(sLSTM(i, f, z, o))
 * </pre>
 *
 * <p>The names of the first two are swapped in the published code and so in every checkpoint: what
 * is called {@code fgate} feeds the input gate. Immutable and thread-safe.
 */
public final class SlstmLayer implements TokenLayer {
  private static final int GATES = 4;
  private static final float NORM_EPSILON = 1e-5f;

  private final Sizes sizes;
  private final @Nullable CausalConv convolution;
  private final List<HeadGates> gates;
  private final SlstmCell cell;
  private final LayerNorm headNorm;

  /**
   * The sizes and options of a layer.
   *
   * @param width of the residual stream, a multiple of {@code heads}
   * @param heads number of heads
   * @param taps of the convolution, 0 for none
   * @param normWeight whether the norm behind the cell has a weight
   * @param forgetCeiling the raw forget gate is cut at this value; infinity for no ceiling
   * @param arithmetic in which numbers the recurrence runs
   */
  public record Sizes(
      int width,
      int heads,
      int taps,
      boolean normWeight,
      float forgetCeiling,
      SlstmCell.Arithmetic arithmetic) {
    /**
     * The paper's layer: no ceiling, 32-bit floats.
     *
     * @param width of the residual stream, a multiple of {@code heads}
     * @param heads number of heads
     * @param taps of the convolution, 0 for none
     * @param normWeight whether the norm behind the cell has a weight
     * @return the sizes
     */
    public static Sizes ofPaper(int width, int heads, int taps, boolean normWeight) {
      return new Sizes(
          width, heads, taps, normWeight, Float.POSITIVE_INFINITY, SlstmCell.Arithmetic.FLOAT32);
    }
  }

  /**
   * Reads a layer.
   *
   * @param sizes its sizes
   * @param tensors reads {@code igate}, {@code slstm_cell} and so on, below the layer's prefix
   * @param layout receives the state
   * @param statePrefix of the names {@code conv} and {@code slstm} of its parts
   */
  public SlstmLayer(Sizes sizes, TensorReader tensors, StateLayout layout, String statePrefix)
      throws ModelFormatException {
    this.sizes = sizes;
    int width = sizes.width();
    int heads = sizes.heads();
    int headWidth = width / heads;
    convolution =
        sizes.taps() == 0
            ? null
            : MlstmLayer.causalConv(tensors, width, sizes.taps(), layout, statePrefix + "conv");
    gates =
        convolution == null
            ? List.of(new HeadGates(tensors, heads, headWidth, "fgate", "igate", "zgate", "ogate"))
            : List.of(
                new HeadGates(tensors, heads, headWidth, "fgate", "igate"),
                new HeadGates(tensors, heads, headWidth, "zgate", "ogate"));
    Recurrence recurrence = Recurrence.read(tensors.under("slstm_cell."), heads, headWidth);
    cell =
        new SlstmCell(
            recurrence.weights(),
            heads,
            recurrence.bias(),
            sizes.forgetCeiling(),
            sizes.arithmetic(),
            layout,
            statePrefix + "slstm");
    headNorm =
        LayerNorm.ofOffsets(
            sizes.normWeight() ? tensors.vector("group_norm.weight", width) : new float[width],
            new float[0],
            heads,
            NORM_EPSILON);
  }

  /**
   * Recurrent weights in whichever layout the file has, and their biases, head by head.
   *
   * @param weights in one of the layouts of {@link SlstmCell}
   * @param bias {@code [heads][i f z o][headWidth]}
   */
  @SuppressWarnings("ArrayRecordComponent") // read and handed on
  private record Recurrence(Matrix weights, float[] bias) {
    private static final String WEIGHTS = "_recurrent_kernel_";
    private static final String BIAS = "_bias_";

    /**
     * Files of the package's {@code vanilla} back end count outputs in rows, and biases by gate
     * first; those of its {@code cuda} back end count inputs in rows, and biases by head first.
     */
    static Recurrence read(TensorReader tensors, int heads, int headWidth)
        throws ModelFormatException {
      int all = GATES * headWidth;
      float[] bias = tensors.vector(BIAS, heads * all);
      if (tensors.has(WEIGHTS) && tensors.shape(WEIGHTS, 3)[1] == all) {
        int[] shape = {heads, all, headWidth};
        Matrix weights = tensors.exactMatrix(WEIGHTS, shape, heads * all, headWidth);
        return new Recurrence(weights, headFirst(bias, heads, headWidth));
      }
      int[] shape = {heads, headWidth, all};
      return new Recurrence(tensors.exactMatrix(WEIGHTS, shape, heads * headWidth, all), bias);
    }

    private static float[] headFirst(float[] gateFirst, int heads, int headWidth) {
      float[] bias = new float[gateFirst.length];
      for (int i = 0; i < bias.length; i++) {
        int gate = i / (heads * headWidth);
        int head = i / headWidth % heads;
        bias[(head * GATES + gate) * headWidth + i % headWidth] = gateFirst[i];
      }
      return bias;
    }
  }

  /** Activations of up to {@code capacity} tokens, and the views of their heads. */
  private static final class Buffers {
    private Columns convolved = Columns.allocate(0, 0);
    private Columns a = convolved;
    private Columns x = convolved;

    /** {@code [tokens][heads][i f z o][headWidth]}. */
    private Columns gates = convolved;

    private Columns[] headsOfA = {};
    private Columns[] headsOfX = {};
    private Columns[] headsOfGates = {};
    private Columns[] headsBehind = {};

    void reserve(int width, int heads, int tokens, Columns input) {
      int headWidth = width / heads;
      if (headsOfGates.length != heads
          || gates.stride() != GATES * width
          || gates.data().length < tokens * GATES * width) {
        convolved = Columns.allocate(tokens, width);
        a = Columns.allocate(tokens, width);
        gates = Columns.allocate(tokens, GATES * width);
        headsOfA = HeadGates.split(a, heads, headWidth);
        headsOfGates = HeadGates.split(gates, heads, GATES * headWidth);
        headsBehind = HeadGates.split(gates.from(2 * headWidth), heads, GATES * headWidth);
      }
      if (!x.equals(input) || headsOfX.length != heads) {
        x = input;
        headsOfX = HeadGates.split(input, heads, headWidth);
      }
    }
  }

  @Override
  public void forward(Workspace workspace, State state, Columns x, int tokens, Columns y) {
    Buffers b = buffers(workspace, x, tokens);
    if (convolution == null) {
      gates.getFirst().apply(workspace, b.headsOfX, tokens, b.headsOfGates);
    } else {
      convolution.forward(workspace, state, x, tokens, b.convolved);
      Elementwise.silu(b.convolved, tokens, sizes.width(), b.a);
      gates.getFirst().apply(workspace, b.headsOfA, tokens, b.headsOfGates);
      gates.getLast().apply(workspace, b.headsOfX, tokens, b.headsBehind);
    }
    cell.forward(workspace, state, b.gates, tokens, y);
    headNorm.apply(y, tokens, y);
  }

  /**
   * Runs several sequences through a layer without convolution.
   *
   * @param workspace the caller's
   * @param sequences with their states, which are updated
   * @param x input
   * @param y result; must not overlap {@code x}
   */
  public void forward(Workspace workspace, Sequences sequences, Columns x, Columns y) {
    if (convolution != null) {
      throw new IllegalStateException("a convolution runs one sequence at a time");
    }
    int tokens = sequences.tokens();
    Buffers b = buffers(workspace, x, tokens);
    gates.getFirst().apply(workspace, b.headsOfX, tokens, b.headsOfGates);
    cell.forward(workspace, sequences, b.gates, y);
    headNorm.apply(y, tokens, y);
  }

  private Buffers buffers(Workspace workspace, Columns x, int tokens) {
    Buffers buffers = workspace.scratch(Buffers.class, unused -> new Buffers());
    buffers.reserve(sizes.width(), sizes.heads(), tokens, x);
    return buffers;
  }

  /** The weights that a token is multiplied with. */
  public Weights weights() {
    Weights all = Weights.of(cell);
    if (convolution != null) {
      all = all.plus(Weights.of(convolution));
    }
    for (HeadGates some : gates) {
      all = all.plus(some.weights());
    }
    return all;
  }
}
