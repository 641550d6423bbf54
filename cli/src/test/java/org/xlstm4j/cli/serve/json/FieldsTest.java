package org.xlstm4j.cli.serve.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FieldsTest {
  private static byte[] list(String element, int count) {
    String elements = (element + ",").repeat(count);
    return ("{\"x\":[" + elements.substring(0, elements.length() - 1) + "]}").getBytes(UTF_8);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"a\":null}", "[]", "\"a\"", "0", "true"})
  void valuesAreBounded(String element) throws JsonException {
    byte[] few = list(element, 30_000);
    assertTrue(Fields.read(few).has("x"));
    byte[] many = list(element, 66_000);
    JsonException refused = assertThrows(JsonException.class, () -> Fields.read(many));
    assertTrue(refused.getMessage().contains("65536 values"), refused.getMessage());
  }

  @Test
  void listsOfNumbersMayBeLonger() throws JsonException {
    Object numbers = Fields.read(list("1", 70_000), List.of("x")).value("x");
    assertEquals(70_000, ((double[]) numbers).length);
  }
}
