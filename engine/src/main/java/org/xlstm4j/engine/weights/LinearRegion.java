package org.xlstm4j.engine.weights;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.engine.WeightType;
import org.xlstm4j.engine.backends.LibraryInUse;
import org.xlstm4j.engine.backends.ProductLibrary;
import org.xlstm4j.engine.kernels.TileKernels;
import org.xlstm4j.engine.kernels.dispatch.KernelFamily;
import org.xlstm4j.engine.kernels.dispatch.KernelNeeds;
import org.xlstm4j.engine.kernels.dispatch.Kernels;
import org.xlstm4j.engine.machine.ProductKernels;
import org.xlstm4j.engine.machine.code.ProductResults;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.engine.threads.Workspace;
import org.xlstm4j.engine.tokens.Columns;
import org.xlstm4j.engine.tokens.TokenWork;

/**
 * The parallel work of a {@link Linear}, cut into one contiguous band a member. How a part is
 * multiplied depends on its weights and the sizes:
 *
 * <ul>
 *   <li>few tokens, or any number of them and integers: bands of rows; the weights are multiplied
 *       as they are stored, by groups of tokens;
 *   <li>few rows: bands of tokens, in groups likewise;
 *   <li>a few more tokens, and weights row after row: bands of rows; tokens are packed into panels
 *       of 32, and the weights are multiplied as they are stored, if they are floats;
 *   <li>else: bands of panels of 32 rows; a member unpacks a panel and walks all tokens over it.
 * </ul>
 *
 * <p>In place of the last two forms, {@link SplitProduct} multiplies weights row after row where
 * the processor has tiles, and each member may have its band computed by a {@link ProductLibrary}.
 * Where tokens keep the bits that each has alone, the first form is the only one.
 */
final class LinearRegion implements Team.Region {
  /** Tokens of a tile. */
  private static final int TILE = TileKernels.ROWS;

  /** Most tokens that row-major weights are multiplied with row by row. */
  private static final int ROW_TOKENS = 128;

  /** With so many rows or fewer, most of a panel would be padding. */
  static final int FEW_ROWS = 12;

  /** Floats of the weights that a library gets at a time if they have to be made. */
  private static final int LIBRARY_FLOATS = 1 << 18;

  /** Weights that stay in the second-level cache while all groups of tokens meet them. */
  private static final int CACHED_BYTES = 1 << 18;

  private final Team team;
  private final LinearScratch scratch;
  private final Team.Region preparation = this::prepare;
  private Linear linear;
  private TokenWork before = TokenWork.NONE;
  private Columns x;
  private Columns target;
  private Matrix[] parts = new Matrix[0];
  private float[] bias = new float[0];
  private int tokens;

  /** Whether each token gets the bits that it has alone. */
  private boolean exact;

  /** Tokens that meet weights as they are stored at once; 0 if no part is multiplied so. */
  private int group;

  /** Tokens that meet parts of another type so, which take fewer at once; 0 without such parts. */
  private int smallGroup;

  /** Whether some part is multiplied in panels. */
  private boolean hasPanels;

  /** Whether these are multiplied row by row, without a panel. */
  private boolean hasRows;

  /** Tokens that lie side by side when they are packed. */
  private int unit;

  /** Whether bands are of tokens. */
  private boolean byTokens;

  private @Nullable ProductLibrary library;

  /** How panels of row-major weights are multiplied where there are tiles. */
  private @Nullable SplitProduct split;

  private @Nullable LinearObserver observer;
  private float[] packed = new float[0];
  private float[] y = new float[0];
  private int yOffset;
  private int yStride;

  @SuppressWarnings("NullAway.Init")
  private LinearRegion(Workspace workspace) {
    team = workspace.team();
    scratch = new LinearScratch(team.size());
  }

  /** The region of a session. */
  static LinearRegion of(Workspace workspace) {
    return workspace.scratch(LinearRegion.class, LinearRegion::new);
  }

