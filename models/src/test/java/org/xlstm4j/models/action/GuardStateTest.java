package org.xlstm4j.models.action;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The whole table of transitions. */
class GuardStateTest {
  @ParameterizedTest
  @CsvSource({
    "IDLE, RUNNING, HELD, STOPPED, IDLE",
    "RUNNING, RUNNING, HELD, STOPPED, IDLE",
    "HELD, RUNNING, HELD, STOPPED, IDLE",
    "STOPPED, STOPPED, STOPPED, STOPPED, IDLE"
  })
  void transitionsAreThoseOfTheTable(
      GuardState from, GuardState acted, GuardState replaced, GuardState stop, GuardState reset) {
    assertEquals(acted, from.after(GuardState.Event.ACTED));
    assertEquals(replaced, from.after(GuardState.Event.REPLACED));
    assertEquals(stop, from.after(GuardState.Event.STOP));
    assertEquals(reset, from.after(GuardState.Event.RESET));
    assertEquals(4, GuardState.Event.values().length);
  }
}
