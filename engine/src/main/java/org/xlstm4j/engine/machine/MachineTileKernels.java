package org.xlstm4j.engine.machine;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Objects;
import org.xlstm4j.engine.kernels.TileKernels;
import org.xlstm4j.engine.kernels.scalar.ScalarKernels;
import org.xlstm4j.engine.machine.code.Code;
import org.xlstm4j.engine.machine.code.KernelCode;

/**
 * {@link TileKernels} as machine code: fast from the first tile on. Each element is a sum by depth
 * of products that are not rounded, so that its bits depend on nothing else. Immutable and
 * thread-safe.
 */
public final class MachineTileKernels implements TileKernels {
  /**
   * Most depths of a call, over all tiles, which holds up garbage collection: with vectors of 256
   * bits each takes 16 cycles, so all take about 100 microseconds.
   */
  private static final int DEPTHS = 1 << 14;

  /** Most columns of eight rows that a call packs. */
  private static final int PACKED_COLUMNS = 1 << 13;

  /** Most columns of a panel that a call packs. */
  private static final int PANEL_COLUMNS = 1 << 11;

  private static final TileKernels SCALAR = ScalarKernels.tiles();

  private final MemorySegment tiles;
  private final MemorySegment rowTiles;
  private final MemorySegment pack;
  private final MemorySegment packPanel;

  private MachineTileKernels(MemorySegment[] codes) {
    tiles = codes[0];
    rowTiles = codes[1];
    pack = codes[2];
    packPanel = codes[3];
  }

  static MachineTileKernels make(KernelCode code) {
    return of(listings(code));
  }

  /** In the order in which {@link #of} takes them. */
  static List<Code> listings(KernelCode code) {
    return List.of(code.tiles(), code.rowTiles(), code.pack(), code.packPanel());
  }

  static MachineTileKernels of(List<? extends Code> listings) {
    return new MachineTileKernels(CodeMemory.executable(listings));
  }

  @Override
  public void tile(
      float[] a,
      int aOffset,
      float[] b,
      int bOffset,
      int depth,
      float[] start,
      int from,
      int startStride,
      float[] out,
      int to,
      int stride) {
    tiles(a, aOffset, 0, 1, b, bOffset, depth, start, from, startStride, out, to, stride);
  }

  @Override
  public void tiles(
      float[] a,
      int aOffset,
      int aStride,
      int count,
      float[] b,
      int bOffset,
      int depth,
      float[] start,
      int from,
      int startStride,
      float[] out,
      int to,
      int stride) {
    if (count == 0) {
      return;
    }
    ArrayRows.check(a, aOffset, count, aStride, Math.multiplyExact(depth, ROWS));
    Objects.checkFromIndexSize(bOffset, Math.multiplyExact(depth, COLUMNS), b.length);
    int rows = Math.multiplyExact(count, ROWS);
    ArrayRows.check(start, from, rows, startStride, COLUMNS);
    ArrayRows.check(out, to, rows, stride, COLUMNS);
    boolean startsBehind = start == b && from == bOffset + depth * COLUMNS && startStride == 0;
    boolean inCode = startsBehind && depth > 0 && depth <= DEPTHS;
    if (!inCode && (start != out || from != to || startStride != stride)) {
      for (int row = 0; row < rows; row++) {
        System.arraycopy(start, from + row * startStride, out, to + row * stride, COLUMNS);
      }
    }
    for (int first = 0; first < depth; first += DEPTHS) {
      int some = Math.min(DEPTHS, depth - first);
      int atOnce = DEPTHS / some;
      for (int tile = 0; tile < count; tile += atOnce) {
        ArrayCall.call(
            tiles,
            a,
            ArrayRows.bytes(aOffset + tile * aStride + first * ROWS),
            b,
            ArrayRows.bytes(bOffset + first * COLUMNS),
            out,
            ArrayRows.bytes(to + tile * ROWS * stride),
            ArrayRows.halves(some, Math.min(atOnce, count - tile)) | (inCode ? Long.MIN_VALUE : 0),
            ArrayRows.halves(stride, aStride));
      }
    }
  }

