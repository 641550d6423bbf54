package org.xlstm4j.models.sequence;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.xlstm4j.engine.WarmUp;
import org.xlstm4j.engine.cells.State;
import org.xlstm4j.engine.tokens.Columns;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.models.StateFile;
import org.xlstm4j.models.blocks.Finite;

/**
 * One sequence: constant memory and constant time a vector, however long it gets.
 *
 * <p>The same vectors give the same bits, for a given file and number of threads, from the first
 * one on.
 *
 * <p>Not thread-safe; different sessions of one model may run in different threads. After the first
 * {@link #step} nothing is allocated by the next ones.
 */
public final class SequenceSession {
  private final SequenceModel model;
  private final State state;
  private final SequenceNetwork network;
  private final float[] output;
  private final Columns input;
  private final Columns result;
  private long position;

  SequenceSession(SequenceModel model, State state, SequenceNetwork network) {
    this.model = model;
    this.state = state;
    this.network = network;
    input = Columns.allocate(1, model.width());
    result = Columns.allocate(1, model.width());
    output = result.data();
  }

  /**
   * Feeds one vector.
   *
   * @param x {@code width} finite values
   * @return what the model makes of it, {@code width} values; the same array at every call, valid
   *     until the next one
   * @throws IllegalArgumentException if the vector cannot be used; the session is as it was
   * @throws IllegalStateException if the result is not finite, since the weights are damaged
   */
  public float[] step(float... x) {
    if (x.length != input.stride()) {
      throw new IllegalArgumentException(
          "a vector of " + x.length + " values, expected " + input.stride());
    }
    requireFinite(x);
    System.arraycopy(x, 0, input.data(), 0, x.length);
    network.forward(input, 1, result);
    Finite.require("outputs", output, 0, output.length);
    position++;
    WarmUp.begin();
    return output;
  }

  /**
   * Feeds many vectors.
   *
   * @param x {@code [tokens][width]} finite values
   * @return what the model makes of them, {@code [tokens][width]}
   * @throws IllegalArgumentException if the vectors cannot be used; the session is as it was
   * @throws IllegalStateException if the result is not finite, since the weights are damaged
   */
  public float[] forward(float[] x) {
    int width = input.stride();
    if (x.length % width != 0) {
      throw new IllegalArgumentException(x.length + " values, expected whole vectors of " + width);
    }
    requireFinite(x);
    float[] y = new float[x.length];
    int tokens = x.length / width;
    for (int first = 0; first < tokens; first += SequenceNetwork.CHUNK) {
      int count = Math.min(SequenceNetwork.CHUNK, tokens - first);
      int at = first * width;
      network.forward(new Columns(x, at, width), count, new Columns(y, at, width));
      Finite.require("outputs", y, at, count * width);
    }
    position += tokens;
    WarmUp.begin();
    return y;
  }

  private static void requireFinite(float[] x) {
    for (int i = 0; i < x.length; i++) {
      if (!Float.isFinite(x[i])) {
        throw new IllegalArgumentException("x[" + i + "] is " + x[i] + ", expected a number");
      }
    }
  }

  /**
   * Vectors fed so far.
   *
   * @return 0 for a new session
   */
  public long position() {
    return position;
  }

  /**
   * The recurrent state: everything that this session remembers.
   *
   * @return the live state
   */
  public State state() {
    return state;
  }

  /** Back to the start. */
  public void reset() {
    state.reset();
    position = 0;
  }

  /**
   * Continues where another session is.
   *
   * @param other a session of the same model
   */
  public void copyFrom(SequenceSession other) {
    state.copyFrom(other.state);
    position = other.position;
  }

  /**
   * Saves the session.
   *
   * @param file where to; replaced only by a whole file
   * @throws IOException if it cannot be written
   */
  public void save(Path file) throws IOException {
    StateFile.save(
        file, model.checkpoint(), new StateFile.Contents(state, position, Map.of(), Map.of()));
  }

  /**
   * Continues a saved session, bit for bit.
   *
   * @param file written by {@link #save} with the same model
   * @throws ModelFormatException if the file is damaged or of another model; the session is as it
   *     was
   * @throws IOException if it cannot be read
   */
  public void load(Path file) throws IOException {
    StateFile.Contents saved = StateFile.load(file, model.checkpoint(), state.layout(), Map.of());
    state.copyFrom(saved.state());
    position = saved.position();
  }

  /**
   * The model this session runs.
   *
   * @return the model
   */
  public SequenceModel model() {
    return model;
  }
}
