package org.xlstm4j.engine.cells;

import org.xlstm4j.engine.kernels.dispatch.KernelFamily;
import org.xlstm4j.engine.kernels.dispatch.KernelNeeds;
import org.xlstm4j.engine.threads.Workspace;
import org.xlstm4j.engine.tokens.Columns;
import org.xlstm4j.engine.weights.Matrix;

/**
 * The sLSTM cell: a scalar memory c for each channel with memory mixing, that is, gates that see
 * the previous outputs of their head (xLSTM, arXiv:2405.04517, section 2.2). From what a token
 * brings to the gates, {@code x}, and the previous output y:
 *
 * <pre>
 * i, f, z, o = x + R y + b                 within each head
 * m' = max(log sigmoid(f) + m, i)          i alone where n is 0: nothing to forget yet
 * I  = min(exp(i - m'), 1)
 * F  = min(exp(log sigmoid(f) + m - m'), 1)
 * c' = F c + I tanh(z)
 * n' = F n + I
 * y' = sigmoid(o) c' / n'
 * </pre>
 *
 * <p>Since y feeds the gates there is no form that is parallel over tokens: what the tokens bring
 * is computed for all of them beforehand, the loop does R y. The cell is immutable and thread-safe;
 * what changes is in the {@link State}.
 */
public final class SlstmCell {
  private final RecurrentWeights weights;
  private final float[] bias;
  private final float forgetCeiling;
  private final Arithmetic arithmetic;
  private final StateLayout.Slot memory;

  /** In which numbers the recurrence runs. */
  public enum Arithmetic {
    /** 32-bit floats throughout. */
    FLOAT32,
    /**
     * What TiRex's own PyTorch loop does, also on CPUs: what tokens bring, R y and, after each
     * step, y, c, n and m are rounded to bfloat16; the rest runs in 32-bit floats. The weights are
     * expected to be bfloat16.
     */
    BFLOAT16
  }

  /**
   * A cell. The shape of the recurrent weights shows their layout:
   *
   * <ul>
   *   <li>{@code [heads * 4 * headWidth, headWidth]}: a row is an output, counted (head, gate,
   *       channel); written by the {@code vanilla} back end of the xlstm package;
   *   <li>{@code [heads * headWidth, 4 * headWidth]}: a row is an input, counted (head, channel), a
   *       column an output, counted (gate, channel); written by its {@code cuda} back end, and by
   *       TiRex.
   * </ul>
   *
   * @param recurrent R, copied; weights stored as bfloat16 stay so in memory, all others become
   *     32-bit floats
   * @param heads number of heads, at least 1
   * @param bias b, {@code [heads][i f z o][headWidth]}; none at all if they are missing and the
   *     cell will not be used
   * @param forgetCeiling the raw forget gate is cut at this value; infinity for no ceiling
   * @param arithmetic in which numbers it runs
   * @param layout receives y, c, n and m as one part, {@code [4][heads * headWidth]}
   * @param name of that part, such as {@code "1.slstm"}
   */
  public SlstmCell(
      Matrix recurrent,
      int heads,
      float[] bias,
      float forgetCeiling,
      Arithmetic arithmetic,
      StateLayout layout,
      String name) {
    this.weights = new RecurrentWeights(recurrent, heads, arithmetic == Arithmetic.BFLOAT16);
    this.forgetCeiling = forgetCeiling;
    this.arithmetic = arithmetic;
    this.bias = bias.clone();
    int width = heads * weights.headWidth();
    if (bias.length != 0 && bias.length != RecurrentWeights.GATES * width) {
      throw new IllegalArgumentException(
          bias.length + " biases for four gates of " + width + " channels");
    }
    memory = layout.add(name, RecurrentWeights.GATES, width);
  }

  /**
   * Runs some tokens through the cell.
   *
   * @param workspace the session's
   * @param state the session's, updated
   * @param gates what the tokens bring, {@code [heads][i f z o][headWidth]} values a token
   * @param tokens how many, at least 1
   * @param h result, {@code heads * headWidth} values a token; must not overlap {@code gates}
   */
  public void forward(Workspace workspace, State state, Columns gates, int tokens, Columns h) {
    KernelNeeds.want(KernelFamily.SLSTM);
    workspace.scratch(SlstmPass.class, SlstmPass::new).run(this, state, gates, tokens, h);
  }

  /**
   * Runs the tokens of several sequences through the cell. Each sequence's results are the same as
   * on its own.
   *
   * @param workspace the caller's
   * @param sequences with their states, which are updated
   * @param gates what the tokens bring, {@code [heads][i f z o][headWidth]} values a token
   * @param h result, {@code heads * headWidth} values a token; must not overlap {@code gates}
   */
  public void forward(Workspace workspace, Sequences sequences, Columns gates, Columns h) {
    KernelNeeds.want(KernelFamily.SLSTM);
    workspace.scratch(SlstmPass.class, SlstmPass::new).run(this, sequences, gates, h);
  }

  /**
   * The recurrent weights that a step multiplies; biases do not count.
   *
   * @return how many
   */
  public long recurrentWeights() {
    return weights.count();
  }

  /**
   * The memory a step reads besides the state.
   *
   * @return bytes of the recurrent weights and biases
   */
  public long byteSize() {
    return weights.byteSize() + (long) bias.length * Float.BYTES;
  }

  RecurrentWeights weights() {
    return weights;
  }

  float[] bias() {
    return bias;
  }

  float forgetCeiling() {
    return forgetCeiling;
  }

  boolean rounds() {
    return arithmetic == Arithmetic.BFLOAT16;
  }

  /** Where {@code y}, {@code c}, {@code n} or {@code m} of a head starts in the state. */
  long memoryOffset(int part, int head) {
    int width = weights.headWidth();
    return memory.byteOffset()
        + Float.BYTES * ((long) part * weights.heads() * width + (long) head * width);
  }
}
