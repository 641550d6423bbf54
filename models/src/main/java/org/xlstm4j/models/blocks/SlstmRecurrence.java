package org.xlstm4j.models.blocks;

import org.xlstm4j.engine.cells.SlstmCell;
import org.xlstm4j.engine.weights.Matrix;
import org.xlstm4j.loader.TensorReader;
import org.xlstm4j.loader.files.ModelFormatException;

/**
 * Recurrent weights of an sLSTM in whichever layout the file has, and their biases, head by head.
 *
 * @param weights in one of the layouts of {@link SlstmCell}
 * @param bias {@code [heads][i f z o][headWidth]}
 */
@SuppressWarnings("ArrayRecordComponent") // read and handed on
public record SlstmRecurrence(Matrix weights, float[] bias) {
  private static final int GATES = 4;
  private static final String WEIGHTS = "_recurrent_kernel_";
  private static final String BIAS = "_bias_";

  /**
   * Reads weights of three dimensions, as the xlstm package writes them. Files of its {@code
   * vanilla} back end count outputs in rows, and biases by gate first; those of its {@code cuda}
   * back end count inputs in rows, and biases by head first.
   *
   * @param tensors below the cell's prefix
   * @param heads number of heads
   * @param headWidth width of a head
   * @return the weights
   * @throws ModelFormatException if the weights have another number of dimensions
   */
  public static SlstmRecurrence ofThreeDimensions(TensorReader tensors, int heads, int headWidth)
      throws ModelFormatException {
    int all = GATES * headWidth;
    float[] bias = tensors.vector(BIAS, heads * all);
    if (tensors.has(WEIGHTS) && tensors.shape(WEIGHTS, 3)[1] == all) {
      int[] shape = {heads, all, headWidth};
      Matrix weights = tensors.exactMatrix(WEIGHTS, shape, heads * all, headWidth);
      return new SlstmRecurrence(weights, headFirst(bias, heads, headWidth));
    }
    int[] shape = {heads, headWidth, all};
    return new SlstmRecurrence(tensors.exactMatrix(WEIGHTS, shape, heads * headWidth, all), bias);
  }

  /**
   * Reads weights of four dimensions, {@code [heads, input, i f z o, output]}, as the flashrnn
   * package takes them, and biases of three, {@code [heads, i f z o, output]}.
   *
   * @param tensors below the cell's prefix
   * @param heads number of heads
   * @param headWidth width of a head
   * @return the weights
   */
  public static SlstmRecurrence ofFourDimensions(TensorReader tensors, int heads, int headWidth) {
    int[] shape = {heads, headWidth, GATES, headWidth};
    return new SlstmRecurrence(
        tensors.exactMatrix(WEIGHTS, shape, heads * headWidth, GATES * headWidth),
        tensors.tensor(BIAS, heads, GATES, headWidth));
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
