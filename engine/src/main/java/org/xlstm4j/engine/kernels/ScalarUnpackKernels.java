package org.xlstm4j.engine.kernels;

import java.lang.foreign.MemorySegment;

/** The specification of {@link UnpackKernels}, and its stand-in while the JVM is cold. */
public final class ScalarUnpackKernels implements UnpackKernels {
  private final ThreadLocal<PanelScratch> scratch = ThreadLocal.withInitial(PanelScratch::new);

  @Override
  public void q8(MemorySegment weights, long byteOffset, int half, int blocks, float[] panel) {
    PanelScratch local = scratch.get();
    for (int block = 0; block < blocks; block++) {
      int at = local.find(weights, byteOffset, block, blocks, Q8_BLOCK);
      for (int row = 0; row < ROWS / 2; row++) {
        int lane = at + PanelKernels.lane(half * (ROWS / 2) + row);
        float scale = PanelKernels.q8Scale(local.words[lane]);
        for (int pair = 0; pair < COLUMNS / 2; pair++) {
          short word = local.words[lane + ROWS + pair * ROWS];
          int to = (block * COLUMNS + 2 * pair) * (ROWS / 2) + row;
          panel[to] = scale * PanelKernels.q8First(word);
          panel[to + ROWS / 2] = scale * PanelKernels.q8Second(word);
        }
      }
    }
  }

  @Override
  public void q4(MemorySegment weights, long byteOffset, int half, int blocks, float[] panel) {
    PanelScratch local = scratch.get();
    for (int block = 0; block < blocks; block++) {
      int at = local.find(weights, byteOffset, block, blocks, Q4_BLOCK);
      for (int row = 0; row < ROWS / 2; row++) {
        int lane = at + PanelKernels.lane(half * (ROWS / 2) + row);
        float scale = PanelKernels.q4Scale(local.words[lane]);
        float zero = PanelKernels.q4Zero(local.words[lane]);
        for (int column = 0; column < COLUMNS; column++) {
          short word = local.words[lane + ROWS + (column >> 2) * ROWS];
          int nibble = (word >> ((column & 3) << 2)) & 15;
          panel[(block * COLUMNS + column) * (ROWS / 2) + row] = scale * (nibble - zero);
        }
      }
    }
  }
}
