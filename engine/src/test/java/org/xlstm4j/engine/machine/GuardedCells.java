package org.xlstm4j.engine.machine;

/**
 * Runs the kernels of the sLSTM and of block-diagonal weights on this machine with operands next to
 * pages that nobody may touch, in a JVM that a stray access ends. Prints how many sizes came back
 * with the right results.
 */
final class GuardedCells {
  private GuardedCells() {}

  public static void main(String[] args) {
    int sizes = 0;
    for (boolean behind : new boolean[] {true, false}) {
      Room room = new GuardedRoom(behind, 3);
      for (Execution execution : Execution.natives()) {
        for (int size = 1; size <= 40; size++) {
          slstm(execution, room, size);
          blocks(execution, room, size);
          sizes++;
        }
      }
    }
    System.out.println(sizes + " sizes");
  }

  private static void slstm(Execution execution, Room room, int size) {
    for (boolean halves : new boolean[] {false, true}) {
      RecurrentProduct product = RecurrentProduct.random(size, 1 + size % 4, halves);
      product.check(product.multiply(execution, room));
    }
    ScalarMemoryStep step = ScalarMemoryStep.random(size, 0);
    step.checkStabilizing(execution, room);
    step.checkStep(execution, room);
  }

  private static void blocks(Execution execution, Room room, int size) {
    for (int width : new int[] {4, 8 * (1 + size % 12)}) {
      BlockProduct product = BlockProduct.random(width, width == 4 ? size : 1);
      product.check(product.multiply(execution, room, BlockProduct.AT_ONCE));
    }
  }
}
