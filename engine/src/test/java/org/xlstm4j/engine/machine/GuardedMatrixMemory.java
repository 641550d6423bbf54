package org.xlstm4j.engine.machine;

import org.xlstm4j.engine.kernels.MlstmKernels;

/**
 * Takes steps of matrix memories on this machine with operands next to pages that nobody may touch,
 * in a JVM that a stray access ends. Prints how many came back with the right results.
 */
final class GuardedMatrixMemory {
  private GuardedMatrixMemory() {}

  public static void main(String[] args) {
    int calls = 0;
    for (boolean behind : new boolean[] {true, false}) {
      Room room = new GuardedRoom(behind, MatrixMemorySteps.OPERANDS);
      for (Execution execution : Execution.natives()) {
        for (int keyWidth = 1; keyWidth <= 33; keyWidth++) {
          for (int tokens = 1; tokens <= MlstmKernels.MAX_TOKENS; tokens++) {
            int valueWidth = MachineMlstmKernels.COLUMNS * (2 + keyWidth % 3);
            MatrixMemorySteps steps = MatrixMemorySteps.random(tokens, keyWidth, valueWidth);
            steps.check(steps.take(execution, room));
            steps.check(steps.take(execution, room, MachineMlstmKernels.COLUMNS));
            calls += 2;
          }
        }
      }
    }
    System.out.println(calls + " calls");
  }
}
