package org.xlstm4j.cli.output;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a {@link Table} is written. */
public enum TableFormat {
  /** Aligned columns under their headings. */
  TEXT {
    @Override
    public void write(Table table, Writer out) throws IOException {
      List<List<String>> lines = withHeadings(table);
      int[] widths = widths(lines);
      for (List<String> line : lines) {
        out.write(aligned(table, line, widths, "  ").stripTrailing() + "\n");
      }
    }
  },

  /** A line for each cell, its column's name in front: for tables of one row. */
  FIELDS {
    @Override
    public void write(Table table, Writer out) throws IOException {
      int width =
          table.columns().stream().mapToInt(column -> column.heading().length()).max().orElse(0);
      for (List<@Nullable Object> row : table.rows()) {
        for (int c = 0; c < row.size(); c++) {
          Table.Column column = table.columns().get(c);
          out.write(padded(column.heading(), width, false) + "  " + column.show(row.get(c)) + "\n");
        }
      }
    }
  },

  /** A Markdown table. */
  MARKDOWN {
    @Override
    public void write(Table table, Writer out) throws IOException {
      List<List<String>> lines =
          withHeadings(table).stream()
              .map(line -> line.stream().map(cell -> cell.replace("|", "\\|")).toList())
              .toList();
      int[] widths = widths(lines);
      for (int l = 0; l < lines.size(); l++) {
        out.write("| " + aligned(table, lines.get(l), widths, " | ") + " |\n");
        if (l == 0) {
          StringBuilder rule = new StringBuilder("|");
          for (int c = 0; c < widths.length; c++) {
            boolean number = table.columns().get(c).number();
            rule.append(' ').repeat('-', number ? widths[c] - 1 : widths[c]);
            rule.append(number ? ": |" : " |");
          }
          out.write(rule + "\n");
        }
      }
    }
  },

  /** Comma-separated values, a line with the headings first. */
  CSV {
    @Override
    public void write(Table table, Writer out) throws IOException {
      writeLine(table.columns().stream().map(Table.Column::key).toList(), out);
      for (List<@Nullable Object> row : table.rows()) {
        writeLine(row, out);
      }
    }

    private void writeLine(List<? extends @Nullable Object> row, Writer out) throws IOException {
      List<String> cells = new ArrayList<>();
      for (Object cell : row) {
        String text = cell == null ? "" : String.valueOf(cell);
        boolean plain = text.chars().noneMatch(ch -> ch == '"' || ch == ',' || ch < ' ');
        cells.add(plain ? text : '"' + text.replace("\"", "\"\"") + '"');
      }
      out.write(String.join(",", cells) + "\n");
    }
  },

  /** A JSON object on a line of its own for each row; what is no number in JSON is null. */
  JSON {
    @Override
    public void write(Table table, Writer out) throws IOException {
      JsonFactory json = new JsonFactory();
      for (List<@Nullable Object> row : table.rows()) {
        StringWriter line = new StringWriter();
        try (JsonGenerator object = json.createGenerator(line)) {
          object.writeStartObject();
          for (int c = 0; c < row.size(); c++) {
            object.writeFieldName(table.columns().get(c).key());
            writeCell(object, row.get(c));
          }
          object.writeEndObject();
        }
        out.write(line + "\n");
      }
    }
  };

  /** Writes a table; the writer is left open. */
  public abstract void write(Table table, Writer out) throws IOException;

  private static void writeCell(JsonGenerator object, @Nullable Object cell) throws IOException {
    switch (cell) {
      case Double number when !Double.isFinite(number) -> object.writeNull();
      case Float number when !Float.isFinite(number) -> object.writeNull();
      case Number number -> object.writeNumber(number.toString());
      case Boolean truth -> object.writeBoolean(truth);
      case null -> object.writeNull();
      default -> object.writeString(cell.toString());
    }
  }

  private static List<List<String>> withHeadings(Table table) {
    List<List<String>> lines = new ArrayList<>();
    lines.add(table.columns().stream().map(Table.Column::heading).toList());
    for (List<@Nullable Object> row : table.rows()) {
      List<String> line = new ArrayList<>();
      for (int c = 0; c < row.size(); c++) {
        line.add(table.columns().get(c).show(row.get(c)));
      }
      lines.add(line);
    }
    return lines;
  }

  private static int[] widths(List<List<String>> lines) {
    int[] widths = new int[lines.getFirst().size()];
    for (List<String> line : lines) {
      for (int c = 0; c < widths.length; c++) {
        widths[c] = Math.max(widths[c], line.get(c).length());
      }
    }
    return widths;
  }

  private static String aligned(Table table, List<String> line, int[] widths, String between) {
    List<String> cells = new ArrayList<>();
    for (int c = 0; c < widths.length; c++) {
      cells.add(padded(line.get(c), widths[c], table.columns().get(c).number()));
    }
    return String.join(between, cells);
  }

  private static String padded(String text, int width, boolean right) {
    String blanks = " ".repeat(width - text.length());
    return right ? blanks + text : text + blanks;
  }
}
