package org.xlstm4j.engine.cells;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xlstm4j.engine.KernelPath;
import org.xlstm4j.engine.kernels.dispatch.KernelWarmUp;
import org.xlstm4j.engine.machine.MachineMlstmKernels;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.engine.threads.Workspace;
import org.xlstm4j.engine.tokens.Columns;

/** Chunks give what the steps give, and steps together what they give alone, states included. */
class MlstmCellTest {
  @ParameterizedTest
  @CsvSource({
    "1,1,1,5",
    "2,3,5,9",
    "3,9,48,21",
    "4,8,16,64",
    "3,24,40,65",
    "2,16,32,200",
    "1,40,24,131"
  })
  void chunksAgreeWithSteps(int heads, int keyWidth, int valueWidth, int tokens) {
    for (MlstmCell.Scaled scaled : MlstmCell.Scaled.values()) {
      StateLayout layout = new StateLayout();
      MlstmCell cell = new MlstmCell(heads, keyWidth, valueWidth, scaled, 1e-6f, layout, "0.");
      Random random = new Random(tokens);
      MlstmCell.Inputs inputs =
          new MlstmCell.Inputs(
              random(random, tokens, heads * keyWidth, 1),
              random(random, tokens, heads * keyWidth, 1),
              random(random, tokens, heads * valueWidth, 1),
              random(random, tokens, heads, 1),
              random(random, tokens, heads, 1));
      State stepped = new State(layout);
      State chunked = new State(layout);
      Columns expected = Columns.allocate(tokens, heads * valueWidth);
      Columns actual = Columns.allocate(tokens, heads * valueWidth);
      Workspace workspace = new Workspace(Team.of(2));
      for (int token = 0; token < tokens; token++) {
        cell.forward(workspace, stepped, at(inputs, token), 1, at(expected, token));
      }
      cell.forward(workspace, chunked, inputs, tokens, actual);
      compare(expected.data(), actual.data());
      for (StateLayout.Slot slot : layout.slots()) {
        compare(stepped.read(slot), chunked.read(slot));
      }
    }
  }

  /** Both forms: short sequences are one chunk, long ones of narrow heads several. */
  @ParameterizedTest
  @CsvSource({"1,1,1,5", "2,3,5,9", "4,96,96,150", "3,24,40,65", "2,16,32,200", "1,40,24,300"})
  void wholeSequencesAgreeWithSteps(int heads, int keyWidth, int valueWidth, int tokens) {
    StateLayout layout = new StateLayout();
    MlstmCell cell =
        new MlstmCell(heads, keyWidth, valueWidth, MlstmCell.Scaled.KEY, 1e-6f, layout, "");
    Random random = new Random(tokens);
    Workspace workspace = new Workspace(Team.of(2));
    for (int round = 0; round < 2; round++) {
      MlstmCell.Inputs inputs = randomInputs(random, tokens, heads, keyWidth, valueWidth, 1);
      State stepped = new State(layout);
      Columns expected = Columns.allocate(tokens, heads * valueWidth);
      Columns actual = Columns.allocate(tokens, heads * valueWidth);
      for (int token = 0; token < tokens; token++) {
        cell.forward(workspace, stepped, at(inputs, token), 1, at(expected, token));
      }
      cell.forwardWhole(workspace, inputs, tokens, actual);
      compare(expected.data(), actual.data());
    }
  }

  /** Each goes on from a state of its own; what is alone and short is computed in steps. */
  @Test
  void severalSequencesAreWhatEachIsAlone() {
    StateLayout layout = new StateLayout();
    MlstmCell cell = new MlstmCell(3, 9, 20, MlstmCell.Scaled.QUERY, 1e-6f, layout, "");
    List<Integer> lengths = List.of(3, 70, 1, 130, 20);
    Random random = new Random(7);
    Workspace workspace = new Workspace(Team.of(2));
    List<State> alone = lengths.stream().map(length -> new State(layout)).toList();
    List<State> together = lengths.stream().map(length -> new State(layout)).toList();
    Sequences sequences = new Sequences(together, lengths);
    int tokens = sequences.tokens();
    for (int round = 0; round < 2; round++) {
      MlstmCell.Inputs inputs = randomInputs(random, tokens, 3, 9, 20, 1);
      Columns expected = Columns.allocate(tokens, 60);
      Columns actual = Columns.allocate(tokens, 60);
      int start = 0;
      for (int i = 0; i < lengths.size(); i++) {
        int length = lengths.get(i);
        cell.forward(workspace, alone.get(i), at(inputs, start), length, at(expected, start));
        start += length;
      }
      cell.forward(workspace, sequences, inputs, actual);
      compare(expected.data(), actual.data());
      for (StateLayout.Slot slot : layout.slots()) {
        for (int i = 0; i < lengths.size(); i++) {
          compare(alone.get(i).read(slot), together.get(i).read(slot));
        }
      }
    }
  }

