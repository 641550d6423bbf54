package org.xlstm4j.cli.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.StringWriter;
import java.io.Writer;
import org.junit.jupiter.api.Test;

class PrintableWriterTest {
  @Test
  void controlCharactersAreShownAndNotObeyed() throws IOException {
    StringWriter terminal = new StringWriter();
    try (Writer out = new PrintableWriter(terminal)) {
      out.write("\u001b[2J\u009b1m, a\tb\n");
      out.write("..\u0007\r..", 1, 4);
      out.write(0x7f);
      out.write(new char[] {'\b', '\n'});
      out.write("\u00e9 \ud83d\udc69\u200d\ud83d\udc67\n");
    }
    assertEquals(
        "?[2J?1m, a\tb\n" + ".??." + "?" + "?\n" + "\u00e9 \ud83d\udc69\u200d\ud83d\udc67\n",
        terminal.toString());
  }
}
