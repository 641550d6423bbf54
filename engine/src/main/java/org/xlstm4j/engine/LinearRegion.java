package org.xlstm4j.engine;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.engine.backends.ProductLibrary;
import org.xlstm4j.engine.kernels.KernelFamily;
import org.xlstm4j.engine.kernels.KernelNeeds;
import org.xlstm4j.engine.kernels.Kernels;
import org.xlstm4j.engine.kernels.TileKernels;

/**
 * The parallel work of a {@link Linear}, cut into one contiguous band a member. How depends on the
 * sizes:
 *
 * <ul>
 *   <li>few tokens: bands of rows; each weight is read from memory once and used at once, for
 *       groups of four tokens;
 *   <li>few rows: bands of tokens, in groups of four likewise;
 *   <li>else: bands of panels of 32 rows; a member unpacks a panel and walks all tokens over it.
 * </ul>
 *
 * <p>In place of the last form, each member may have its band computed by the library of a {@link
 * Backend}.
 */
final class LinearRegion implements Team.Region {
  private static final int GROUP = TileKernels.ROWS;

  /** With so many rows or fewer, most of a panel would be padding. */
  static final int FEW_ROWS = 12;

  /** Floats of the weights that a library gets at a time if they have to be made. */
  private static final int LIBRARY_FLOATS = 1 << 18;

  private enum Form {
    FEW_TOKENS,
    FEW_ROWS,
    PANELS
  }

  private final Workspace workspace;
  private final Team.Region preparation = this::prepare;
  private Linear linear;
  private TokenWork before = TokenWork.NONE;
  private Columns x;
  private Columns target;
  private Matrix[] parts = new Matrix[0];
  private float[] bias = new float[0];
  private int tokens;
  private Form form = Form.PANELS;
  private @Nullable ProductLibrary library;
  private float[] packed = new float[0];
  private float[] y = new float[0];
  private int yOffset;
  private int yStride;

  @SuppressWarnings("NullAway.Init")
  LinearRegion(Workspace workspace) {
    this.workspace = workspace;
  }

  void apply(Linear newLinear, TokenWork work, Columns from, int tokenCount, Columns to) {
    linear = newLinear;
    before = work;
    x = from;
    target = to;
    parts = linear.parts();
    bias = linear.bias();
    tokens = tokenCount;
    y = to.data();
    yOffset = to.offset();
    yStride = to.stride();
    choose();
    prepare();
    LinearObserver observer = workspace.observer();
    if (observer != null) {
      for (Matrix part : parts) {
        observer.observe(part, x, tokenCount);
      }
    }
    workspace.team().run(this);
  }

  /** Chooses the form and makes room for the input. */
  private void choose() {
    library = null;
    if (tokens <= linear.fewTokens()) {
      form = Form.FEW_TOKENS;
      wantForTokens();
      workspace.operand(groups() - 1);
    } else if (linear.rows() <= FEW_ROWS) {
      form = Form.FEW_ROWS;
      wantForTokens();
      workspace.operand(workspace.team().size() - 1);
    } else {
      form = Form.PANELS;
      library = linear.isRowMajor() && x.stride() > 0 ? Backend.library() : null;
      if (library == null) {
        KernelNeeds.want(KernelFamily.TILES);
        for (Matrix part : parts) {
          part.wantForPanels();
        }
        packed = workspace.packedTokens(Math.multiplyExact(tiles() * GROUP, linear.columns()));
      }
    }
  }

  private void wantForTokens() {
    for (Matrix part : parts) {
      if (part.products() == null) {
        part.wantForTokens(Math.min(tokens, Operand.MAX_TOKENS));
      }
    }
  }

  private void prepare() {
    if (tokens <= GROUP) {
      prepare(0, 1);
    } else if (before != TokenWork.NONE || form == Form.FEW_TOKENS || isPacked()) {
      workspace.team().run(preparation);
    }
  }

  private boolean isPacked() {
    return form == Form.PANELS && library == null;
  }

  /** Tokens in groups of a tile's rows: while they are in cache, they are made and packed. */
  private void prepare(int member, int members) {
    int last = (int) ((long) tiles() * (member + 1) / members);
    for (int tile = (int) ((long) tiles() * member / members); tile < last; tile++) {
      int first = tile * GROUP;
      int end = Math.min(first + GROUP, tokens);
      before.run(first, end - first);
      if (isPacked()) {
        pack(first);
      } else if (form == Form.FEW_TOKENS) {
        for (int token = first; token < end; token += Operand.MAX_TOKENS) {
          int group = token / Operand.MAX_TOKENS;
          load(workspace.operand(group), group);
        }
      }
    }
  }

