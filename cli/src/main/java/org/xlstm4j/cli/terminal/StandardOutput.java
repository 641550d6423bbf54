package org.xlstm4j.cli.terminal;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/**
 * The process's standard output. Unlike {@link System#out} it reports what the system refuses to
 * write, so that a full disk is an error and a closed pipe ends the work.
 */
public final class StandardOutput extends OutputStream {
  private final OutputStream file = new FileOutputStream(FileDescriptor.out);

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    try {
      file.write(bytes, offset, length);
    } catch (IOException e) {
      if ("Broken pipe".equals(e.getMessage())) {
        throw new ClosedOutputException(e);
      }
      throw new IOException("standard output: " + e.getMessage(), e);
    }
  }
}
