package org.xlstm4j.models.language;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.engine.Linear;
import org.xlstm4j.engine.Matrix;
import org.xlstm4j.engine.State;
import org.xlstm4j.engine.StateLayout;
import org.xlstm4j.engine.Workspace;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.ModelFormatException;
import org.xlstm4j.loader.TensorReader;
import org.xlstm4j.models.blocks.PaperBlocks;
import org.xlstm4j.models.blocks.Residual;
import org.xlstm4j.models.blocks.TokenNorm;
import org.xlstm4j.models.blocks.Weights;

/**
 * The language model of the xLSTM paper (arXiv:2405.04517), class {@code xLSTMLMModel} of the
 * {@code xlstm} package: embedding, a stack of mLSTM and sLSTM blocks, norm, output head.
 */
public final class PaperXlstm extends LanguageModel {
  private final PaperXlstmConfig config;
  private final StateLayout layout = new StateLayout();
  private final Matrix embedding;
  private final List<Residual> residuals = new ArrayList<>();
  private final @Nullable TokenNorm outNorm;
  private final Linear head;

  private PaperXlstm(PaperXlstmConfig config, Checkpoint checkpoint, TensorReader tensors)
      throws ModelFormatException {
    super(checkpoint);
    this.config = config;
    int width = config.width();
    embedding = tensors.matrix("token_embedding.weight", config.vocabularySize(), width);
    TensorReader stack = tensors.under("xlstm_block_stack.");
    for (int block = 0; block < config.scalarBlocks().size(); block++) {
      TensorReader below = stack.under("blocks." + block + ".");
      String statePrefix = "block_" + block + ".";
      if (config.scalarBlocks().get(block)) {
        residuals.add(PaperBlocks.slstm(config.slstm(), false, below, layout, statePrefix));
        PaperBlocks.FeedForward feedForward = config.feedForward();
        if (feedForward != null) {
          residuals.add(PaperBlocks.feedForward(width, feedForward, false, below));
        }
      } else {
        residuals.add(
            PaperBlocks.mlstm(config.mlstm(), config.mlstmTaps(), below, layout, statePrefix));
      }
    }
    outNorm = config.outNorm() ? PaperBlocks.norm(stack, "post_blocks_norm", width, false) : null;
    head =
        new Linear(
            config.tiedEmbeddings()
                ? embedding
                : tensors.matrix("lm_head.weight", config.vocabularySize(), width));
  }

  /**
   * Puts a model together.
   *
   * @param config its sizes
   * @param checkpoint its weights
   * @return the model, which owns the checkpoint
   * @throws ModelFormatException naming every tensor that is missing or has another shape
   */
  static PaperXlstm of(PaperXlstmConfig config, Checkpoint checkpoint) throws ModelFormatException {
    TensorReader tensors = new TensorReader(checkpoint);
    PaperXlstm model = new PaperXlstm(config, checkpoint, tensors);
    tensors.finish();
    return model;
  }

  PaperXlstmConfig config() {
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
    for (Residual residual : residuals) {
      all = all.plus(residual.weights());
    }
    return all;
  }

  @Override
  public String family() {
    return "xLSTM";
  }

  @Override
  Weights headWeights() {
    return Weights.of(head);
  }

  @Override
  LanguageNetwork network(Workspace workspace, State state) {
    return new PaperXlstmNetwork(this, workspace, state);
  }

  Matrix embedding() {
    return embedding;
  }

  List<Residual> residuals() {
    return residuals;
  }

  /** The norm before the output head, if there is one. */
  @Nullable TokenNorm outNorm() {
    return outNorm;
  }

  Linear head() {
    return head;
  }
}
