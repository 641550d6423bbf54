package org.xlstm4j.cli.output;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class TableFormatTest {
  @Test
  void controlCharactersDoNotReachTheTerminal() throws IOException {
    Table table =
        new Table(Table.Column.named("na\u001b[2Jme"), Table.Column.number("count", "%d"));
    table.row("\u001b]0;title\u0007 \u009bm", 3);
    StringWriter lines = new StringWriter();
    TableFormat.TEXT.write(table, lines);
    StringWriter fields = new StringWriter();
    TableFormat.FIELDS.write(table, fields);
    for (String text : new String[] {lines.toString(), fields.toString()}) {
      assertTrue(text.contains("title"), text);
      assertEquals(0, text.chars().filter(c -> c != '\n' && Character.isISOControl(c)).count());
    }
  }
}
