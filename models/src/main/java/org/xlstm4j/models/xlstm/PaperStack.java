package org.xlstm4j.models.xlstm;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.engine.cells.StateLayout;
import org.xlstm4j.loader.TensorReader;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.models.blocks.PaperBlocks;
import org.xlstm4j.models.blocks.Residual;
import org.xlstm4j.models.blocks.ResidualStack;
import org.xlstm4j.models.blocks.TokenNorm;

/**
 * A stack of mLSTM and sLSTM blocks, class {@code xLSTMBlockStack} of the {@code xlstm} package.
 * Immutable and thread-safe.
 *
 * @param blocks the layers
 * @param outNorm the norm behind them, or null
 * @param layout of their state
 */
record PaperStack(ResidualStack blocks, @Nullable TokenNorm outNorm, StateLayout layout) {
  /**
   * Reads a stack.
   *
   * @param config its sizes
   * @param tensors reads {@code blocks.0} and so on
   */
  static PaperStack read(BlockStackConfig config, TensorReader tensors)
      throws ModelFormatException {
    int width = config.width();
    StateLayout layout = new StateLayout();
    List<Residual> residuals = new ArrayList<>();
    for (int block = 0; block < config.scalarBlocks().size(); block++) {
      TensorReader below = tensors.under("blocks." + block + ".");
      String state = "block_" + block + ".";
      if (config.scalarBlocks().get(block)) {
        residuals.add(PaperBlocks.slstm(config.slstm(), false, below, layout, state));
        PaperBlocks.FeedForward feedForward = config.feedForward();
        if (feedForward != null) {
          residuals.add(PaperBlocks.feedForward(width, feedForward, false, below));
        }
      } else {
        residuals.add(PaperBlocks.mlstm(config.mlstm(), config.mlstmTaps(), below, layout, state));
      }
    }
    TokenNorm outNorm =
        config.outNorm() ? PaperBlocks.norm(tensors, "post_blocks_norm", width, false) : null;
    return new PaperStack(new ResidualStack(width, residuals), outNorm, layout);
  }
}
