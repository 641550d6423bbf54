package org.xlstm4j.cli.terminal;

import java.io.BufferedInputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FilterInputStream;
import java.io.IOException;

/** The process's standard input. Unlike {@link System#in} it says so when it cannot be read. */
public final class ProcessInput extends FilterInputStream {
  ProcessInput() {
    super(new BufferedInputStream(new FileInputStream(FileDescriptor.in)));
  }

  @Override
  public int read() throws IOException {
    try {
      return super.read();
    } catch (IOException e) {
      throw failure(e);
    }
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    try {
      return super.read(bytes, offset, length);
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private static IOException failure(IOException cause) {
    return new IOException("standard input: " + cause.getMessage(), cause);
  }
}
