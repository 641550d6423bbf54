package org.xlstm4j.cli.serve.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class ExchangeTest {
  @Test
  void anAnswerTakesRoomUntilTheEnd() throws ApiException {
    Exchange exchange = TestExchange.withRoom(100_000);
    exchange.hold(90_000);
    ApiException refused =
        assertThrows(
            ApiException.class, () -> exchange.json(json -> json.writeString("x".repeat(20_000))));
    assertEquals(503, refused.status());
    exchange.end();
    exchange.hold(100_000);
    assertThrows(ApiException.class, () -> exchange.hold(1));
  }
}