  /** Tiles that the tokens fill, the last one perhaps in part. */
  private int tiles() {
    return (tokens + GROUP - 1) / GROUP;
  }

  /** Groups of as many tokens as are multiplied at once. */
  private int groups() {
    return (tokens + Operand.MAX_TOKENS - 1) / Operand.MAX_TOKENS;
  }

  private void load(Operand operand, int group) {
    int first = group * Operand.MAX_TOKENS;
    int count = Math.min(Operand.MAX_TOKENS, tokens - first);
    operand.clear();
    for (Matrix part : parts) {
      operand.set(x, first, count, part);
    }
  }

  /** A group of eight tokens, {@code [group][column][8]}, zeros behind the last token. */
  private void pack(int token) {
    int to = token * linear.columns();
    if (token + GROUP <= tokens) {
      Kernels.tiles().pack(x.data(), x.at(token), x.stride(), linear.columns(), packed, to, GROUP);
    } else {
      for (int lane = 0; lane < GROUP; lane++) {
        packToken(token + lane, to + lane);
      }
    }
  }

  private void packToken(int token, int to) {
    int columns = linear.columns();
    if (token < tokens) {
      float[] data = x.data();
      int from = x.at(token);
      for (int column = 0; column < columns; column++) {
        packed[to + column * GROUP] = data[from + column];
      }
    } else {
      for (int column = 0; column < columns; column++) {
        packed[to + column * GROUP] = 0;
      }
    }
  }

  @Override
  public void run(int member, int members) {
    if (form == Form.FEW_ROWS) {
      runGroups(member, members);
      return;
    }
    int panelCount = linear.panelCount();
    int first = (int) ((long) panelCount * member / members);
    int last = (int) ((long) panelCount * (member + 1) / members);
    int partPanel = 0;
    int partRow = 0;
    for (Matrix part : parts) {
      int count = Panels.count(part.rows());
      int from = Math.clamp(first - partPanel, 0, count);
      int to = Math.clamp(last - partPanel, 0, count);
      if (from < to) {
        int firstRow = from * Panels.ROWS;
        int lastRow = Math.min(to * Panels.ROWS, part.rows());
        if (form == Form.PANELS) {
          if (library != null) {
            fillBias(partRow + firstRow, partRow + lastRow);
            multiplyByLibrary(library, part, firstRow, lastRow, partRow, member);
          } else {
            multiplyPanels(part, firstRow, lastRow, partRow, member);
          }
        } else {
          multiplyRows(part, firstRow, lastRow, partRow, member);
          addBias(partRow + firstRow, partRow + lastRow, 0, tokens);
        }
      }
      partPanel += count;
      partRow += part.rows();
    }
  }

  /** Some rows for all groups, a few at a time so that they stay in cache from group to group. */
  private void multiplyRows(Matrix part, int firstRow, int lastRow, int partRow, int member) {
    int groups = groups();
    int step = groups == 1 ? lastRow - firstRow : Panels.ROWS;
    for (int row = firstRow; row < lastRow; row += step) {
      int end = Math.min(row + step, lastRow);
      for (int group = 0; group < groups; group++) {
        multiplyGroup(part, workspace.operand(group), group, row, end, partRow, member);
      }
    }
  }

  private void runGroups(int member, int members) {
    int groups = groups();
    int first = (int) ((long) groups * member / members);
    int last = (int) ((long) groups * (member + 1) / members);
    Operand operand = workspace.operand(member);
    for (int group = first; group < last; group++) {
      load(operand, group);
      int partRow = 0;
      for (Matrix part : parts) {
        multiplyGroup(part, operand, group, 0, part.rows(), partRow, member);
        partRow += part.rows();
      }
    }
    int end = Math.min(last * Operand.MAX_TOKENS, tokens);
    addBias(0, linear.rows(), first * Operand.MAX_TOKENS, end);
  }

  private void multiplyGroup(
      Matrix part, Operand operand, int group, int firstRow, int lastRow, int partRow, int member) {
    int at = target.at(group * Operand.MAX_TOKENS) + partRow + firstRow;
    if (part.products() == null) {
      part.multiply(operand, firstRow, lastRow, y, at, yStride);
    } else {
      part.multiply(
          operand.vectors(), workspace.results(member), firstRow, lastRow, y, at, yStride);
    }
  }

