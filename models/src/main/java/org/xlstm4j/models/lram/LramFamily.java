package org.xlstm4j.models.lram;

import java.util.Set;
import org.xlstm4j.engine.cells.SlstmCell;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.config.Config;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.models.Model;
import org.xlstm4j.models.ModelFamily;
import org.xlstm4j.models.ModelOption;
import org.xlstm4j.models.action.ActionModel;

/** Large Recurrent Action Models: {@code model_type} lram. */
public final class LramFamily implements ModelFamily {
  /** Made by the service loader. */
  public LramFamily() {}

  @Override
  public String name() {
    return LramModel.FAMILY;
  }

  @Override
  public Class<? extends Model> capability() {
    return ActionModel.class;
  }

  @Override
  public Set<ModelOption> options() {
    return Set.of(ModelOption.STEPS, ModelOption.TASK);
  }

  @Override
  public boolean recognizes(Config config) throws ModelFormatException {
    return config.textOr("model_type", "").equals("lram");
  }

  @Override
  public ActionModel open(Config config, Checkpoint checkpoint, SlstmCell.Arithmetic arithmetic)
      throws ModelFormatException {
    return LramModel.of(config, checkpoint);
  }
}
