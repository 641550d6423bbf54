package org.xlstm4j.models.lram;

import java.util.ArrayList;
import java.util.List;
import org.xlstm4j.engine.threads.Workspace;
import org.xlstm4j.engine.tokens.Columns;
import org.xlstm4j.engine.weights.Linear;
import org.xlstm4j.loader.TensorReader;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.models.action.ImageShape;

/**
 * The picture encoder, the residual network of IMPALA (arXiv:1802.01561): three stages of
 * convolution, 3 x 3 max-pooling with stride 2 and two residual blocks; then one linear layer.
 * Immutable and thread-safe; pictures are processed in the order {@code [row][column][channel]}.
 */
final class ImpalaEncoder {
  private static final int[] CHANNELS = {16, 32, 32};
  private static final int RESIDUALS = 2;

  private final ImageShape shape;
  private final List<Stage> stages = new ArrayList<>();
  private final Linear linear;

  /** Convolutions of a stage and the size of the picture that enters it. */
  private record Stage(
      int height, int width, int channels, Convolution convolution, List<Convolution> residuals) {
    int pooledHeight() {
      return pooled(height);
    }

    int pooledWidth() {
      return pooled(width);
    }
  }

  /**
   * Reads an encoder.
   *
   * @param tensors those below {@code embed_image.}
   * @param shape the pictures
   * @param outputs width of a token
   */
  ImpalaEncoder(TensorReader tensors, ImageShape shape, int outputs) throws ModelFormatException {
    this.shape = shape;
    int height = shape.height();
    int width = shape.width();
    int inputs = shape.channels();
    for (int stage = 0; stage < CHANNELS.length; stage++) {
      String name = "cnn." + stage + ".";
      int channels = CHANNELS[stage];
      List<Convolution> residuals = new ArrayList<>();
      for (int residual = 0; residual < RESIDUALS; residual++) {
        for (int half = 0; half < 2; half++) {
          residuals.add(
              new Convolution(
                  tensors, name + "residual_" + residual + ".conv_" + half, channels, channels));
        }
      }
      Convolution convolution = new Convolution(tensors, name + "conv", inputs, channels);
      stages.add(new Stage(height, width, channels, convolution, residuals));
      height = pooled(height);
      width = pooled(width);
      inputs = channels;
    }
    linear =
        new Linear(
            List.of(tensors.matrix("linear.0.weight", outputs, inputs * height * width)),
            tensors.vector("linear.0.bias", outputs));
  }

  /** One session's intermediate pictures. */
  static final class Buffers {
    private final float[] picture;
    private final float[] hidden;
    private final float[] sum;
    private final float[] patches;

    private Buffers(int largest, int patchValues) {
      picture = new float[largest];
      hidden = new float[largest];
      sum = new float[largest];
      patches = new float[patchValues];
    }
  }

  /** Memory for {@link #apply}. */
  Buffers newBuffers() {
    int largest = shape.bytes();
    int patchValues = 0;
    for (Stage stage : stages) {
      int height = stage.height();
      int width = stage.width();
      largest = Math.max(largest, height * width * stage.channels());
      patchValues = Math.max(patchValues, stage.convolution().patchValues(height, width));
      patchValues =
          Math.max(
              patchValues,
              stage.residuals().getFirst().patchValues(stage.pooledHeight(), stage.pooledWidth()));
    }
    return new Buffers(largest, patchValues);
  }

  /**
   * Encodes a picture.
   *
   * @param workspace the session's
   * @param pixels unsigned bytes, {@code [channel][row][column]}
   * @param offset where the picture starts
   * @param buffers the session's
   * @param token result, none negative
   */
  void apply(Workspace workspace, byte[] pixels, int offset, Buffers buffers, Columns token) {
    channelsLast(pixels, offset, buffers.picture);
    for (Stage stage : stages) {
      runStage(workspace, stage, buffers);
    }
    Stage last = stages.getLast();
    int places = last.pooledHeight() * last.pooledWidth();
    relu(buffers.picture, places * last.channels(), buffers.sum);
    for (int place = 0; place < places; place++) {
      for (int channel = 0; channel < last.channels(); channel++) {
        buffers.hidden[channel * places + place] = buffers.sum[place * last.channels() + channel];
      }
    }
    linear.apply(workspace, new Columns(buffers.hidden, 0, linear.columns()), 1, token);
    for (int i = token.offset(); i < token.offset() + linear.rows(); i++) {
      token.data()[i] = Math.max(token.data()[i], 0);
    }
  }

  private void channelsLast(byte[] pixels, int offset, float[] picture) {
    int places = shape.height() * shape.width();
    int channels = shape.channels();
    for (int channel = 0; channel < channels; channel++) {
      for (int place = 0; place < places; place++) {
        int value = pixels[offset + channel * places + place] & 0xFF;
        picture[place * channels + channel] = value / 255f;
      }
    }
  }

  /** From and to {@code buffers.picture}. */
  private static void runStage(Workspace workspace, Stage stage, Buffers buffers) {
    int channels = stage.channels();
    stage
        .convolution()
        .apply(
            workspace,
            buffers.picture,
            stage.height(),
            stage.width(),
            buffers.patches,
            buffers.hidden);
    pool(buffers.hidden, stage.height(), stage.width(), channels, buffers.picture);
    int height = stage.pooledHeight();
    int width = stage.pooledWidth();
    int values = height * width * channels;
    for (int i = 0; i < stage.residuals().size(); i += 2) {
      relu(buffers.picture, values, buffers.sum);
      stage
          .residuals()
          .get(i)
          .apply(workspace, buffers.sum, height, width, buffers.patches, buffers.hidden);
      relu(buffers.hidden, values, buffers.hidden);
      stage
          .residuals()
          .get(i + 1)
          .apply(workspace, buffers.hidden, height, width, buffers.patches, buffers.sum);
      for (int j = 0; j < values; j++) {
        buffers.picture[j] += buffers.sum[j];
      }
    }
  }

  private static int pooled(int length) {
    return (length - 1) / 2 + 1;
  }

  /** The largest of 3 x 3 pixels at every second pixel; none outside the picture counts. */
  private static void pool(float[] x, int height, int width, int channels, float[] y) {
    int pooledWidth = pooled(width);
    for (int row = 0; row < pooled(height); row++) {
      for (int column = 0; column < pooledWidth; column++) {
        int to = (row * pooledWidth + column) * channels;
        System.arraycopy(x, (2 * row * width + 2 * column) * channels, y, to, channels);
        for (int r = Math.max(2 * row - 1, 0); r <= Math.min(2 * row + 1, height - 1); r++) {
          for (int c = Math.max(2 * column - 1, 0); c <= Math.min(2 * column + 1, width - 1); c++) {
            int from = (r * width + c) * channels;
            for (int channel = 0; channel < channels; channel++) {
              y[to + channel] = Math.max(y[to + channel], x[from + channel]);
            }
          }
        }
      }
    }
  }

  private static void relu(float[] x, int length, float[] y) {
    for (int i = 0; i < length; i++) {
      y[i] = Math.max(x[i], 0);
    }
  }
}
