package org.xlstm4j.models.tirex2;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.engine.cells.Sequences;
import org.xlstm4j.engine.cells.State;
import org.xlstm4j.engine.threads.Workspace;
import org.xlstm4j.engine.tokens.Columns;
import org.xlstm4j.models.blocks.Pass;

/**
 * The rows of several groups on their way through the network together, one behind the other: first
 * rows that are alone, then rows of groups, last those of them that are known ahead. So the rows
 * that see others are the end of the batch, and those that are also walked backward are the end of
 * these.
 */
final class RowBatch {
  private final List<GroupWindow> groups;
  private final List<Row> rows = new ArrayList<>();

  /** In the batch's order, by group and row. */
  private final Row[][] places;

  private final Pass pass;
  private final @Nullable Pass mixed;
  private final @Nullable Pass backward;
  private final int firstMixed;
  private final int firstKnown;

  /** Of each token from {@link #firstMixed} on. */
  private final Row[] rowOfMixed;

  /**
   * A row in the batch.
   *
   * @param window its values
   * @param group it belongs to
   * @param members the rows of its group
   * @param target whether it is to be forecast
   * @param start index of its first token
   */
  @SuppressWarnings("ArrayRecordComponent") // shared on purpose
  record Row(RowWindow window, GroupWindow group, Row[] members, boolean target, int start) {
    int end() {
      return start + group.tokens();
    }
  }

  /**
   * A batch.
   *
   * @param workspace the caller's
   * @param groups at least one
   * @param states gives a state where a group's rows start, another one at each call
   */
  RowBatch(Workspace workspace, List<GroupWindow> groups, Function<GroupWindow, State> states) {
    this.groups = List.copyOf(groups);
    places = new Row[groups.size()][];
    for (int group = 0; group < places.length; group++) {
      places[group] = new Row[groups.get(group).rows().size()];
    }
    add(false, false);
    firstMixed = tokens();
    int rowsAlone = rows.size();
    add(true, false);
    firstKnown = tokens();
    int rowsNotKnown = rows.size();
    add(true, true);
    List<State> own = rows.stream().map(row -> states.apply(row.group())).toList();
    pass = pass(workspace, rows, own);
    int count = rows.size();
    List<Row> together = rows.subList(rowsAlone, count);
    mixed = together.isEmpty() ? null : pass(workspace, together, own.subList(rowsAlone, count));
    List<Row> known = rows.subList(rowsNotKnown, count).reversed();
    List<State> more = known.stream().map(row -> states.apply(row.group())).toList();
    backward = known.isEmpty() ? null : pass(workspace, known, more);
    rowOfMixed = new Row[tokens() - firstMixed];
    for (Row row : together) {
      for (int token = row.start(); token < row.end(); token++) {
        rowOfMixed[token - firstMixed] = row;
      }
    }
  }

  private void add(boolean ofGroups, boolean known) {
    for (int group = 0; group < places.length; group++) {
      GroupWindow window = groups.get(group);
      for (int i = 0; i < places[group].length; i++) {
        RowWindow row = window.rows().get(i);
        if (window.isMixed() == ofGroups && row.isKnown() == known) {
          places[group][i] = new Row(row, window, places[group], i < window.targets(), tokens());
          rows.add(places[group][i]);
        }
      }
    }
  }

  private static Pass pass(Workspace workspace, List<Row> rows, List<State> states) {
    List<Integer> lengths = rows.stream().map(row -> row.group().tokens()).toList();
    return Pass.ofSequences(workspace, new Sequences(states, lengths));
  }

  /** All tokens of the rows so far. */
  int tokens() {
    return rows.isEmpty() ? 0 : rows.getLast().end();
  }

  /**
   * Writes all tokens as the network takes them.
   *
   * @param target {@code [tokens][2 * patch]}
   */
  void write(Columns target) {
    for (Row row : rows) {
      GroupWindow group = row.group();
      row.window().write(group.firstToken(), group.tokens(), target.fromToken(row.start()));
    }
  }

  /** A row's place. */
  Row row(int group, int row) {
    return places[group][row];
  }

  /** All rows, from the first token to the last. */
  Pass pass() {
    return pass;
  }

  /** The rows of groups, for work on each token by itself; null if there are none. */
  @Nullable Pass mixed() {
    return mixed;
  }

  /** Index of their first token. */
  int firstMixed() {
    return firstMixed;
  }

  /** A token's row, counted from {@link #firstMixed} on. */
  Row rowOfMixed(int token) {
    return rowOfMixed[token];
  }

  /** The rows that are known ahead, from the last token to the first; null if there are none. */
  @Nullable Pass backward() {
    return backward;
  }

  /** Index of their first token. */
  int firstKnown() {
    return firstKnown;
  }
}