  @Test
  void theFormOfAWholeSequenceIsChosenByCost() {
    MlstmCell narrow = cell(16, 16);
    MlstmCell wide = cell(192, 192);
    assertEquals(40, narrow.chunkLength(40));
    assertEquals(MlstmCell.CHUNK, narrow.chunkLength(196));
    assertEquals(196, wide.chunkLength(196));
    assertEquals(MlstmCell.CHUNK, wide.chunkLength(729));
  }

  @Test
  void stepsAreMachineCodeWhereValuesFillItsVectors() {
    boolean machine = KernelPath.inUse() == KernelPath.MACHINE;
    assertEquals(machine, cell(5, 48).kernels(1) instanceof MachineMlstmKernels);
    assertFalse(cell(16, 40).kernels(1) instanceof MachineMlstmKernels);
  }

  private static MlstmCell cell(int keyWidth, int valueWidth) {
    StateLayout layout = new StateLayout();
    return new MlstmCell(3, keyWidth, valueWidth, MlstmCell.Scaled.KEY, 1e-6f, layout, "");
  }

  @ParameterizedTest
  @CsvSource({"1,1,1,2", "2,3,5,3", "4,8,16,4", "3,25,40,3", "2,16,37,2", "4,39,24,4", "3,9,48,4"})
  void fewTokensEqualSingleSteps(int heads, int keyWidth, int valueWidth, int tokens) {
    for (boolean vectors : new boolean[] {false, true}) {
      if (vectors) {
        KernelWarmUp.useVectorKernels();
      }
      StateLayout layout = new StateLayout();
      MlstmCell cell =
          new MlstmCell(heads, keyWidth, valueWidth, MlstmCell.Scaled.KEY, 1e-6f, layout, "0.");
      Random random = new Random(tokens);
      State single = new State(layout);
      State together = new State(layout);
      Workspace workspace = new Workspace(Team.of(2));
      for (int round = 0; round < 3; round++) {
        MlstmCell.Inputs inputs = randomInputs(random, tokens, heads, keyWidth, valueWidth, 4);
        Columns expected = Columns.allocate(tokens, heads * valueWidth);
        Columns actual = Columns.allocate(tokens, heads * valueWidth);
        for (int token = 0; token < tokens; token++) {
          cell.forward(workspace, single, at(inputs, token), 1, at(expected, token));
        }
        cell.forward(workspace, together, inputs, tokens, actual);
        assertArrayEquals(expected.data(), actual.data());
        for (StateLayout.Slot slot : layout.slots()) {
          assertArrayEquals(single.read(slot), together.read(slot), slot.name());
        }
      }
    }
  }

  private static MlstmCell.Inputs randomInputs(
      Random random, int tokens, int heads, int keyWidth, int valueWidth, double gates) {
    return new MlstmCell.Inputs(
        random(random, tokens, heads * keyWidth, 1),
        random(random, tokens, heads * keyWidth, 1),
        random(random, tokens, heads * valueWidth, 1),
        random(random, tokens, heads, gates),
        random(random, tokens, heads, gates));
  }

  private static void compare(float[] expected, float[] actual) {
    double largest = 0;
    for (float value : expected) {
      largest = Math.max(largest, Math.abs(value));
    }
    assertTrue(largest > 0);
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], actual[i], 2e-5 * largest);
    }
  }

  private static MlstmCell.Inputs at(MlstmCell.Inputs inputs, int token) {
    return new MlstmCell.Inputs(
        at(inputs.query(), token),
        at(inputs.key(), token),
        at(inputs.value(), token),
        at(inputs.inputGate(), token),
        at(inputs.forgetGate(), token));
  }

  private static Columns at(Columns columns, int token) {
    return new Columns(columns.data(), columns.at(token), columns.stride());
  }

  private static Columns random(Random random, int tokens, int width, double size) {
    Columns columns = Columns.allocate(tokens, width);
    for (int i = 0; i < columns.data().length; i++) {
      columns.data()[i] = (float) (random.nextGaussian() * size);
    }
    return columns;
  }
}
