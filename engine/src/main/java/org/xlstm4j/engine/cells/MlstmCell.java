package org.xlstm4j.engine.cells;

import org.jspecify.annotations.Nullable;
import org.xlstm4j.engine.KernelPath;
import org.xlstm4j.engine.kernels.MlstmKernels;
import org.xlstm4j.engine.kernels.dispatch.KernelFamily;
import org.xlstm4j.engine.kernels.dispatch.KernelNeeds;
import org.xlstm4j.engine.kernels.dispatch.Kernels;
import org.xlstm4j.engine.machine.Machine;
import org.xlstm4j.engine.machine.MachineMlstmKernels;
import org.xlstm4j.engine.threads.Workspace;
import org.xlstm4j.engine.tokens.Columns;

/**
 * The mLSTM cell: a matrix memory C for each head, written by keys and values, read by queries,
 * with exponential input gate, sigmoid forget gate, normalizer n and stabilizer m (xLSTM,
 * arXiv:2405.04517, section 2.3). For each head and token, from raw gates i and f:
 *
 * <pre>
 * m' = max(log sigmoid(f) + m, i)
 * C' = exp(log sigmoid(f) + m - m') C + exp(i - m') k v^T
 * n' = exp(log sigmoid(f) + m - m') n + exp(i - m') k
 * h  = q^T C' / (max(|q^T n'|, exp(-m')) + epsilon)
 * </pre>
 *
 * <p>{@link MlstmSteps} computes up to four tokens in this way; {@link MlstmChunks} computes more
 * tokens by dense products, with the same results up to rounding. The cell is immutable and
 * thread-safe; what changes is in the {@link State}.
 */
public final class MlstmCell {
  /** Tokens a chunk of the parallel form: long enough for dense products, short for the scores. */
  static final int CHUNK = 64;

  /** Scores of so many tokens fit the second-level cache. */
  private static final int MAX_CHUNK = 384;

  private final int heads;
  private final int keyWidth;
  private final int valueWidth;
  private final Scaled scaled;
  private final float epsilon;
  private final @Nullable MlstmKernels machine;
  private final StateLayout.Slot memory;
  private final StateLayout.Slot normalizer;
  private final StateLayout.Slot stabilizer;

  /** Which side of the product q k carries the factor {@code keyWidth^-1/2}. */
  public enum Scaled {
    /** xLSTM-Large: C and n hold unscaled keys. */
    QUERY,
    /** The paper's blocks, Vision-LSTM and LRAM: C and n hold scaled keys. */
    KEY
  }

  /**
   * A cell.
   *
   * @param heads number of heads
   * @param keyWidth width of a head's query and key
   * @param valueWidth width of a head's value
   * @param scaled which side carries the factor {@code keyWidth^-1/2}
   * @param epsilon added to the normalizer
   * @param layout receives C, n and m, named {@code prefix + "C"} and so on
   * @param prefix of the names, such as {@code "3."}
   */
  public MlstmCell(
      int heads,
      int keyWidth,
      int valueWidth,
      Scaled scaled,
      float epsilon,
      StateLayout layout,
      String prefix) {
    this.heads = heads;
    this.keyWidth = keyWidth;
    this.valueWidth = valueWidth;
    this.scaled = scaled;
    this.epsilon = epsilon;
    memory = layout.add(prefix + "C", heads, keyWidth, valueWidth);
    normalizer = layout.add(prefix + "n", heads, keyWidth);
    stabilizer = layout.add(prefix + "m", heads, 1);
    machine = machine(valueWidth);
  }

  /**
   * The inputs of a call, token by token.
   *
   * @param query {@code heads * keyWidth} values a token
   * @param key {@code heads * keyWidth} values a token
   * @param value {@code heads * valueWidth} values a token
   * @param inputGate raw input gates, {@code heads} values a token
   * @param forgetGate raw forget gates, {@code heads} values a token
   */
  public record Inputs(
      Columns query, Columns key, Columns value, Columns inputGate, Columns forgetGate) {}

  /**
   * Runs some tokens through the cell.
   *
   * @param workspace the session's
   * @param state the session's, updated
   * @param inputs what the tokens bring
   * @param tokens how many, at least 1
   * @param h result, {@code heads * valueWidth} values a token; must not overlap the inputs
   */
  public void forward(Workspace workspace, State state, Inputs inputs, int tokens, Columns h) {
    if (tokens <= MlstmStep.MAX_TOKENS) {
      workspace.scratch(MlstmSteps.class, MlstmSteps::new).run(this, state, inputs, tokens, h);
    } else {
      workspace
          .scratch(MlstmChunks.class, MlstmChunks::new)
          .run(this, state, inputs, tokens, Math.min(tokens, CHUNK), h);
    }
  }

