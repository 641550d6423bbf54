package org.xlstm4j.models.large;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.engine.cells.StateLayout;
import org.xlstm4j.engine.layers.Activation;
import org.xlstm4j.engine.layers.RmsNorm;
import org.xlstm4j.engine.weights.Linear;
import org.xlstm4j.engine.weights.Matrix;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.TensorReader;
import org.xlstm4j.loader.config.Config;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.models.blocks.GatedFeedForward;
import org.xlstm4j.models.blocks.LinearReader;
import org.xlstm4j.models.blocks.OutputGatedMlstmLayer;
import org.xlstm4j.models.blocks.Residual;
import org.xlstm4j.models.blocks.ResidualStack;
import org.xlstm4j.models.blocks.TokenNorm;
import org.xlstm4j.models.language.LanguageModel;
import org.xlstm4j.models.language.StackedLanguageModel;

/**
 * Reads xLSTM-Large, the architecture of xLSTM-7B (arXiv:2503.13427): embedding, blocks of an mLSTM
 * layer and a SwiGLU feed-forward, norm, output head with softly capped logits:
 *
 * <pre>
 * x += mlstm_layer(RMS(x))                       {@link OutputGatedMlstmLayer}
 * x += proj_down(silu(gate) up), from RMS(x)     {@link GatedFeedForward}
 * </pre>
 *
 * <p>Takes the official checkpoints and those in Hugging Face's naming, with single or fused
 * projections.
 */
final class XlstmLarge {
  /** The family, as people call it. */
  static final String FAMILY = "xLSTM-Large";

  private final XlstmLargeConfig config;
  private final TensorReader tensors;
  private final StateLayout layout = new StateLayout();

  private XlstmLarge(XlstmLargeConfig config, TensorReader tensors) {
    this.config = config;
    this.tensors = tensors;
  }

  /**
   * Puts a model together.
   *
   * @throws ModelFormatException naming every tensor that is missing or has another shape
   */
  static LanguageModel read(Config config, Checkpoint checkpoint) throws ModelFormatException {
    TensorReader tensors = new TensorReader(checkpoint);
    XlstmLarge reader = new XlstmLarge(XlstmLargeConfig.of(config), tensors);
    StackedLanguageModel.Parts parts = reader.parts();
    tensors.finish();
    return new StackedLanguageModel(FAMILY, config, checkpoint, reader.layout, parts);
  }

  private StackedLanguageModel.Parts parts() {
    int vocabularySize = config.vocabularySize();
    int width = config.width();
    boolean huggingFace = tensors.has("backbone.embeddings.weight");
    Matrix embedding =
        tensors.matrix(
            huggingFace ? "backbone.embeddings.weight" : "embedding.weight", vocabularySize, width);
    List<Residual> residuals = new ArrayList<>();
    for (int block = 0; block < config.blocks(); block++) {
      addBlock(tensors.under("backbone.blocks." + block + "."), block + ".", residuals);
    }
    boolean tied = config.tiedEmbeddings() && !tensors.has("lm_head.weight");
    Matrix head = tied ? embedding : tensors.matrix("lm_head.weight", vocabularySize, width);
    return new StackedLanguageModel.Parts(
        embedding,
        new ResidualStack(width, residuals),
        outNorm(huggingFace),
        new Linear(head),
        config.logitCap());
  }

  private void addBlock(TensorReader block, String statePrefix, List<Residual> residuals) {
    boolean bias = config.bias();
    residuals.add(
        new Residual(
            norm(block, "norm_mlstm", bias),
            new OutputGatedMlstmLayer(
                config.layer(), block.under("mlstm_layer."), layout, statePrefix)));
    residuals.add(new Residual(norm(block, "norm_ffn", bias), feedForward(block.under("ffn."))));
  }

  private GatedFeedForward feedForward(TensorReader below) {
    int width = config.width();
    int inner = config.feedForwardWidth();
    boolean bias = config.bias();
    LinearReader up = new LinearReader(below, width);
    if (below.has("proj_up_gate_z.weight")) {
      up.add("proj_up_gate_z", 2 * inner, bias);
    } else {
      up.add("proj_up_gate", inner, bias);
      up.add("proj_up", inner, bias);
    }
    return new GatedFeedForward(
        up.stack(), Activation.SWISH, LinearReader.one(below, "proj_down", width, inner, bias));
  }

  /** Hugging Face's models always have this norm, and never with a bias. */
  private @Nullable TokenNorm outNorm(boolean huggingFace) {
    if (!huggingFace && !config.outNorm()) {
      return null;
    }
    boolean below = huggingFace || tensors.has("backbone.out_norm.weight");
    return norm(
        below ? tensors.under("backbone.") : tensors, "out_norm", config.bias() && !huggingFace);
  }

  private TokenNorm norm(TensorReader below, String name, boolean bias) {
    int width = config.width();
    return new RmsNorm(
            below.vector(name + ".weight", width),
            below.vector(name + ".bias", width, bias),
            config.normEpsilon())
        ::apply;
  }
}
