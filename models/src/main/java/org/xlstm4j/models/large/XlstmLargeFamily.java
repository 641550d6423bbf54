package org.xlstm4j.models.large;

import java.util.Set;
import org.xlstm4j.engine.cells.SlstmCell;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.config.Config;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.models.Model;
import org.xlstm4j.models.ModelFamily;
import org.xlstm4j.models.ModelOption;
import org.xlstm4j.models.language.LanguageModel;

/** xLSTM-Large: a flat configuration, or Hugging Face's with {@code model_type} xlstm. */
public final class XlstmLargeFamily implements ModelFamily {
  /** Made by the service loader. */
  public XlstmLargeFamily() {}

  @Override
  public String name() {
    return XlstmLarge.FAMILY;
  }

  @Override
  public Class<? extends Model> capability() {
    return LanguageModel.class;
  }

  @Override
  public boolean recognizes(Config config) throws ModelFormatException {
    boolean flat = !config.has("mlstm_block") && !config.has("slstm_block");
    return config.has("model_type")
        ? flat && config.text("model_type").equals("xlstm")
        : flat && config.has("vocab_size") && config.has("embedding_dim");
  }

  @Override
  public Set<ModelOption> options() {
    return Set.of(ModelOption.STEPS);
  }

  @Override
  public LanguageModel open(Config config, Checkpoint checkpoint, SlstmCell.Arithmetic arithmetic)
      throws ModelFormatException {
    return XlstmLarge.read(config, checkpoint);
  }
}
