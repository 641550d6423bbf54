package org.xlstm4j.models.vil;

import org.xlstm4j.engine.cells.SlstmCell;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.config.Config;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.models.Model;
import org.xlstm4j.models.ModelFamily;
import org.xlstm4j.models.vision.VisionModel;

/** Vision-LSTM: {@code model_type} vil, or a checkpoint file alone as it is published. */
public final class VilFamily implements ModelFamily {
  /** Made by the service loader. */
  public VilFamily() {}

  @Override
  public String name() {
    return VilModel.FAMILY;
  }

  @Override
  public Class<? extends Model> capability() {
    return VisionModel.class;
  }

  @Override
  public boolean recognizes(Config config) throws ModelFormatException {
    return config.textOr("model_type", "").equals("vil");
  }

  @Override
  public boolean recognizes(Checkpoint checkpoint) {
    return VilDetection.recognizes(checkpoint);
  }

  @Override
  public VisionModel open(Config config, Checkpoint checkpoint, SlstmCell.Arithmetic arithmetic)
      throws ModelFormatException {
    return VilModel.of(config, checkpoint);
  }
}