  /** Shows the inputs of all projections from now on. */
  void observe(LinearObserver newObserver) {
    observer = newObserver;
  }

  /** Gives each token the bits that it has alone from now on. */
  void keepBits() {
    exact = true;
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
    LinearObserver shown = observer;
    if (shown != null) {
      for (Matrix part : parts) {
        shown.observe(part, x, tokenCount);
      }
    }
    team.run(this);
  }

  /** Chooses the forms and makes room for the input. */
  private void choose() {
    int least = Integer.MAX_VALUE;
    group = 0;
    for (Matrix part : parts) {
      int wanted = wantedGroup(part);
      least = Math.min(least, wanted);
      group = Math.max(group, wanted);
    }
    smallGroup = exact && least < group ? least : 0;
    byTokens = false;
    hasPanels = false;
    for (Matrix part : parts) {
      hasPanels |= groupOf(part) == 0;
    }
    byTokens = hasPanels && linear.rows() <= FEW_ROWS;
    if (byTokens) {
      group = Operand.MAX_TOKENS;
      hasPanels = false;
      scratch.operand(team.size() - 1);
    } else if (isGrouped()) {
      int small = smallGroup == 0 ? 0 : groups(smallGroup);
      scratch.operand(groups(group) + small - 1);
    }
    want();
    library = hasPanels && linear.isRowMajor() && x.stride() > 0 ? LibraryInUse.get() : null;
    split = hasPanels && library == null && isSplit() ? scratch.split() : null;
    if (split != null) {
      split.begin(tokens, linear.columns());
    }
    hasRows = isPacked() && linear.isRowMajor() && takesRows(tokens);
    if (isPacked()) {
      KernelNeeds.want(KernelFamily.TILES);
      unit = hasRows ? TileKernels.COLUMNS : TILE;
      int padded = (tokens + unit - 1) / unit * unit;
      packed = scratch.packedTokens(Math.multiplyExact(padded, linear.columns()));
    }
  }

