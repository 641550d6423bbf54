package org.xlstm4j.models.xlstm;

import java.util.Set;
import org.xlstm4j.engine.cells.SlstmCell;
import org.xlstm4j.engine.weights.Linear;
import org.xlstm4j.engine.weights.Matrix;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.TensorReader;
import org.xlstm4j.loader.config.Config;
import org.xlstm4j.loader.config.ConfigKeys;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.models.Model;
import org.xlstm4j.models.ModelFamily;
import org.xlstm4j.models.ModelOption;
import org.xlstm4j.models.language.LanguageModel;
import org.xlstm4j.models.language.StackedLanguageModel;

/**
 * The language model of the xLSTM paper (arXiv:2405.04517), class {@code xLSTMLMModel} of the
 * {@code xlstm} package: embedding, a stack of mLSTM and sLSTM blocks, norm, output head.
 */
public final class PaperLanguageFamily implements ModelFamily {
  private static final ConfigKeys KEYS =
      BlockStackConfig.KEYS.harmless(
          "add_embedding_dropout", "tie_weights", "vocab_size", "weight_decay_on_embedding");

  /** Made by the service loader. */
  public PaperLanguageFamily() {}

  @Override
  public String name() {
    return "xLSTM";
  }

  @Override
  public Class<? extends Model> capability() {
    return LanguageModel.class;
  }

  @Override
  public Set<ModelOption> options() {
    return Set.of(ModelOption.STEPS);
  }

  @Override
  public boolean recognizes(Config config) throws ModelFormatException {
    boolean nested = BlockStackConfig.isNested(config);
    return switch (config.textOr("model_type", "")) {
      case "xlstm_lm" -> true;
      case "xlstm" -> nested;
      case "" -> nested && config.has("vocab_size");
      default -> false;
    };
  }

  @Override
  public LanguageModel open(Config config, Checkpoint checkpoint, SlstmCell.Arithmetic arithmetic)
      throws ModelFormatException {
    KEYS.check(config);
    BlockStackConfig sizes = BlockStackConfig.of(config);
    int vocabularySize = config.integer("vocab_size", 1, 1 << 28);
    boolean tied = config.boolOr("tie_weights", false);

    TensorReader tensors = new TensorReader(checkpoint);
    int width = sizes.width();
    Matrix embedding = tensors.matrix("token_embedding.weight", vocabularySize, width);
    PaperStack stack = PaperStack.read(sizes, tensors.under("xlstm_block_stack."));
    Matrix head = tied ? embedding : tensors.matrix("lm_head.weight", vocabularySize, width);
    tensors.finish();
    return new StackedLanguageModel(
        name(),
        config,
        checkpoint,
        stack.layout(),
        new StackedLanguageModel.Parts(
            embedding, stack.blocks(), stack.outNorm(), new Linear(head), Float.POSITIVE_INFINITY));
  }
}
