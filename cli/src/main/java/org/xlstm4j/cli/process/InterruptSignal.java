package org.xlstm4j.cli.process;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/**
 * The interrupt from the keyboard, for a program that does not want to end by it.
 *
 * <p>By {@code sun.misc.Signal}, the JDK's only way, and by reflection, since the compiler warns of
 * its name. Where a JVM has no such thing, an interrupt ends the program.
 */
public final class InterruptSignal {
  private static final String NAME = "INT";

  private InterruptSignal() {}

  /**
   * Has an interrupt do something instead of ending the program.
   *
   * @param action runs in a thread of its own for each interrupt
   */
  public static void handle(Runnable action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object doing =
          Proxy.newProxyInstance(
              handler.getClassLoader(),
              new Class<?>[] {handler},
              (proxy, method, arguments) ->
                  switch (method.getName()) {
                    case "equals" -> proxy == arguments[0];
                    case "hashCode" -> System.identityHashCode(proxy);
                    case "toString" -> InterruptSignal.class.getName();
                    default -> {
                      action.run();
                      yield null;
                    }
                  });
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance(NAME), doing);
    } catch (InvocationTargetException e) {
      // signals are not the program's, as with -Xrs
    } catch (ReflectiveOperationException e) {
      // a JVM without them
    }
  }
}
