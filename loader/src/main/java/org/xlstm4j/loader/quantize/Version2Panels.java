package org.xlstm4j.loader.quantize;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.function.LongConsumer;
import org.xlstm4j.engine.WeightType;
import org.xlstm4j.engine.weights.PanelLayout;
import org.xlstm4j.loader.SafetensorsWriter;
import org.xlstm4j.loader.tensors.MatrixForm;
import org.xlstm4j.loader.tensors.Packing;
import org.xlstm4j.loader.tensors.Tensor;

/**
 * Matrices in the panels of version 2 of the format, moved into those of {@link PanelLayout}.
 *
 * <p>A panel of version 2 has 64 rows, and its blocks of 32 columns have words of 16 bits: a scale
 * word a row as today, then for each group of columns a word a row. In Q8 a group is two columns,
 * {@code 256 * second + 128 + first}; in Q4 it is four, the first in the lowest four bits. Within
 * each half of 32 rows, rows {@code i} and {@code 16 + i} are neighbors.
 *
 * @param tensor the bytes
 * @param packing what they are
 */
record Version2Panels(Tensor tensor, Packing packing) implements TensorConversion {
  private static final int ROWS = 64;
  private static final int LINE_BYTES = ROWS * Short.BYTES;
  private static final int COLUMNS = PanelLayout.COLUMNS;

  /** Blocks written together. */
  private static final int AT_ONCE = 256;

  /** Bytes of the tensor in version 2, at most the largest number, which no file has. */
  static long byteSize(Packing packing) {
    MatrixForm form = packing.form();
    long panels = ((long) form.rows() + ROWS - 1) / ROWS;
    long blocks = ((long) form.columns() + COLUMNS - 1) / COLUMNS;
    try {
      long all = Math.multiplyExact(Math.multiplyExact(panels, blocks), (long) form.count());
      return Math.multiplyExact(all, (long) blockBytes(packing.type()));
    } catch (ArithmeticException e) {
      return Long.MAX_VALUE;
    }
  }

  private static int blockBytes(WeightType type) {
    return ROWS / PanelLayout.ROWS * PanelLayout.blockBytes(type);
  }

  @Override
  public TensorReport write(SafetensorsWriter file, long done, LongConsumer progress)
      throws IOException {
    MatrixForm form = packing.form();
    int oldBytes = blockBytes(packing.type());
    int newBytes = PanelLayout.blockBytes(packing.type());
    int blocks = (form.columns() + COLUMNS - 1) / COLUMNS;
    ByteBuffer buffer = ByteBuffer.allocateDirect(AT_ONCE * newBytes);
    MemorySegment target = MemorySegment.ofBuffer(buffer);
    long matrixBytes = byteSize(packing) / form.count();
    for (int matrix = 0; matrix < form.count(); matrix++) {
      for (int row = 0; row < form.rows(); row += PanelLayout.ROWS) {
        long panel = matrix * matrixBytes + (long) (row / ROWS) * blocks * oldBytes;
        for (int block = 0; block < blocks; block += AT_ONCE) {
          int count = Math.min(AT_ONCE, blocks - block);
          for (int i = 0; i < count; i++) {
            long from = panel + (long) (block + i) * oldBytes;
            move(from, row % ROWS, target, (long) i * newBytes);
          }
          file.write(buffer.slice(0, count * newBytes));
        }
        long rows = Math.min(row + PanelLayout.ROWS, form.rows());
        progress.accept(done + ((long) matrix * form.rows() + rows) * form.columns());
      }
    }
    return new TensorReport(
        tensor.name(), packing.type().name(), form.elements(), packing.byteSize(), 0, 0);
  }

  /** Moves half of an old block, from a row on, to a new block. */
  private void move(long from, int firstRow, MemorySegment target, long to) {
    for (int row = 0; row < PanelLayout.ROWS; row++) {
      int lane = lane(firstRow + row);
      PanelStore.scale(target, to, row, word(from, lane));
      for (int column = 0; column < COLUMNS; column++) {
        if (packing.type() == WeightType.Q8) {
          short pair = word(from + (long) LINE_BYTES * (1 + column / 2), lane);
          int weight = column % 2 == 0 ? (pair & 255) - 128 : pair >> 8;
          PanelStore.q8(target, to, row, column, weight);
        } else {
          short four = word(from + (long) LINE_BYTES * (1 + column / 4), lane);
          PanelStore.q4(target, to, row, column, (four >> (4 * (column % 4))) & 15);
        }
      }
    }
  }

  private short word(long line, int lane) {
    return tensor.data().get(PanelStore.SHORT, line + (long) Short.BYTES * lane);
  }

  /** Place of a row among the words of a group. */
  private static int lane(int row) {
    return (row & 32) | ((row & 15) << 1) | ((row >> 4) & 1);
  }
}
