package org.xlstm4j.loader.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xlstm4j.loader.Refusals.assertRefused;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xlstm4j.loader.files.ModelFormatException;

/** The rules that hold for every file in JSON. */
class JsonCursorTest {
  private static JsonCursor at(String text) throws ModelFormatException {
    JsonCursor json = new JsonCursor(Path.of("x.json"), text.getBytes(UTF_8));
    json.start();
    return json;
  }

  private static void skipAll(String text) throws ModelFormatException {
    JsonCursor json = at(text);
    json.skip();
    json.requireEnd();
  }

  @Test
  void nestingIsBounded() throws ModelFormatException {
    int deepest = JsonScanner.DEEPEST;
    skipAll("[".repeat(deepest) + "]".repeat(deepest));
    assertRefused(
        () -> skipAll("[".repeat(deepest + 1) + "]".repeat(deepest + 1)), "a depth of 64");
    assertRefused(() -> skipAll("{\"a\":".repeat(1_000_000)), "a depth of 64");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\":1,\"a\":2}",
        "{\"a\":1,\"b\":2,\"\\u0061\":3}",
        "[{\"b\":{\"c\":[{\"a\":1,\"a\":1}]}}]",
      })
  void aKeyIsThereOnceAlsoInWhatIsSkipped(String text) {
    assertRefused(() -> skipAll(text), "/a: expected each key once", "duplicate");
  }

  @Test
  void theSameKeyMayBeInSeveralObjects() throws ModelFormatException {
    skipAll("{\"a\":{\"a\":1},\"b\":{\"a\":[{\"a\":1},{\"a\":1}]}}");
  }

  @Test
  void keysAndNumbersAreBounded() throws ModelFormatException {
    skipAll("{\"" + "k".repeat(1 << 16) + "\":" + "1".repeat(1000) + "}");
    assertRefused(() -> skipAll("{\"" + "k".repeat((1 << 16) + 1) + "\":1}"), "a key longer");
    assertRefused(() -> at("1".repeat(1001)), "a number longer");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "-0, 0",
    "9223372036854775807, 9223372036854775807",
    "-9223372036854775808, -9223372036854775808"
  })
  void wholeNumbersAreThoseOfALong(String text, long value) throws ModelFormatException {
    assertEquals(OptionalLong.of(value), at(text).whole());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"9223372036854775808", "1.0", "1e0", "NaN", "\"1\"", "true", "null", "[1]"})
  void otherValuesAreNoWholeNumbers(String text) throws ModelFormatException {
    assertEquals(OptionalLong.empty(), at(text).whole());
  }

  @ParameterizedTest
  @ValueSource(strings = {"NaN", "Infinity", "-Infinity", "1e400", "-0.0", "1e-06", "12"})
  void numbersAreThoseOfADoubleAndWhatPythonWrites(String text) throws ModelFormatException {
    assertEquals(Double.parseDouble(text), at(text).number());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"+1", "-NaN", "+Infinity", "INF", "nan", "infinity", "01", ".5", "1.", "0x1"})
  void otherNumbersAreRefused(String text) {
    assertRefused(() -> skipAll(text), "valid JSON");
  }

  @Test
  void malformedTextIsNamedByLineAndColumn() {
    assertRefused(() -> skipAll("{\"a\": \"x\\ny\",\n \"b\": [1,\r\n  ?]}"), "line 3 column 3: ");
    assertRefused(() -> skipAll("[1"), "line 1 column 3: ", "the end of the file");
  }

  @Test
  void textsAndKeysAreWellFormed() throws ModelFormatException {
    assertEquals("\ud83d\ude00\n", at("\"\\ud83d\\ude00\\n\"").string());
    assertRefused(() -> at("\"\\ud83d\"").string(), "surrogate");
    assertRefused(() -> skipAll("{\"\\ude00\":1}"), "surrogate");
    assertRefused(() -> new JsonCursor(Path.of("x.json"), new byte[] {'"', -1, '"'}), "UTF-8");
  }

  @Test
  void whatFollowsTheValueIsRefused() {
    assertRefused(() -> skipAll("{} {}"), "nothing after");
    assertRefused(() -> skipAll("{}x"), "nothing after");
  }

  @Test
  void goesThroughAnObjectInOrder() throws ModelFormatException {
    JsonCursor json = at("{\"a\":[true,null],\"b\":{\"c\":1},\"d\":\"e\"}");
    json.enterObject();
    HashSet<String> seen = new HashSet<>();
    assertEquals("a", json.nextKey(seen));
    json.enterArray();
    assertTrue(json.nextElement() && json.booleanValue());
    assertTrue(json.nextElement() && json.isNull());
    assertTrue(!json.nextElement());
    assertEquals("b", json.nextKey(seen));
    json.skip();
    assertEquals("d", json.nextKey(seen));
    assertEquals("e", json.string());
    assertEquals(null, json.nextKey(seen));
    json.requireEnd();
    assertEquals(3, seen.size());
  }
}
