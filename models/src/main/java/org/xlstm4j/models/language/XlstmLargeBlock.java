package org.xlstm4j.models.language;

import org.xlstm4j.engine.Linear;
import org.xlstm4j.engine.StateLayout;
import org.xlstm4j.engine.cells.MlstmCell;
import org.xlstm4j.engine.layers.LayerNorm;
import org.xlstm4j.engine.layers.RmsNorm;
import org.xlstm4j.loader.ModelFormatException;
import org.xlstm4j.loader.TensorReader;
import org.xlstm4j.models.blocks.LinearReader;
import org.xlstm4j.models.blocks.Weights;

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
    boolean bias = config.bias();
    LinearReader parts = new LinearReader(tensors, width);

    mlstmNorm =
        new RmsNorm(
            tensors.vector(name + "norm_mlstm.weight", width),
            normBias(tensors, name + "norm_mlstm", width, bias),
            epsilon);
    if (tensors.has(mlstm + "qkv_opreact.weight")) {
      parts.add(mlstm + "qkv_opreact", 2 * key + 2 * value, bias);
    } else {
      parts.add(mlstm + "q", key, bias);
      parts.add(mlstm + "k", key, bias);
      parts.add(mlstm + "v", value, bias);
      parts.add(mlstm + "ogate_preact", value, bias);
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
            normBias(tensors, mlstm + "multihead_norm", value, bias),
            heads,
            epsilon);
    outProjection = LinearReader.one(tensors, mlstm + "out_proj", width, value, bias);

    feedForwardNorm =
        new RmsNorm(
            tensors.vector(name + "norm_ffn.weight", width),
            normBias(tensors, name + "norm_ffn", width, bias),
            epsilon);
    LinearReader up = new LinearReader(tensors, width);
    if (tensors.has(feedForward + "proj_up_gate_z.weight")) {
      up.add(feedForward + "proj_up_gate_z", 2 * inner, bias);
    } else {
      up.add(feedForward + "proj_up_gate", inner, bias);
      up.add(feedForward + "proj_up", inner, bias);
    }
    gateAndUp = up.stack();
    down = LinearReader.one(tensors, feedForward + "proj_down", width, inner, bias);
  }

  private static float[] normBias(TensorReader tensors, String name, int length, boolean bias) {
    return bias ? tensors.vector(name + ".bias", length) : new float[0];
  }

  Weights weights() {
    return Weights.of(projections, outProjection, gateAndUp, down);
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
