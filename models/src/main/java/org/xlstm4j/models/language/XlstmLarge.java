package org.xlstm4j.models.language;

import java.util.ArrayList;
import java.util.List;
import org.xlstm4j.engine.Linear;
import org.xlstm4j.engine.Matrix;
import org.xlstm4j.engine.State;
import org.xlstm4j.engine.StateLayout;
import org.xlstm4j.engine.Workspace;
import org.xlstm4j.engine.layers.RmsNorm;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.ModelFormatException;
import org.xlstm4j.loader.TensorReader;
import org.xlstm4j.models.blocks.Weights;

/**
 * xLSTM-Large, the architecture of xLSTM-7B (arXiv:2503.13427): embedding, blocks of an mLSTM layer
 * and a SwiGLU feed-forward, norm, output head with softly capped logits. Reads the official
 * checkpoints and those in Hugging Face's naming, with single or fused projections.
 */
public final class XlstmLarge extends LanguageModel {
  private final XlstmLargeConfig config;
  private final StateLayout layout;
  private final Matrix embedding;
  private final List<XlstmLargeBlock> blocks;
  private final RmsNorm outNorm;
  private final boolean normalizeOutput;
  private final Linear head;

  private XlstmLarge(XlstmLargeConfig config, Checkpoint checkpoint, TensorReader tensors)
      throws ModelFormatException {
    super(checkpoint);
    this.config = config;
    layout = new StateLayout();
    int width = config.width();
    boolean huggingFace = tensors.has("backbone.embeddings.weight");
    String embeddingName = huggingFace ? "backbone.embeddings.weight" : "embedding.weight";
    String prefix = huggingFace || tensors.has("backbone.out_norm.weight") ? "backbone." : "";
    embedding = tensors.matrix(embeddingName, config.vocabularySize(), width);
    blocks = new ArrayList<>();
    for (int block = 0; block < config.blocks(); block++) {
      String name = "backbone.blocks." + block + ".";
      blocks.add(new XlstmLargeBlock(config, tensors, name, layout, block + "."));
    }
    normalizeOutput = huggingFace || config.outNorm();
    outNorm =
        normalizeOutput
            ? new RmsNorm(
                tensors.vector(prefix + "out_norm.weight", width),
                config.bias() && !huggingFace
                    ? tensors.vector(prefix + "out_norm.bias", width)
                    : new float[0],
                config.normEpsilon())
            : new RmsNorm(new float[0], new float[0], config.normEpsilon());
    boolean tied = config.tiedEmbeddings() && !tensors.has("lm_head.weight");
    head =
        new Linear(
            tied ? embedding : tensors.matrix("lm_head.weight", config.vocabularySize(), width));
  }

  /**
   * Puts a model together.
   *
   * @param config its sizes
   * @param checkpoint its weights
   * @return the model, which owns the checkpoint
   * @throws ModelFormatException naming every tensor that is missing or has another shape
   */
  public static XlstmLarge of(XlstmLargeConfig config, Checkpoint checkpoint)
      throws ModelFormatException {
    TensorReader tensors = new TensorReader(checkpoint);
    XlstmLarge model = new XlstmLarge(config, checkpoint, tensors);
    tensors.finish();
    return model;
  }

  /**
   * The sizes.
   *
   * @return the configuration
   */
  public XlstmLargeConfig config() {
    return config;
  }

  @Override
  public int vocabularySize() {
    return config.vocabularySize();
  }

  @Override
  public StateLayout stateLayout() {
    return layout;
  }

  @Override
  Weights blockWeights() {
    Weights all = Weights.NONE;
    for (XlstmLargeBlock block : blocks) {
      all = all.plus(block.weights());
    }
    return all;
  }

  @Override
  public String family() {
    return "xLSTM-Large";
  }

  @Override
  Weights headWeights() {
    return Weights.of(head);
  }

  @Override
  LanguageNetwork network(Workspace workspace, State state) {
    return new XlstmLargeNetwork(this, workspace, state);
  }

  Matrix embedding() {
    return embedding;
  }

  List<XlstmLargeBlock> blocks() {
    return blocks;
  }

  boolean normalizesOutput() {
    return normalizeOutput;
  }

  RmsNorm outNorm() {
    return outNorm;
  }

  Linear head() {
    return head;
  }
}
