package org.xlstm4j.models.xlstm;

import java.util.Set;
import org.xlstm4j.engine.cells.SlstmCell;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.TensorReader;
import org.xlstm4j.loader.config.Config;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.models.Model;
import org.xlstm4j.models.ModelFamily;
import org.xlstm4j.models.ModelOption;
import org.xlstm4j.models.sequence.SequenceModel;
import org.xlstm4j.models.sequence.StackedSequenceModel;

/**
 * A stack of the xLSTM paper's blocks without vocabulary, class {@code xLSTMBlockStack} of the
 * {@code xlstm} package: floats in, floats out.
 */
public final class BlockStackFamily implements ModelFamily {
  /** Made by the service loader. */
  public BlockStackFamily() {}

  @Override
  public String name() {
    return "xLSTM block stack";
  }

  @Override
  public Class<? extends Model> capability() {
    return SequenceModel.class;
  }

  @Override
  public Set<ModelOption> options() {
    return Set.of(ModelOption.STEPS);
  }

  @Override
  public boolean recognizes(Config config) {
    return BlockStackConfig.isNested(config)
        && !config.has("model_type")
        && !config.has("vocab_size");
  }

  @Override
  public SequenceModel open(Config config, Checkpoint checkpoint, SlstmCell.Arithmetic arithmetic)
      throws ModelFormatException {
    BlockStackConfig.KEYS.check(config);
    BlockStackConfig sizes = BlockStackConfig.of(config);
    TensorReader tensors = new TensorReader(checkpoint);
    PaperStack stack = PaperStack.read(sizes, tensors);
    tensors.finish();
    return new StackedSequenceModel(
        name(),
        config,
        checkpoint,
        stack.layout(),
        new StackedSequenceModel.Parts(sizes.width(), stack.blocks(), stack.outNorm()));
  }
}
