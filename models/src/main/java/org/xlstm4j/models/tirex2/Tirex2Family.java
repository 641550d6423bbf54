package org.xlstm4j.models.tirex2;

import java.util.Set;
import org.xlstm4j.engine.cells.SlstmCell;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.config.Config;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.models.Model;
import org.xlstm4j.models.ModelFamily;
import org.xlstm4j.models.ModelOption;
import org.xlstm4j.models.forecast.ForecastModel;

/** TiRex-2: a configuration with a recipe of blocks. */
public final class Tirex2Family implements ModelFamily {
  /** Made by the service loader. */
  public Tirex2Family() {}

  @Override
  public String name() {
    return Tirex2Model.FAMILY;
  }

  @Override
  public Class<? extends Model> capability() {
    return ForecastModel.class;
  }

  @Override
  public Set<ModelOption> options() {
    return Set.of(ModelOption.SIGN_FLIP, ModelOption.NO_DIFFERENCING);
  }

  @Override
  public boolean recognizes(Config config) {
    return Tirex2Config.matches(config);
  }

  @Override
  public ForecastModel open(Config config, Checkpoint checkpoint, SlstmCell.Arithmetic arithmetic)
      throws ModelFormatException {
    return Tirex2Model.of(config, checkpoint);
  }
}
