package org.xlstm4j.models.tirex;

import java.util.Set;
import org.xlstm4j.engine.cells.SlstmCell;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.config.Config;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.models.Model;
import org.xlstm4j.models.ModelFamily;
import org.xlstm4j.models.ModelOption;
import org.xlstm4j.models.forecast.ForecastModel;

/** TiRex: hyper-parameters in a configuration, or inside the checkpoint as it is published. */
public final class TirexFamily implements ModelFamily {
  private static final String HYPER_PARAMETERS = "hyper_parameters";

  /** Made by the service loader. */
  public TirexFamily() {}

  @Override
  public String name() {
    return TirexModel.FAMILY;
  }

  @Override
  public Class<? extends Model> capability() {
    return ForecastModel.class;
  }

  @Override
  public boolean serves(Class<?> purpose) {
    return purpose.isAssignableFrom(TirexModel.class);
  }

  @Override
  public Set<ModelOption> options() {
    return Set.of(ModelOption.CELL_ARITHMETIC, ModelOption.AUGMENT, ModelOption.HEAD);
  }

  @Override
  public boolean recognizes(Config config) {
    return TirexConfig.matches(config);
  }

  @Override
  public boolean recognizes(Checkpoint checkpoint) throws ModelFormatException {
    Config attributes = checkpoint.attributes();
    return attributes.kind(HYPER_PARAMETERS) == Config.Kind.OBJECT
        && recognizes(attributes.child(HYPER_PARAMETERS));
  }

  @Override
  public ForecastModel open(Config config, Checkpoint checkpoint, SlstmCell.Arithmetic arithmetic)
      throws ModelFormatException {
    Config own = recognizes(config) ? config : checkpoint.attributes().child(HYPER_PARAMETERS);
    return TirexModel.of(own, checkpoint, arithmetic);
  }
}
