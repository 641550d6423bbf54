package org.xlstm4j.cli.serve.http;

import java.lang.reflect.Proxy;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;

/** Requests that came from nowhere, and whose clients stay there. */
public final class TestExchange {
  private TestExchange() {}

  /** A request without a connection. */
  public static Exchange create() {
    return withRoom(1);
  }

  /** A request without a connection, whose answer may have some bytes. */
  static Exchange withRoom(long bytes) {
    return new Exchange(
        fake(Request.class),
        fake(Response.class),
        HttpLimits.usual(),
        new ByteBudget(1, "requests"),
        new ByteBudget(bytes, "answers"));
  }

  /** Has fakes where the methods give interfaces, and nothing otherwise. */
  private static <T> T fake(Class<T> type) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (_, method, _) ->
                method.getReturnType().isInterface() ? fake(method.getReturnType()) : null));
  }
}
