package org.xlstm4j.engine.kernels.scalar;

import java.lang.foreign.MemorySegment;
import org.xlstm4j.engine.kernels.PanelKernels;
import org.xlstm4j.engine.kernels.UnpackKernels;

/** The specification of {@link UnpackKernels}, and its stand-in while the JVM is cold. */
final class ScalarUnpackKernels implements UnpackKernels {
  private final ThreadLocal<PanelScratch> scratch = ThreadLocal.withInitial(PanelScratch::new);

  @Override
  public void q8(MemorySegment weights, long byteOffset, int blocks, float[] panel) {
    PanelScratch local = scratch.get();
    for (int block = 0; block < blocks; block++) {
      int at = local.find(weights, byteOffset, block, blocks, Q8_BLOCK);
      for (int row = 0; row < ROWS; row++) {
        float scale = PanelKernels.q8Scale(PanelScratch.scaleWord(local.words, at, row));
        for (int column = 0; column < COLUMNS; column++) {
          int word = local.words[at + PanelScratch.SCALE_WORDS + column / Q8_GROUP * ROWS + row];
          int weight = PanelKernels.q8Weight(word, column % Q8_GROUP);
          panel[(block * COLUMNS + column) * ROWS + row] = scale * weight;
        }
      }
    }
  }

  @Override
  public void q4(MemorySegment weights, long byteOffset, int blocks, float[] panel) {
    PanelScratch local = scratch.get();
    for (int block = 0; block < blocks; block++) {
      int at = local.find(weights, byteOffset, block, blocks, Q4_BLOCK);
      for (int row = 0; row < ROWS; row++) {
        short scaleWord = PanelScratch.scaleWord(local.words, at, row);
        float scale = PanelKernels.q4Scale(scaleWord);
        float zero = PanelKernels.q4Zero(scaleWord);
        for (int column = 0; column < COLUMNS; column++) {
          int word = local.words[at + PanelScratch.SCALE_WORDS + column / Q4_GROUP * ROWS + row];
          int weight = PanelKernels.q4Weight(word, column % Q4_GROUP);
          panel[(block * COLUMNS + column) * ROWS + row] = scale * (weight - zero);
        }
      }
    }
  }
}
