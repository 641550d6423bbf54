package org.xlstm4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.xlstm4j.engine.WeightType;
import org.xlstm4j.engine.cells.SlstmCell;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.Config;
import org.xlstm4j.loader.LoadOption;
import org.xlstm4j.models.Model;
import org.xlstm4j.models.action.ActionConfig;
import org.xlstm4j.models.action.ActionModel;
import org.xlstm4j.models.language.LanguageModel;
import org.xlstm4j.models.tirex.TirexModel;
import org.xlstm4j.models.vision.VilModel;

/** Models of any family, which their configuration tells. */
final class AnyModel {
  private AnyModel() {}

  /**
   * Opens a model folder, or the file with the weights: beside its configuration, or of one of the
   * two families whose files tell all by themselves.
   */
  static Model open(Path path, LoadOption... options) throws IOException {
    if (TirexModel.matches(path, options)) {
      return TirexModel.open(path, options);
    }
    Config beside = Config.find(path);
    if (beside == null && Files.isRegularFile(path)) {
      return VilModel.open(path, options);
    }
    Config config = beside == null ? Config.ofFolder(path) : beside;
    return of(config, Checkpoint.open(path, config, options));
  }

  /** A model of random weights. */
  static Model random(Config config, WeightType type) throws IOException {
    return of(config, Checkpoint.random(config, type));
  }

  /** Whatever is refused, the checkpoint is closed. */
  private static Model of(Config config, Checkpoint checkpoint) throws IOException {
    try {
      if (TirexModel.matches(config)) {
        return TirexModel.of(config, checkpoint, SlstmCell.Arithmetic.FLOAT32);
      }
      return switch (config.textOr("model_type", "")) {
        case "vil" -> VilModel.of(config, checkpoint);
        case "lram" -> ActionModel.of(ActionConfig.of(config), checkpoint);
        default -> LanguageModel.of(config, checkpoint);
      };
    } catch (IOException | RuntimeException | Error e) {
      checkpoint.close();
      throw e;
    }
  }
}
