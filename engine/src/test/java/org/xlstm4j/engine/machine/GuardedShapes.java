package org.xlstm4j.engine.machine;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.xlstm4j.engine.kernels.MlstmKernels;
import org.xlstm4j.engine.kernels.TileKernels;
import org.xlstm4j.engine.machine.code.MathKernel;
import org.xlstm4j.engine.machine.code.WeightFormat;

/**
 * Runs all kernels at all levels of this machine over random shapes, with operands next to pages
 * that nobody may touch, in a JVM that a stray access ends. Prints how many calls of each kind came
 * back with the right results.
 */
final class GuardedShapes {
  private static final int PAGES = 256;

  /** So many are some of each kind; an emulated processor would take longer than asked for. */
  private static final int LEAST_CALLS = 100;

  private final Random random;
  private final Map<String, Long> calls = new TreeMap<>();

  private GuardedShapes(long seed) {
    random = new Random(seed);
  }

  /**
   * Runs them for a while, but a hundred times at least.
   *
   * @param args seconds, and a number that the shapes follow from
   */
  public static void main(String[] args) {
    GuardedShapes shapes = new GuardedShapes(Long.parseLong(args[1]));
    Room[] three = {new GuardedRoom(true, 3, PAGES), new GuardedRoom(false, 3, PAGES)};
    Room[] memory = {
      new GuardedRoom(true, MatrixMemorySteps.OPERANDS, PAGES),
      new GuardedRoom(false, MatrixMemorySteps.OPERANDS, PAGES)
    };
    long end = System.nanoTime() + 1_000_000_000L * Integer.parseInt(args[0]);
    for (int done = 0; done < LEAST_CALLS || System.nanoTime() < end; done++) {
      int side = shapes.random.nextInt(2);
      shapes.call(three[side], memory[side]);
    }
    shapes.calls.forEach((kind, count) -> System.out.println(kind + "," + count));
  }

  /** Small sizes more often than large ones, and those around multiples of vectors. */
  private int size(int most) {
    int size = 1 + random.nextInt(1 + random.nextInt(most));
    return random.nextInt(4) == 0
        ? Math.clamp(size / 16 * 16 + random.nextInt(3) - 1, 1, most)
        : size;
  }

  private void call(Room three, Room memory) {
    List<Execution> natives = Execution.natives();
    Execution execution = natives.get(random.nextInt(natives.size()));
    String kind =
        switch (random.nextInt(12)) {
          case 0, 1 -> product(execution, three);
          case 2 -> memory(execution, memory);
          case 3 -> slstm(execution, three);
          case 4 -> blocks(execution, three);
          case 5 -> function(execution, three);
          case 6 -> norm(execution, three);
          case 7 -> normalizer(execution, three);
          case 8 -> tiles(execution, three);
          case 9 -> pack(execution, three);
          case 10 -> weights(execution, three);
          default -> grid(execution, three);
        };
    calls.merge(kind + "," + execution.level(), 1L, Long::sum);
  }

  private String product(Execution execution, Room room) {
    WeightFormat[] formats = WeightFormat.values();
    WeightFormat format = formats[random.nextInt(formats.length)];
    List<Integer> counts = execution.tokenCounts(format);
    int count = counts.get(random.nextInt(counts.size()));
    int rows = format.isQuantized() ? 32 * size(6) : size(40);
    int columns = format.isQuantized() ? 32 * size(20) : size(600);
    Product product =
        new Product(
            TestMatrix.random(format, rows, columns, room), TestTokens.random(count, columns));
    product.check(product.multiply(execution, 0, rows, room));
    return "product " + format;
  }

  private String memory(Execution execution, Room room) {
    int tokens = 1 + random.nextInt(MlstmKernels.MAX_TOKENS);
    int values = MachineMlstmKernels.COLUMNS * (1 + size(8));
    MatrixMemorySteps steps = MatrixMemorySteps.random(tokens, size(100), values);
    steps.check(steps.take(execution, room));
    return "matrix memory";
  }

  private String slstm(Execution execution, Room room) {
    int width = size(100);
    RecurrentProduct product = RecurrentProduct.random(width, size(4), random.nextBoolean());
    product.check(product.multiply(execution, room));
    ScalarMemoryStep step = ScalarMemoryStep.random(width, 0);
    step.checkStabilizing(execution, room);
    step.checkStep(execution, room);
    return "scalar memory";
  }

  private String blocks(Execution execution, Room room) {
    boolean small = random.nextBoolean();
    BlockProduct product =
        small ? BlockProduct.random(4, size(100)) : BlockProduct.random(8 * size(16), size(3));
    product.check(product.multiply(execution, room, BlockProduct.AT_ONCE));
    return "blocks";
  }

  private String function(Execution execution, Room room) {
    List<MathKernel> kernels = MathListingTest.ofRanges();
    MathListingTest.check(execution, kernels.get(random.nextInt(kernels.size())), size(2000), room);
    return "function";
  }

  private String norm(Execution execution, Room room) {
    MathListingTest.checkNorm(execution, size(8), size(600), random.nextBoolean(), room);
    return "norm";
  }

  private String normalizer(Execution execution, Room room) {
    if (random.nextBoolean()) {
      MathListingTest.checkNormalizer(execution, size(500), room);
      return "normalizer";
    }
    MathListingTest.checkRowsOfProducts(execution, size(6), size(1000), room);
    return "rows of products";
  }

  private String tiles(Execution execution, Room room) {
    if (random.nextBoolean()) {
      TileListingTest.checkTiles(execution, size(500), size(6), random.nextBoolean(), room);
      return "tiles";
    }
    TileListingTest.checkRowTiles(execution, size(500), room);
    return "row tiles";
  }

  private String pack(Execution execution, Room room) {
    int stride = random.nextBoolean() ? TileKernels.ROWS : TileKernels.COLUMNS;
    TileListingTest.checkPack(execution, 4 * size(100), stride, room);
    return "pack";
  }

  private String weights(Execution execution, Room room) {
    if (random.nextBoolean()) {
      ManyTokensListingTest.checkUnpacking(execution, size(12), room);
      return "unpack";
    }
    ManyTokensListingTest.checkWidening(execution, size(2000), room);
    return "widen";
  }

  private String grid(Execution execution, Room room) {
    ManyTokensListingTest.checkGrid(execution, size(20), size(200), room);
    return "grid";
  }
}
