package org.xlstm4j.engine.kernels.scalar;

import java.lang.foreign.MemorySegment;
import org.xlstm4j.engine.kernels.PanelKernels;
import org.xlstm4j.engine.kernels.UnpackKernels;

/** The specification of {@link UnpackKernels}, and its stand-in while the JVM is cold. */
final class ScalarUnpackKernels implements UnpackKernels {
  @Override
  public void q8(MemorySegment weights, long byteOffset, int blocks, float[] panel) {
    PanelBlock local = PanelBlock.ofThread();
    int[] words = local.words;
    for (int block = 0; block < blocks; block++) {
      local.read(weights, byteOffset + (long) block * Q8_BLOCK, Q8_BLOCK);
      for (int row = 0; row < ROWS; row++) {
        float scale = PanelKernels.q8Scale(PanelBlock.scaleWord(words, row));
        for (int column = 0; column < COLUMNS; column++) {
          int word = words[PanelBlock.group(column / Q8_GROUP) + row];
          int weight = PanelKernels.q8Weight(word, column % Q8_GROUP);
          panel[(block * COLUMNS + column) * ROWS + row] = scale * weight;
        }
      }
    }
  }

  @Override
  public void q4(MemorySegment weights, long byteOffset, int blocks, float[] panel) {
    PanelBlock local = PanelBlock.ofThread();
    int[] words = local.words;
    for (int block = 0; block < blocks; block++) {
      local.read(weights, byteOffset + (long) block * Q4_BLOCK, Q4_BLOCK);
      for (int row = 0; row < ROWS; row++) {
        short scaleWord = PanelBlock.scaleWord(words, row);
        float scale = PanelKernels.q4Scale(scaleWord);
        float zero = PanelKernels.q4Zero(scaleWord);
        for (int column = 0; column < COLUMNS; column++) {
          int word = words[PanelBlock.group(column / Q4_GROUP) + row];
          int weight = PanelKernels.q4Weight(word, column % Q4_GROUP);
          panel[(block * COLUMNS + column) * ROWS + row] = scale * (weight - zero);
        }
      }
    }
  }
}
