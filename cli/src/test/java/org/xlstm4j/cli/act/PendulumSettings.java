package org.xlstm4j.cli.act;

import java.nio.file.Path;
import org.xlstm4j.loader.config.Config;
import org.xlstm4j.models.action.ActionMode;
import org.xlstm4j.models.action.BadObservation;

/** A pendulum with nothing watched over. */
final class PendulumSettings {
  static final ActSettings PLAIN =
      new ActSettings(
          "Pendulum-v1",
          ActionMode.ZERO,
          false,
          null,
          null,
          BadObservation.reject(),
          Integer.MAX_VALUE,
          Config.empty(Path.of("limits")));

  private PendulumSettings() {}
}
