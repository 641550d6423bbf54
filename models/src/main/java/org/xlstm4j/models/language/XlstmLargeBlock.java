package org.xlstm4j.models.language;

import java.util.ArrayList;
import java.util.List;
import org.xlstm4j.engine.Linear;
import org.xlstm4j.engine.Matrix;
import org.xlstm4j.engine.StateLayout;
import org.xlstm4j.engine.cells.MlstmCell;
import org.xlstm4j.engine.layers.LayerNorm;
import org.xlstm4j.engine.layers.RmsNorm;
import org.xlstm4j.loader.ModelFormatException;
import org.xlstm4j.loader.TensorReader;

/**
 * The weights of one block of {@link XlstmLarge}. Projections that share an input are one {@link
 * Linear} whose results lie side by side: {@code q k v o i f} and {@code gate up}.
 */
final class XlstmLargeBlock {
  private final RmsNorm mlstmNorm;
  private final Linear projections;
  private final MlstmCell cell;
  private final LayerNorm headNorm;
  private final Linear outProjection;
  private final RmsNorm feedForwardNorm;
  private final Linear gateAndUp;
  private final Linear down;

  XlstmLargeBlock(
      XlstmLargeConfig config,
      TensorReader tensors,
      String name,
      StateLayout layout,
      String statePrefix)
      throws ModelFormatException {
    int width = config.width();
    int key = config.keyWidth();
    int value = config.valueWidth();
    int heads = config.heads();
    int inner = config.feedForwardWidth();
    float epsilon = config.normEpsilon();
    String mlstm = name + "mlstm_layer.";
    String feedForward = name + "ffn.";
    Parts parts = new Parts(tensors, width, config.bias());

    mlstmNorm =
        new RmsNorm(
            tensors.vector(name + "norm_mlstm.weight", width),
            parts.biasOf(name + "norm_mlstm", width),
            epsilon);
    if (tensors.has(mlstm + "qkv_opreact.weight")) {
      parts.add(mlstm + "qkv_opreact", 2 * key + 2 * value, config.bias());
    } else {
      parts.add(mlstm + "q", key, config.bias());
      parts.add(mlstm + "k", key, config.bias());
      parts.add(mlstm + "v", value, config.bias());
      parts.add(mlstm + "ogate_preact", value, config.bias());
    }
    if (tensors.has(mlstm + "ifgate_preact.weight")) {
      parts.add(mlstm + "ifgate_preact", 2 * heads, true);
    } else {
      parts.add(mlstm + "igate_preact", heads, true);
      parts.add(mlstm + "fgate_preact", heads, true);
    }
    projections = parts.stack();
    cell =
        new MlstmCell(
            heads,
            key / heads,
            value / heads,
            MlstmCell.Scaled.QUERY,
            config.cellEpsilon(),
            layout,
            statePrefix);
    headNorm =
        new LayerNorm(
            tensors.vector(mlstm + "multihead_norm.weight", value),
            parts.biasOf(mlstm + "multihead_norm", value),
            heads,
            epsilon);
    outProjection = new Parts(tensors, value, config.bias()).one(mlstm + "out_proj", width);

    feedForwardNorm =
        new RmsNorm(
            tensors.vector(name + "norm_ffn.weight", width),
            parts.biasOf(name + "norm_ffn", width),
            epsilon);
    Parts up = new Parts(tensors, width, config.bias());
    if (tensors.has(feedForward + "proj_up_gate_z.weight")) {
      up.add(feedForward + "proj_up_gate_z", 2 * inner, config.bias());
    } else {
      up.add(feedForward + "proj_up_gate", inner, config.bias());
      up.add(feedForward + "proj_up", inner, config.bias());
    }
    gateAndUp = up.stack();
    down = new Parts(tensors, inner, config.bias()).one(feedForward + "proj_down", width);
  }

  /** Matrices that share an input, and their biases, on the way to one {@link Linear}. */
  private static final class Parts {
    private final TensorReader tensors;
    private final int columns;
    private final boolean anyBias;
    private final List<Matrix> matrices = new ArrayList<>();
    private final List<float[]> biases = new ArrayList<>();
    private boolean hasBias;

    Parts(TensorReader tensors, int columns, boolean anyBias) {
      this.tensors = tensors;
      this.columns = columns;
      this.anyBias = anyBias;
    }

    void add(String name, int rows, boolean bias) throws ModelFormatException {
      matrices.add(tensors.matrix(name + ".weight", rows, columns));
      biases.add(bias ? tensors.vector(name + ".bias", rows) : new float[rows]);
      hasBias |= bias;
    }

    Linear one(String name, int rows) throws ModelFormatException {
      add(name, rows, anyBias);
      return stack();
    }

    Linear stack() {
      int rows = 0;
      for (Matrix matrix : matrices) {
        rows += matrix.rows();
      }
      float[] bias = new float[hasBias ? rows : 0];
      if (hasBias) {
        int at = 0;
        for (int i = 0; i < biases.size(); i++) {
          float[] part = biases.get(i);
          System.arraycopy(part, 0, bias, at, part.length);
          at += matrices.get(i).rows();
        }
      }
      return new Linear(matrices, bias);
    }

    float[] biasOf(String name, int length) throws ModelFormatException {
      return anyBias ? tensors.vector(name + ".bias", length) : new float[0];
    }
  }

  long byteSize() {
    return projections.byteSize()
        + outProjection.byteSize()
        + gateAndUp.byteSize()
        + down.byteSize();
  }

  RmsNorm mlstmNorm() {
    return mlstmNorm;
  }

  Linear projections() {
    return projections;
  }

  MlstmCell cell() {
    return cell;
  }

  LayerNorm headNorm() {
    return headNorm;
  }

  Linear outProjection() {
    return outProjection;
  }

  RmsNorm feedForwardNorm() {
    return feedForwardNorm;
  }

  Linear gateAndUp() {
    return gateAndUp;
  }

  Linear down() {
    return down;
  }
}
