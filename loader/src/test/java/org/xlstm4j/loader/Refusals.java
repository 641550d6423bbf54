package org.xlstm4j.loader;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.function.Executable;
import org.xlstm4j.loader.files.ModelFormatException;

/** Assertions on refusals. */
public final class Refusals {
  private Refusals() {}

  /** The action is refused in one line that contains all the parts. */
  @SuppressWarnings("exports") // a test's own
  public static void assertRefused(Executable action, String... parts) {
    String message = assertThrows(ModelFormatException.class, action).getMessage();
    assertFalse(message.contains("\n"), message);
    assertTrue(message.contains(": expected ") && message.contains(", found "), message);
    for (String part : parts) {
      assertTrue(message.contains(part), message);
    }
  }
}
