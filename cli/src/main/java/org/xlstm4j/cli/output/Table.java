package org.xlstm4j.cli.output;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.cli.process.Failures;

/**
 * Results in rows and columns. {@link TableFormat} writes them for people or for programs.
 *
 * <p>A column's name is its heading and, with {@code _} for spaces, its key in JSON.
 */
public final class Table {
  /**
   * A column.
   *
   * @param name its heading, in lower case
   * @param key its heading for programs
   * @param format how people read its cells, as in {@link String#format}; programs get full
   *     precision
   * @param number whether its cells are aligned to the right
   */
  public record Column(String name, String key, String format, boolean number) {
    /** A column of words. */
    public static Column text(String name) {
      return new Column(name, key(name), "%s", false);
    }

    /** A column of words whose name is not ours, and so is the same for programs. */
    public static Column named(String name) {
      return new Column(name, name, "%s", false);
    }

    /** A column of numbers, shown as {@code format} says. */
    public static Column number(String name, String format) {
      return new Column(name, key(name), format, true);
    }

    private static String key(String name) {
      return name.replace(' ', '_');
    }

    /** The heading as people read it, without control characters. */
    public String heading() {
      return Failures.printable(name);
    }

    /** A cell as people read it, without control characters; an empty cell is a dash. */
    public String show(@Nullable Object cell) {
      return cell == null ? "-" : Failures.printable(String.format(Locale.ROOT, format, cell));
    }
  }

  private final List<Column> columns;
  private final List<List<@Nullable Object>> rows = new ArrayList<>();

  public Table(Column... columns) {
    this.columns = List.of(columns);
  }

  /**
   * Adds a row.
   *
   * @param cells one for each column: a {@link String}, {@link Number} or {@link Boolean}, or null
   *     where there is no value
   * @return this table
   */
  public Table row(@Nullable Object... cells) {
    if (cells.length != columns.size()) {
      throw new IllegalArgumentException(cells.length + " cells, " + columns.size() + " columns");
    }
    List<@Nullable Object> row = new ArrayList<>();
    Collections.addAll(row, cells);
    rows.add(row);
    return this;
  }

  public List<Column> columns() {
    return columns;
  }

  public List<List<@Nullable Object>> rows() {
    return rows;
  }
}
