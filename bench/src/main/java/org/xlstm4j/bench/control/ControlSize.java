package org.xlstm4j.bench.control;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.xlstm4j.engine.WeightType;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.config.Config;
import org.xlstm4j.models.Models;
import org.xlstm4j.models.action.ActionModel;

/** The published sizes of the action model, with mLSTM blocks only, for vector observations. */
enum ControlSize {
  /** 16 million parameters. */
  M16(512, 8),
  /** 48 million parameters. */
  M48(768, 12),
  /** 110 million parameters. */
  M110(1024, 16),
  /** 206 million parameters. */
  M206(1280, 20);

  private final int width;
  private final int blocks;

  ControlSize(int width, int blocks) {
    this.width = width;
    this.blocks = blocks;
  }

  /**
   * A model of this size with random weights in memory.
   *
   * @param type of the weights
   */
  ActionModel model(WeightType type) throws IOException {
    String text =
        String.format(
            Locale.ROOT,
            "{\"model_type\": \"lram\", \"hidden_size\": %d, \"num_blocks\": %d, \"num_heads\": 4,"
                + " \"state_dim\": 204, \"act_dim\": 8}",
            width,
            blocks);
    Path file = Files.createTempFile(name(), ".json");
    try {
      Config config = Config.read(Files.writeString(file, text));
      return Models.of(config, Checkpoint.random(config, type), ActionModel.class);
    } finally {
      Files.delete(file);
    }
  }
}