  private void multiplyByLibrary(
      ProductLibrary products, Matrix part, int firstRow, int lastRow, int partRow, int member) {
    int columns = part.columns();
    if (part.type() == WeightType.BF16 && products.takesBf16()) {
      MemorySegment weights = part.stored(firstRow, lastRow);
      int rows = lastRow - firstRow;
      int to = yOffset + partRow + firstRow;
      products.addBf16Product(
          x.data(), x.offset(), x.stride(), tokens, weights, rows, columns, y, to, yStride);
      return;
    }
    boolean made = part.type() != WeightType.F32;
    int step = made ? Math.max(LIBRARY_FLOATS / columns, 1) : lastRow - firstRow;
    float[] scratch = workspace.rows(member, made ? step * columns : 0);
    MemorySegment from = segment(x.data(), x.offset());
    for (int row = firstRow; row < lastRow; row += step) {
      int end = Math.min(row + step, lastRow);
      MemorySegment weights = part.floats(row, end, scratch);
      MemorySegment to = segment(y, yOffset + partRow + row);
      products.addProduct(from, x.stride(), tokens, weights, end - row, columns, to, yStride);
    }
  }

  private static MemorySegment segment(float[] values, int offset) {
    return MemorySegment.ofArray(values).asSlice((long) Float.BYTES * offset);
  }

  private void multiplyPanels(Matrix part, int firstRow, int lastRow, int partRow, int member) {
    int columns = part.columns();
    float[] panel = workspace.panel(member);
    float[] piece = workspace.piece(member);
    for (int row = firstRow; row < lastRow; row += Panels.ROWS) {
      int count = Math.min(Panels.ROWS, lastRow - row);
      for (int column = 0; column < columns; column += Panels.COLUMNS) {
        int depth = Math.min(Panels.COLUMNS, columns - column);
        part.unpack(row, column, depth, panel, piece);
        multiplyPanel(panel, depth, column, count, partRow + row, piece);
      }
    }
  }

  /** The sums of the first columns start at the bias, those of the others at what there is. */
  private void multiplyPanel(
      float[] panel, int depth, int column, int count, int row, float[] scratch) {
    int columns = linear.columns();
    int at = yOffset + row;
    int whole = count < Panels.ROWS ? 0 : tokens / GROUP;
    int from = column * GROUP;
    TileKernels kernels = Kernels.tiles();
    if (column == 0) {
      float[] biases = linear.paddedBias();
      kernels.tiles(
          packed, from, columns * GROUP, whole, panel, 0, depth, biases, row, 0, y, at, yStride);
    } else {
      kernels.addTiles(packed, from, columns * GROUP, whole, panel, 0, depth, y, at, yStride);
    }
    for (int token = whole * GROUP; token < tokens; token += GROUP) {
      int rest = Math.min(GROUP, tokens - token);
      int to = at + token * yStride;
      multiplyPartly(panel, depth, column, from + token * columns, row, rest, count, to, scratch);
    }
  }

  /** A tile of which not all tokens or rows exist: computed aside. */
  private void multiplyPartly(
      float[] panel,
      int depth,
      int column,
      int from,
      int row,
      int tokenCount,
      int count,
      int to,
      float[] tile) {
    TileKernels kernels = Kernels.tiles();
    if (column == 0) {
      float[] biases = linear.paddedBias();
      kernels.tile(packed, from, panel, 0, depth, biases, row, 0, tile, 0, Panels.ROWS);
    } else {
      for (int token = 0; token < tokenCount; token++) {
        System.arraycopy(y, to + token * yStride, tile, token * Panels.ROWS, count);
      }
      kernels.addTile(packed, from, panel, 0, depth, tile, 0, Panels.ROWS);
    }
    for (int token = 0; token < tokenCount; token++) {
      System.arraycopy(tile, token * Panels.ROWS, y, to + token * yStride, count);
    }
  }

  /** What libraries add to. */
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

  private void addBias(int firstRow, int lastRow, int firstToken, int lastToken) {
    if (bias.length > 0) {
      for (int token = firstToken; token < lastToken; token++) {
        int at = yOffset + token * yStride + firstRow;
        Kernels.math().add(bias, firstRow, lastRow - firstRow, y, at);
      }
    }
  }
}
