package org.xlstm4j.reliability.serving;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;

/** A client that sends what it is given, and takes what comes until the server closes. */
final class RawClient {
  private static final int BUFFER = 8192;

  private RawClient() {}

  /** Whether more is sent behind some bytes. */
  enum Then {
    /** Nothing more, which the server learns. */
    END,
    /** Perhaps more, for all that the server knows. */
    WAIT
  }

  /**
   * Sends bytes on a connection of their own.
   *
   * @param sent what to send
   * @param then what comes behind it
   * @return what the server answered before it closed the connection
   * @throws ConnectException if nobody listens
   * @throws IllegalStateException if it does neither in time
   */
  static byte[] ask(InetSocketAddress server, byte[] sent, Then then) throws IOException {
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    try (Socket socket = new Socket()) {
      socket.setSoLinger(true, 0); // leaves no port behind
      socket.setSoTimeout((int) SmallServer.PATIENCE.toMillis());
      socket.connect(server);
      socket.getOutputStream().write(sent);
      if (then == Then.END) {
        socket.shutdownOutput();
      }
      InputStream in = socket.getInputStream();
      byte[] part = new byte[BUFFER];
      for (int count = in.read(part); count >= 0; count = in.read(part)) {
        answer.write(part, 0, count);
      }
    } catch (SocketTimeoutException e) {
      throw new IllegalStateException(
          new String(sent, ISO_8859_1)
              + " and then "
              + then
              + ": neither answered nor closed, but "
              + answer.toString(ISO_8859_1),
          e);
    } catch (ConnectException e) {
      throw e;
    } catch (SocketException e) {
      // it closed with bytes of ours unread
    }
    return answer.toByteArray();
  }
}
