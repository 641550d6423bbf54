package org.xlstm4j.engine;

import java.util.Arrays;
import org.xlstm4j.engine.kernels.Kernels;
import org.xlstm4j.engine.kernels.TileKernels;

/**
 * The parallel work of a {@link Linear}: its parts' rows in panels of 32, cut into one contiguous
 * band a member. With few tokens each weight is read once and used at once; with many, a member
 * unpacks a panel and walks all tokens over it.
 */
final class LinearRegion implements Team.Region {
  private static final int GROUP = TileKernels.ROWS;

  private final Workspace workspace;
  private Matrix[] parts = new Matrix[0];
  private float[] bias = new float[0];
  private int panelCount;
  private int tokens;
  private boolean tiled;
  private float[] packed = new float[0];
  private float[] y = new float[0];
  private int yOffset;
  private int yStride;

  LinearRegion(Workspace workspace) {
    this.workspace = workspace;
  }

  void apply(Linear linear, Columns x, int tokenCount, Columns target) {
    parts = linear.parts();
    bias = linear.bias();
    panelCount = linear.panelCount();
    tokens = tokenCount;
    tiled = tokenCount > Operand.MAX_TOKENS;
    y = target.data();
    yOffset = target.offset();
    yStride = target.stride();
    if (tiled) {
      packed = pack(x, tokenCount, linear.columns());
    } else {
      workspace.operand().clear();
      for (Matrix part : parts) {
        workspace.operand().set(x, tokenCount, linear.columns(), part.type());
      }
    }
    LinearObserver observer = workspace.observer();
    if (observer != null) {
      for (Matrix part : parts) {
        observer.observe(part, x, tokenCount);
      }
    }
    workspace.team().run(this);
  }

  /** Tokens in groups of eight, {@code [group][column][8]}, zeros behind the last token. */
  private float[] pack(Columns x, int tokenCount, int columns) {
    int groups = (tokenCount + GROUP - 1) / GROUP;
    float[] target = workspace.packedTokens(Math.multiplyExact(groups * GROUP, columns));
    for (int group = 0; group < groups; group++) {
      int to = group * GROUP * columns;
      for (int lane = 0; lane < GROUP; lane++) {
        int token = group * GROUP + lane;
        if (token < tokenCount) {
          int from = x.at(token);
          for (int column = 0; column < columns; column++) {
            target[to + column * GROUP + lane] = x.data()[from + column];
          }
        } else {
          for (int column = 0; column < columns; column++) {
            target[to + column * GROUP + lane] = 0;
          }
        }
      }
    }
    return target;
  }

  @Override
  public void run(int member, int members) {
    int first = (int) ((long) panelCount * member / members);
    int last = (int) ((long) panelCount * (member + 1) / members);
    int partPanel = 0;
    int partRow = 0;
    for (Matrix part : parts) {
      int count = Panels.count(part.rows());
      int multiple = tiled ? 1 : part.panelMultiple();
      int from = cut(first - partPanel, count, multiple);
      int to = cut(last - partPanel, count, multiple);
      if (from < to) {
        int firstRow = from * Panels.ROWS;
        int lastRow = Math.min(to * Panels.ROWS, part.rows());
        if (tiled) {
          fillBias(partRow + firstRow, partRow + lastRow);
          multiplyPanels(part, firstRow, lastRow, partRow, member);
        } else {
          int at = yOffset + partRow + firstRow;
          part.multiply(workspace.operand(), firstRow, lastRow, y, at, yStride);
          addBias(partRow + firstRow, partRow + lastRow);
        }
      }
      partPanel += count;
      partRow += part.rows();
    }
  }

  /** A band's end within a part: the same for the band that ends there and the one that starts. */
  private static int cut(int panel, int count, int multiple) {
    return panel >= count ? count : Math.max(panel - Math.floorMod(panel, multiple), 0);
  }

  private void multiplyPanels(Matrix part, int firstRow, int lastRow, int partRow, int member) {
    int columns = part.columns();
    float[] panel = workspace.panel(member);
    float[] piece = workspace.piece(member);
    for (int row = firstRow; row < lastRow; row += Panels.ROWS) {
      int count = Math.min(Panels.ROWS, lastRow - row);
      for (int column = 0; column < columns; column += Workspace.PANEL_COLUMNS) {
        int depth = Math.min(Workspace.PANEL_COLUMNS, columns - column);
        part.unpack(row, column, depth, panel, piece);
        multiplyPanel(panel, depth, column, columns, count, partRow + row, piece);
      }
    }
  }

  private void multiplyPanel(
      float[] panel, int depth, int column, int columns, int count, int row, float[] scratch) {
    TileKernels kernels = Kernels.tiles();
    for (int token = 0; token < tokens; token += GROUP) {
      int from = token * columns + column * GROUP;
      int to = yOffset + token * yStride + row;
      if (count == Panels.ROWS && token + GROUP <= tokens) {
        kernels.tile(packed, from, panel, 0, depth, y, to, yStride);
      } else {
        Arrays.fill(scratch, 0, GROUP * Panels.ROWS, 0);
        kernels.tile(packed, from, panel, 0, depth, scratch, 0, Panels.ROWS);
        addTile(scratch, Math.min(GROUP, tokens - token), count, to);
      }
    }
  }

  private void addTile(float[] tile, int tokenCount, int count, int to) {
    for (int token = 0; token < tokenCount; token++) {
      Kernels.math().add(tile, token * Panels.ROWS, count, y, to + token * yStride);
    }
  }

  /** Results start at their bias. */
  private void fillBias(int firstRow, int lastRow) {
    for (int token = 0; token < tokens; token++) {
      int at = yOffset + token * yStride;
      if (bias.length > 0) {
        System.arraycopy(bias, firstRow, y, at + firstRow, lastRow - firstRow);
      } else {
        Arrays.fill(y, at + firstRow, at + lastRow, 0);
      }
    }
  }

  private void addBias(int firstRow, int lastRow) {
    if (bias.length > 0) {
      for (int token = 0; token < tokens; token++) {
        int at = yOffset + token * yStride + firstRow;
        Kernels.math().add(bias, firstRow, lastRow - firstRow, y, at);
      }
    }
  }
}