  /**
   * Runs the tokens of several sequences through the cell. Each sequence's results are the same as
   * on its own, up to rounding; bit for bit if no sequence has more than four tokens.
   *
   * @param workspace the caller's
   * @param sequences with their states, which are updated
   * @param inputs what the tokens bring
   * @param h result, {@code heads * valueWidth} values a token; must not overlap the inputs
   */
  public void forward(Workspace workspace, Sequences sequences, Inputs inputs, Columns h) {
    if (MlstmSteps.take(sequences)) {
      workspace.scratch(MlstmSteps.class, MlstmSteps::new).run(this, sequences, inputs, h);
    } else {
      workspace.scratch(MlstmChunks.class, MlstmChunks::new).run(this, sequences, inputs, CHUNK, h);
    }
  }

  /**
   * Runs a whole sequence from an empty memory that is not needed afterwards. Then the memory need
   * not be read in the first chunk nor written in the last; in the quadratic form, one chunk, it is
   * never touched. {@link #chunkLength} says which form is taken.
   *
   * @param workspace the session's
   * @param inputs what the tokens bring
   * @param tokens how many, at least 1
   * @param h result, {@code heads * valueWidth} values a token; must not overlap the inputs
   */
  public void forwardWhole(Workspace workspace, Inputs inputs, int tokens, Columns h) {
    workspace
        .scratch(MlstmChunks.class, MlstmChunks::new)
        .run(this, null, inputs, tokens, chunkLength(tokens), h);
  }

  /**
   * The chunk that makes a whole sequence cheapest: all of it, or {@link #CHUNK} tokens. In
   * operations a token, scores and values cost the chunk's length for each column of key and value;
   * reading and writing the memory costs four for each of its values, saved by the first and the
   * last chunk together, and scaling and moving it takes the time of one more.
   */
  int chunkLength(int tokens) {
    if (tokens <= CHUNK) {
      return tokens;
    }
    long widths = (long) keyWidth + valueWidth;
    long quadratic = widths * tokens * tokens;
    long chunked = widths * tokens * CHUNK + 5L * keyWidth * valueWidth * (tokens - CHUNK);
    return tokens <= MAX_CHUNK && quadratic <= chunked ? tokens : CHUNK;
  }

  /** Machine code for steps; null where there is none or where values do not fill its vectors. */
  private static @Nullable MlstmKernels machine(int valueWidth) {
    boolean fits = valueWidth % MachineMlstmKernels.COLUMNS == 0;
    return fits && KernelPath.inUse() == KernelPath.MACHINE ? Machine.ofProcess().mlstm() : null;
  }

  /** Says what kernels of Java a step of so many tokens is about to use. */
  void wantKernels(int tokens) {
    if (machine == null && tokens == 1) {
      KernelNeeds.want(KernelFamily.MLSTM);
    } else if (machine == null) {
      KernelNeeds.wantForSeveral(KernelFamily.MLSTM_OF_TOKENS);
    }
  }

  /** What steps of so many tokens are taken with. */
  MlstmKernels kernels(int tokens) {
    return machine != null ? machine : Kernels.mlstm(tokens);
  }

  int heads() {
    return heads;
  }

  int keyWidth() {
    return keyWidth;
  }

  int valueWidth() {
    return valueWidth;
  }

  float epsilon() {
    return epsilon;
  }

  float queryScale() {
    return scaled == Scaled.QUERY ? (float) (1 / Math.sqrt(keyWidth)) : 1;
  }

  float keyScale() {
    return scaled == Scaled.KEY ? (float) (1 / Math.sqrt(keyWidth)) : 1;
  }

  long memoryOffset(int head) {
    return memory.byteOffset() + (long) head * keyWidth * valueWidth * Float.BYTES;
  }

  long normalizerOffset(int head) {
    return normalizer.byteOffset() + (long) head * keyWidth * Float.BYTES;
  }

  long stabilizerOffset(int head) {
    return stabilizer.byteOffset() + (long) head * Float.BYTES;
  }
}