  @Override
  public boolean takesRows() {
    return true;
  }

  @Override
  public void addRows(
      MemorySegment a,
      long byteOffset,
      int count,
      float[] b,
      int bOffset,
      int depth,
      float[] out,
      long ahead) {
    if (depth == 0) {
      return;
    }
    long groupBytes = (long) Float.BYTES * ROWS * depth;
    Objects.checkFromIndexSize(byteOffset, count * groupBytes, a.byteSize());
    Objects.checkFromIndexSize(bOffset, Math.multiplyExact(depth, COLUMNS), b.length);
    Objects.checkFromIndexSize(0, count * ROWS * COLUMNS, out.length);
    long asked = KernelCode.askedBytes(depth);
    int atOnce = Math.max(DEPTHS / depth, 1);
    for (int tile = 0; tile < count; tile += atOnce) {
      ArrayCall.call(
          rowTiles,
          a,
          byteOffset + tile * groupBytes,
          b,
          ArrayRows.bytes(bOffset),
          out,
          ArrayRows.bytes(tile * ROWS * COLUMNS),
          ArrayRows.halves(depth, Math.min(atOnce, count - tile)),
          ahead + tile * (asked - groupBytes));
    }
  }

  @Override
  public void pack(
      float[] x, int offset, int stride, int columns, float[] out, int to, int outStride) {
    ArrayRows.check(
        x, stride < 0 ? offset + (ROWS - 1) * stride : offset, ROWS, Math.abs(stride), columns);
    int whole = columns & -KernelCode.PACKED_COLUMNS;
    ArrayRows.check(out, to, columns, outStride, ROWS);
    MemorySegment rows = ArraySegments.of(x);
    pack(rows, ArrayRows.bytes(offset), ArrayRows.bytes(stride), whole, out, to, outStride);
    SCALAR.pack(x, offset + whole, stride, columns - whole, out, to + whole * outStride, outStride);
  }

  @Override
  public void packPanel(MemorySegment x, long from, long stride, int columns, float[] out) {
    Objects.checkIndex(stride, Long.MAX_VALUE / COLUMNS);
    long bytes = (COLUMNS - 1) * stride + ArrayRows.bytes(columns);
    Objects.checkFromIndexSize(from, bytes, x.byteSize());
    Objects.checkFromIndexSize(0, Math.multiplyExact(columns, COLUMNS), out.length);
    int whole = columns & -KernelCode.PACKED_COLUMNS;
    MemorySegment target = ArraySegments.of(out);
    for (int column = 0; column < whole; column += PANEL_COLUMNS) {
      int turns = Math.min(PANEL_COLUMNS, whole - column) / KernelCode.PACKED_COLUMNS;
      long first = from + ArrayRows.bytes(column);
      long to = ArrayRows.bytes(column * COLUMNS);
      ArrayCall.call(packPanel, x, first, target, to, target, 0, turns, stride);
    }
    TileKernels.packColumns(x, from, stride, whole, columns, out);
  }

  /** Packs a multiple of {@link KernelCode#PACKED_COLUMNS}. */
  private void pack(
      MemorySegment x, long from, long stride, int columns, float[] out, int to, int outStride) {
    MemorySegment target = ArraySegments.of(out);
    for (int column = 0; column < columns; column += PACKED_COLUMNS) {
      int turns = Math.min(PACKED_COLUMNS, columns - column) / KernelCode.PACKED_COLUMNS;
      ArrayCall.call(
          pack,
          x,
          from + ArrayRows.bytes(column),
          target,
          ArrayRows.bytes(to + column * outStride),
          target,
          0,
          ArrayRows.halves(turns, outStride),
          stride);
    }
  }
}
