package org.xlstm4j.loader.quantize;

import java.io.IOException;
import java.util.function.LongConsumer;
import org.xlstm4j.loader.SafetensorsWriter;

/** How a tensor gets into the new file. */
sealed interface TensorConversion permits PanelConversion, HalvesConversion, Version2Panels, Copy {
  /**
   * Writes the current tensor of the file.
   *
   * @param file the new file
   * @param done weights written before this tensor
   * @param progress is told the number of weights done
   */
  TensorReport write(SafetensorsWriter file, long done, LongConsumer progress) throws IOException;
}