  /** Whether all parts are multiplied by tiles. */
  private boolean isSplit() {
    for (Matrix part : parts) {
      if (!part.isSplit(tokens)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether so many tokens are too few for panels of row-major weights to be worth their while:
   * these are read and written once, and then read as often as there are tiles of tokens. Tokens
   * are filled up to whole panels: with more than an eighth of padding that is slower.
   */
  private static boolean takesRows(int tokens) {
    int padding = Math.floorMod(-tokens, TileKernels.COLUMNS);
    return tokens <= ROW_TOKENS && padding <= tokens / 8 && Kernels.tiles().takesRows();
  }

  private int wantedGroup(Matrix part) {
    return exact ? part.exactGroup(tokens) : part.group(tokens);
  }

  /** Tokens that meet a part as it is stored at once; 0 if it is multiplied in panels. */
  private int groupOf(Matrix part) {
    return byTokens || wantedGroup(part) == group ? group : smallGroup;
  }

  /** Whether groups of tokens are made ready for bands of rows. */
  private boolean isGrouped() {
    return group > 0 && !byTokens;
  }

  /** Says what kernels the parts are about to use. */
  private void want() {
    for (Matrix part : parts) {
      int size = groupOf(part);
      if (size == 0) {
        part.wantForPanels();
      } else if (part.products(size) == null) {
        part.wantForTokens(Math.min(tokens, size));
      }
    }
  }

  private boolean isPacked() {
    return hasPanels && library == null && split == null;
  }

  private void prepare() {
    if (tokens <= TILE) {
      prepare(0, 1);
    } else if (before != TokenWork.NONE || isGrouped() || hasPanels) {
      team.run(preparation);
    }
  }

  /** Whole tiles and groups of tokens: while they are in cache, they are made and packed. */
  private void prepare(int member, int members) {
    SplitProduct tiles = split;
    int step = group > TILE ? 2 * group : tiles == null ? TILE : SplitProduct.TILE;
    int steps = (tokens + step - 1) / step;
    int last = (int) ((long) steps * (member + 1) / members);
    for (int i = (int) ((long) steps * member / members); i < last; i++) {
      int first = i * step;
      int end = Math.min(first + step, tokens);
      before.run(first, end - first);
      for (int token = first; isPacked() && token < end; token += TILE) {
        pack(token);
      }
      for (int token = first; tiles != null && token < end; token += SplitProduct.TILE) {
        tiles.split(x, token, tokens, member);
      }
      for (int token = first; isGrouped() && token < end; token += group) {
        load(operand(group, token / group), group, token / group);
      }
      for (int token = first; smallGroup > 0 && token < end; token += smallGroup) {
        load(operand(smallGroup, token / smallGroup), smallGroup, token / smallGroup);
      }
    }
  }

  /** Groups of so many tokens. */
  private int groups(int size) {
    return (tokens + size - 1) / size;
  }

  /** A group of so many tokens; the small ones are behind the others. */
  private Operand operand(int size, int index) {
    return scratch.operand(size == group ? index : groups(group) + index);
  }

  private void load(Operand operand, int size, int index) {
    int first = index * size;
    int count = Math.min(size, tokens - first);
    operand.clear();
    for (Matrix part : parts) {
      if (groupOf(part) == size) {
        operand.set(x, first, count, size, part);
      }
    }
  }

  /**
   * A group of eight tokens, {@code [unit of tokens][column][tokens of a unit]}, zeros behind the
   * last token.
   */
  private void pack(int token) {
    int columns = linear.columns();
    int to = token / unit * unit * columns + token % unit;
    if (token + TILE <= tokens) {
      Kernels.tiles().pack(x.data(), x.at(token), x.stride(), columns, packed, to, unit);
    } else {
      packLast(token, to);
    }
    if (token + TILE >= tokens) {
      for (int lane = tokens - token; lane < unit - token % unit; lane++) {
        for (int column = 0; column < columns; column++) {
          packed[to + column * unit + lane] = 0;
        }
      }
    }
  }

  private void packLast(int token, int to) {
    float[] data = x.data();
    for (int lane = 0; lane < tokens - token; lane++) {
      int from = x.at(token + lane);
      for (int column = 0; column < linear.columns(); column++) {
        packed[to + column * unit + lane] = data[from + column];
      }
    }
  }

  @Override
  public void run(int member, int members) {
    if (byTokens) {
      runGroups(member, members);
      return;
    }
    int panelCount = linear.panelCount();
    int first = (int) ((long) panelCount * member / members);
    int last = (int) ((long) panelCount * (member + 1) / members);
    int partPanel = 0;
    int partRow = 0;
    int begin = linear.rows();
    int end = 0;
    for (Matrix part : parts) {
      int count = Panels.count(part.rows());
      int from = Math.clamp(first - partPanel, 0, count);
      int to = Math.clamp(last - partPanel, 0, count);
      if (from < to) {
        int firstRow = from * Panels.ROWS;
        int lastRow = Math.min(to * Panels.ROWS, part.rows());
        if (groupOf(part) > 0) {
          multiplyRows(part, firstRow, lastRow, partRow, member);
          begin = Math.min(begin, partRow + firstRow);
          end = partRow + lastRow;
          if (hasPanels) {
            addBias(partRow + firstRow, end, 0, tokens);
          }
        } else if (library != null) {
          fillBias(partRow + firstRow, partRow + lastRow);
          multiplyByLibrary(library, part, firstRow, lastRow, partRow, member);
        } else if (split != null) {
          int at = yOffset + partRow + firstRow;
          split.multiply(part, firstRow, lastRow, tokens, y, at, yStride, member);
          addBias(partRow + firstRow, partRow + lastRow, 0, tokens);
        } else if (hasRows) {
          multiplyStored(part, firstRow, lastRow, partRow, member);
        } else {
          multiplyPanels(part, firstRow, lastRow, partRow, member);
        }
      }
      partPanel += count;
      partRow += part.rows();
    }
    // without panels between them, a member's rows of all parts lie side by side
    if (!hasPanels && begin < end) {
      addBias(begin, end, 0, tokens);
    }
  }

  /**
   * Some rows for all groups, a few at a time so that they stay in cache from group to group; first
   * for the last one, which may be small.
   */
  private void multiplyRows(Matrix part, int firstRow, int lastRow, int partRow, int member) {
    int size = groupOf(part);
    int groups = groups(size);
    boolean whole = groups == 1 || (size == 1 && part.dependsOnCut());
    int step = whole ? lastRow - firstRow : part.wholePanels(CACHED_BYTES);
    for (int row = firstRow; row < lastRow; row += step) {
      int end = Math.min(row + step, lastRow);
      for (int i = groups - 1; i >= 0; i--) {
        multiplyGroup(part, operand(size, i), size, i, row, end, partRow, member);
      }
    }
  }

  private void runGroups(int member, int members) {
    int groups = groups(group);
    int first = (int) ((long) groups * member / members);
    int last = (int) ((long) groups * (member + 1) / members);
    Operand operand = scratch.operand(member);
    for (int i = first; i < last; i++) {
      load(operand, group, i);
      int partRow = 0;
      for (Matrix part : parts) {
        multiplyGroup(part, operand, group, i, 0, part.rows(), partRow, member);
        partRow += part.rows();
      }
    }
    int end = Math.min(last * group, tokens);
    addBias(0, linear.rows(), first * group, end);
  }

  private void multiplyGroup(
      Matrix part,
      Operand operand,
      int size,
      int index,
      int firstRow,
      int lastRow,
      int partRow,
      int member) {
    int at = target.at(index * size) + partRow + firstRow;
    ProductKernels products = part.products(size);
    if (products == null) {
      part.multiply(operand, firstRow, lastRow, y, at, yStride);
    } else {
      ProductResults results = scratch.results(member);
      part.multiply(products, operand.vectors(), results, firstRow, lastRow, y, at, yStride);
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
    float[] floats = scratch.rows(member, made ? step * columns : 0);
    MemorySegment from = segment(x.data(), x.offset());
    for (int row = firstRow; row < lastRow; row += step) {
      int end = Math.min(row + step, lastRow);
      MemorySegment weights = part.floats(row, end, floats);
      MemorySegment to = segment(y, yOffset + partRow + row);
      products.addProduct(from, x.stride(), tokens, weights, end - row, columns, to, yStride);
    }
  }

  private static MemorySegment segment(float[] values, int offset) {
    return MemorySegment.ofArray(values).asSlice((long) Float.BYTES * offset);
  }

  private void multiplyPanels(Matrix part, int firstRow, int lastRow, int partRow, int member) {
    int columns = part.columns();
    float[][] panels = scratch.panels(member);
    float[] piece = scratch.piece(member);
    for (int first = firstRow; first < lastRow; first += Panels.AT_ONCE * Panels.ROWS) {
      int last = Math.min(first + Panels.AT_ONCE * Panels.ROWS, lastRow);
      for (int column = 0; column < columns; column += Panels.COLUMNS) {
        int depth = Math.min(Panels.COLUMNS, columns - column);
        for (int row = first; row < last; row += Panels.ROWS) {
          float[] panel = panels[(row - first) / Panels.ROWS];
          part.unpack(row, column, depth, panel, piece);
          if (column == 0) {
            int start = linear.sumStart(partRow + row);
            System.arraycopy(linear.sumStarts(), start, panel, depth * Panels.ROWS, Panels.ROWS);
          }
        }
        for (int token = 0; token < tokens; token += Panels.TOKENS) {
          int end = Math.min(token + Panels.TOKENS, tokens);
          for (int row = first; row < last; row += Panels.ROWS) {
            float[] panel = panels[(row - first) / Panels.ROWS];
            int count = Math.min(Panels.ROWS, last - row);
            multiplyPanel(panel, depth, column, count, partRow + row, token, end, piece);
          }
        }
      }
    }
  }

  /** The sums of the first columns start at the bias, those of the others at what there is. */
  private void multiplyPanel(
      float[] panel,
      int depth,
      int column,
      int count,
      int row,
      int firstToken,
      int lastToken,
      float[] tile) {
    int columns = linear.columns();
    int at = yOffset + row;
    int whole = count < Panels.ROWS ? 0 : (lastToken - firstToken) / TILE;
    int from = firstToken * columns + column * TILE;
    int to = at + firstToken * yStride;
    TileKernels kernels = Kernels.tiles();
    if (column == 0) {
      int start = depth * Panels.ROWS;
      kernels.tiles(
          packed, from, columns * TILE, whole, panel, 0, depth, panel, start, 0, y, to, yStride);
    } else {
      kernels.addTiles(packed, from, columns * TILE, whole, panel, 0, depth, y, to, yStride);
    }
    for (int token = firstToken + whole * TILE; token < lastToken; token += TILE) {
      int rest = Math.min(TILE, lastToken - token);
      int group = token * columns + column * TILE;
      multiplyPartly(panel, depth, column, group, rest, count, at + token * yStride, tile);
    }
  }

  /** A tile of which not all tokens or rows exist: computed aside. */
  private void multiplyPartly(
      float[] panel,
      int depth,
      int column,
      int from,
      int tokenCount,
      int count,
      int to,
      float[] tile) {
    TileKernels kernels = Kernels.tiles();
    if (column == 0) {
      int start = depth * Panels.ROWS;
      kernels.tile(packed, from, panel, 0, depth, panel, start, 0, tile, 0, Panels.ROWS);
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

  /** Rows as they are stored, all groups of eight of a panel that are whole; the others aside. */
  private void multiplyStored(Matrix part, int firstRow, int lastRow, int partRow, int member) {
    int columns = linear.columns();
    long panelBytes = (long) Float.BYTES * columns * Panels.ROWS;
    for (int row = firstRow; row < lastRow; row += Panels.ROWS) {
      int count = Math.min(Panels.ROWS, lastRow - row);
      MemorySegment weights = part.data();
      long from = part.offset(row);
      boolean stored = part.type() == WeightType.F32 && count % TILE == 0;
      if (!stored) {
        weights = scratch.floats(member, Panels.ROWS * columns);
        part.copyRows(row, row + count, scratch.rows(member, Panels.ROWS * columns));
        from = 0;
      }
      for (int token = 0; token < tokens; token += unit) {
        // a call asks for half a panel of weights
        long next = token < 2 * unit ? panelBytes + token / unit * (panelBytes / 2) : 0;
        multiplyTokens(weights, from, count, partRow + row, token, stored ? next : 0, member);
      }
    }
  }

  /** Some tokens that lie side by side, and up to 32 rows. */
  private void multiplyTokens(
      MemorySegment weights, long from, int count, int row, int token, long ahead, int member) {
    int columns = linear.columns();
    float[] sums = scratch.piece(member);
    float[] starts = linear.sumStarts();
    for (int i = 0; i < count; i++) {
      Arrays.fill(sums, i * unit, (i + 1) * unit, starts[linear.sumStart(row) + i]);
    }
    TileKernels kernels = Kernels.tiles();
    int groups = (count + TILE - 1) / TILE;
    kernels.addRows(weights, from, groups, packed, token * columns, columns, sums, ahead);
    int some = Math.min(unit, tokens - token);
    int at = yOffset + token * yStride + row;
    int whole = count / TILE * TILE;
    for (int i = 0; i < whole; i += TILE) {
      kernels.pack(sums, i * unit, unit, some, y, at + i, yStride);
    }
    for (int i = whole; i < count; i++) {
      for (int lane = 0; lane < some; lane++) {
        y[at + lane * yStride + i] = sums[i * unit + lane];
      }
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
