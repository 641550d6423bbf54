package org.xlstm4j.cli.terminal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedWriter;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.Writer;

/**
 * Where a command reads and writes. All text is UTF-8, whatever the locale.
 *
 * @param in the input
 * @param out takes results only; buffered, flushed when a command ends
 * @param err takes progress, timings, warnings and errors
 * @param progress whether a person watches {@code err}, so that progress is worth drawing
 */
public record Terminal(InputStream in, Writer out, PrintStream err, boolean progress) {
  /** The streams of this process. The launcher tells by properties which of them a person sees. */
  public static Terminal ofProcess() {
    Writer out = new OutputStreamWriter(new StandardOutput(), UTF_8);
    return new Terminal(
        new ProcessInput(),
        new BufferedWriter(Boolean.getBoolean("xlstm.terminal") ? new PrintableWriter(out) : out),
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, UTF_8),
        Boolean.getBoolean("xlstm.progress"));
  }
}
