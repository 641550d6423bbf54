package org.xlstm4j.models.blocks;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.engine.cells.Sequences;
import org.xlstm4j.engine.cells.SlstmCell;
import org.xlstm4j.engine.cells.StateLayout;
import org.xlstm4j.engine.layers.Elementwise;
import org.xlstm4j.engine.layers.LayerNorm;
import org.xlstm4j.engine.threads.Workspace;
import org.xlstm4j.engine.tokens.Columns;
import org.xlstm4j.engine.tokens.TokenWork;
import org.xlstm4j.loader.TensorReader;

/**
 * The sLSTM layer of the xLSTM paper (arXiv:2405.04517, figure 10):
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
public final class SlstmLayer implements Layer {
  private static final int GATES = 4;

  private final Sizes sizes;
  private final @Nullable CausalConvolution convolution;
  private final List<HeadGates> gates;
  private final SlstmCell cell;
  private final LayerNorm headNorm;
  private final TokenBuffers<Activations> buffers;

  /**
   * The sizes and options of a layer.
   *
   * @param width of the residual stream, a multiple of {@code heads}
   * @param heads number of heads
   * @param taps of the convolution, 0 for none
   * @param norm the norm behind the cell
   * @param forgetCeiling the raw forget gate is cut at this value; infinity for no ceiling
   * @param arithmetic in which numbers the recurrence runs
   */
  public record Sizes(
      int width,
      int heads,
      int taps,
      HeadNorm norm,
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
      HeadNorm norm = normWeight ? HeadNorm.OFFSETS : HeadNorm.PLAIN;
      return new Sizes(
          width, heads, taps, norm, Float.POSITIVE_INFINITY, SlstmCell.Arithmetic.FLOAT32);
    }
  }

  /** The norm behind the cell. */
  public enum HeadNorm {
    /** Without weights, epsilon 1e-5. */
    PLAIN,
    /** Its weights are offsets from one, epsilon 1e-5. */
    OFFSETS,
    /** Its weights are factors, epsilon 1e-6. */
    FACTORS;

    private LayerNorm read(TensorReader tensors, int width, int heads) {
      String name = "group_norm.weight";
      float[] none = new float[0];
      return switch (this) {
        case PLAIN -> LayerNorm.ofOffsets(new float[width], none, heads, 1e-5f);
        case OFFSETS -> LayerNorm.ofOffsets(tensors.vector(name, width), none, heads, 1e-5f);
        case FACTORS -> new LayerNorm(tensors.vector(name, width), none, heads, 1e-6f);
      };
    }
  }

  /**
   * Reads a layer.
   *
   * @param sizes its sizes
   * @param tensors reads {@code igate}, {@code group_norm} and so on, below the layer's prefix
   * @param recurrence what the cell multiplies its outputs with
   * @param layout receives the state
   * @param statePrefix of the names {@code conv} and {@code slstm} of its parts
   */
  public SlstmLayer(
      Sizes sizes,
      TensorReader tensors,
      SlstmRecurrence recurrence,
      StateLayout layout,
      String statePrefix) {
    this.sizes = sizes;
    int width = sizes.width();
    int heads = sizes.heads();
    int headWidth = width / heads;
    convolution =
        sizes.taps() == 0
            ? null
            : CausalConvolution.read(tensors, width, sizes.taps(), layout, statePrefix + "conv");
    gates =
        convolution == null
            ? List.of(HeadGates.all(tensors, heads, headWidth))
            : List.of(
                new HeadGates(tensors, heads, headWidth, "fgate", "igate"),
                new HeadGates(tensors, heads, headWidth, "zgate", "ogate"));
    cell =
        new SlstmCell(
            recurrence.weights(),
            heads,
            recurrence.bias(),
            sizes.forgetCeiling(),
            sizes.arithmetic(),
            layout,
            statePrefix + "slstm");
    headNorm = sizes.norm().read(tensors, width, heads);
    buffers =
        new TokenBuffers<>(
            Activations.class, tokens -> new Activations(width, heads, tokens), width, heads);
  }

  /** Activations of some tokens, and the views of their heads. */
  private static final class Activations {
    /** {@code [tokens][width]}: what the convolution gives. */
    private final Columns convolved;

    /** {@code [tokens][width]}. */
    private final Columns a;

    /** {@code [tokens][heads][i f z o][headWidth]}. */
    private final Columns gates;

    private final Columns[] headsOfA;
    private final Columns[] headsOfGates;

    /** The second half of each head's gates. */
    private final Columns[] headsBehind;

    private final int headWidth;
    private final TokenWork convolve = this::convolve;
    private final TokenWork normalize = this::normalize;

    /** Whose tokens these are. */
    private SlstmLayer layer;

    private Pass pass;
    private Columns x;
    private Columns[] headsOfX;
    private Columns y;

    @SuppressWarnings("NullAway.Init")
    Activations(int width, int heads, int capacity) {
      headWidth = width / heads;
      convolved = Columns.allocate(capacity, width);
      a = Columns.allocate(capacity, width);
      gates = Columns.allocate(capacity, GATES * width);
      headsOfA = HeadGates.split(a, heads, headWidth);
      headsOfGates = HeadGates.split(gates, heads, GATES * headWidth);
      headsBehind = HeadGates.split(gates.from(2 * headWidth), heads, GATES * headWidth);
      headsOfX = headsOfA;
    }

    private void begin(SlstmLayer newLayer, Pass newPass, Columns input) {
      layer = newLayer;
      pass = newPass;
      if (!input.equals(x)) {
        x = input;
        headsOfX = HeadGates.split(input, headsOfA.length, headWidth);
      }
    }

    private void convolve(int first, int count) {
      layer.convolve(this, first, count);
    }

    private void normalize(int first, int count) {
      layer.headNorm.apply(y, first, count, y);
    }
  }

  @Override
  public void forward(Pass pass, TokenWork before, Columns x, Columns y) {
    Workspace workspace = pass.workspace();
    int tokens = pass.tokens();
    Activations b = buffers.of(workspace, tokens);
    b.begin(this, pass, x);
    if (convolution == null) {
      gates.getFirst().apply(workspace, before, b.headsOfX, tokens, b.headsOfGates);
    } else {
      pass.run(before, 1);
      convolution.begin(pass, x);
      pass.run(b.convolve, 1);
      gates.getFirst().apply(workspace, TokenWork.NONE, b.headsOfA, tokens, b.headsOfGates);
      gates.getLast().apply(workspace, TokenWork.NONE, b.headsOfX, tokens, b.headsBehind);
    }
    Sequences sequences = pass.sequences();
    if (sequences == null) {
      cell.forward(workspace, pass.state(), b.gates, tokens, y);
    } else {
      cell.forward(workspace, sequences, b.gates, y);
    }
    b.y = y;
    pass.run(b.normalize, 1);
  }

  private void convolve(Activations b, int first, int count) {
    if (convolution != null) {
      convolution.apply(b.pass, b.x, first, count, b.convolved);
      Elementwise.silu(b.convolved, first, count, sizes.width(), b.a);
    }
  }

  @Override
  public Weights weights() {
    Weights all = Weights.of(cell);
    if (convolution != null) {
      all = all.plus(convolution.weights());
    }
    for (HeadGates some : gates) {
      all = all.plus(some.weights());
    }
    return all;
  }
}
