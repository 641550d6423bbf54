package org.xlstm4j.loader.config;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xlstm4j.loader.Refusals.assertRefused;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigTest {
  @TempDir Path folder;

  private Config json(String text) throws IOException {
    return Config.read(Files.writeString(folder.resolve("config.json"), text));
  }

  private Config yaml(String text) throws IOException {
    return Config.read(Files.writeString(folder.resolve("config.yaml"), text));
  }

  private static void assertValues(Config config) throws IOException {
    assertEquals(List.of("a", "b", "dotted.name", "list", "off"), List.copyOf(config.keys()));
    assertEquals(3, config.integer("a", 0, 10));
    assertEquals(3.0, config.number("a"));
    assertEquals(1e-6, config.number("b.eps"));
    assertEquals("x y", config.text("b.inner.name"));
    assertEquals("x y", config.child("b").child("inner").text("name"));
    assertTrue(config.bool("b.inner.yes"));
    assertEquals(7, config.integer("dotted.name", 0, 10));
    assertArrayEquals(new int[] {1, 2}, config.integers("list", 0, 2));
    assertArrayEquals(new double[] {1, 2}, config.numbers("list"));
    assertFalse(config.has("off"));
    assertEquals(Config.Kind.NULL, config.kind("off"));
    assertTrue(config.isNull("off"));
    assertFalse(config.isNull("missing"));
    assertEquals(Config.Kind.ABSENT, config.kind("missing.too"));
    assertEquals(Config.Kind.OBJECT, config.kind("b"));
    assertEquals(Config.Kind.LIST, config.kind("list"));
    assertEquals(Config.Kind.NUMBER, config.kind("b.eps"));
    assertEquals(Config.Kind.TEXT, config.kind("b.inner.name"));
    assertEquals(Config.Kind.BOOL, config.kind("b.inner.yes"));
    assertEquals(5, config.integerOr("off", 5, 0, 1));
    assertEquals(0.5, config.numberOr("missing", 0.5));
    assertEquals("z", config.textOr("missing", "z"));
    assertTrue(config.boolOr("missing", true));
    assertTrue(config.childOrEmpty("missing").keys().isEmpty());
    assertEquals(List.of("u", "v"), config.child("b").texts("names"));
    assertEquals(9, config.children("b.items").get(1).integer("n", 0, 9));
  }

  @Test
  void readsJson() throws IOException {
    assertValues(
        json(
            """
            {"a": 3,
             "b": {"eps": 1e-06, "inner": {"name": "x y", "yes": true}, "names": ["u", "v"],
                   "items": [{}, {"n": 9}]},
             "dotted.name": 7, "list": [1, 2], "off": null}
            """));
  }

  @Test
  void readsYaml() throws IOException {
    assertValues(
        yaml(
            """
            # as the official code writes it
            a: 3
            b:
              eps: 1e-06
              inner: {name: x y, yes: true}
              names: ["u", 'v']
              items:
                - {}
                - n: 9
            dotted.name: 7
            list: [1, 2]
            off: null
            """));
  }

  @Test
  void resolvesYamlScalars() throws IOException {
    Config config =
        yaml(
            """
            text: "1"
            block: |
              two
              lines
            octal: 010
            plus: +5
            point: .5
            huge: 99999999999999999999
            infinite: -.inf
            nan: .nan
            empty:
            tilde: ~
            word: yes
            True: True
            """);
    assertEquals("1", config.text("text"));
    assertEquals("two\nlines\n", config.text("block"));
    assertEquals(10, config.integer("octal", 0, 10));
    assertEquals(5, config.integer("plus", 0, 10));
    assertEquals(0.5, config.number("point"));
    assertEquals(1e20, config.number("huge"));
    assertRefused(() -> config.number("infinite"), "finite", "-Infinity");
    assertRefused(() -> config.number("nan"), "finite", "NaN");
    assertFalse(config.has("empty") || config.has("tilde"));
    assertEquals("yes", config.text("word"));
    assertTrue(config.bool("True"));
  }

  @Test
  void errorsNameFilePathExpectedAndFound() throws IOException {
    Config config = json("{\"m\":{\"heads\":0,\"l\":[1,\"x\",{\"y\":{}}],\"o\":{\"z\":1.5}}}");
    assertRefused(
        () -> config.integer("m.heads", 1, 64),
        "config.json: m.heads: expected a whole number from 1 to 64, found 0");
    assertRefused(() -> config.child("m").integer("none", 1, 2), "m.none: ", "found nothing");
    assertRefused(() -> config.integers("m.l", 0, 9), "m.l[1]: ", "found \"x\"");
    assertRefused(() -> config.children("m.l"), "m.l[0]: expected an object, found 1");
    assertRefused(() -> config.integer("m.o.z", 0, 9), "found 1.5");
    assertRefused(() -> config.text("m.o"), "an object of 1 fields");
    assertRefused(() -> config.bool("m.l"), "a list of 3");
    assertRefused(() -> config.number("m.l"), "finite number");
    assertRefused(() -> config.texts("m"), "a list");
    assertRefused(() -> config.child("m.l"), "an object");
    assertEquals(
        folder.resolve("config.json") + ": m.heads: expected a divisor of 8, found 0",
        config.child("m").error("heads", "0", "a divisor of 8").getMessage());
  }

  @Test
  void integersDoNotWrapOrRound() throws IOException {
    Config config =
        json(
            "{\"a\":4294967297,\"b\":9223372036854775808,\"c\":3.0,\"d\":1e400,\"e\":-1,\"f\":true}");
    for (String key : config.keys()) {
      assertRefused(() -> config.integer(key, 0, Integer.MAX_VALUE), key + ": ");
    }
    assertEquals(0x1p63, config.number("b"));
    assertRefused(() -> config.number("d"), "Infinity");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "[]",
        "1",
        "null",
        "\"a\"",
        "{",
        "{\"a\":}",
        "{\"a\":1,}",
        "{\"a\":1,\"a\":2}",
        "{}{}",
        "{'a':1}",
        "{a:1}",
        "{\"a\":01}",
        "{\"a\":\"\n\"}",
        "{\"a\":[1,2}",
        "{}/**/",
        "\ufeff{}",
        "{\"a\":\"\\x\"}"
      })
  void refusesMalformedJson(String text) {
    assertRefused(() -> json(text), "config.json: ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "---",
        "a",
        "[a]",
        "a: b: c",
        "a: 1\na: 2",
        "a: 1\n---\nb: 2",
        "a: &x 1\nb: *x",
        "a: !!python/object:os.system x",
        "!!map {a: 1}",
        "a: !x [1]",
        "? [a]\n: 1",
        "a: [1",
        "a: \"x",
        "\ta: 1",
        "a: @",
        "*x",
        "%YAML 3.0\n---\na: 1",
        "a: \u0000",
        "a: 1\n b: 2",
        "!!str a: 1"
      })
  void refusesMalformedYaml(String text) {
    assertRefused(() -> yaml(text), "config.yaml: ");
  }

  @Test
  void refusesMalformedUtf8() throws IOException {
    byte[] bytes = "{\"a\": \"?\"}".getBytes(StandardCharsets.UTF_8);
    bytes[7] = (byte) 0xff;
    Path json = Files.write(folder.resolve("config.json"), bytes);
    assertRefused(() -> Config.read(json), "UTF-8");
    Path yaml = Files.write(folder.resolve("config.yaml"), bytes);
    assertRefused(() -> Config.read(yaml), "UTF-8");
    byte[] long1 = Arrays.copyOf(" ".repeat(100_000).getBytes(StandardCharsets.UTF_8), 100_001);
    long1[100_000] = (byte) 0xff;
    assertRefused(() -> Config.read(Files.write(yaml, long1)), "UTF-8");
  }

  @Test
  void deepNestingIsNoStackOverflow() {
    assertRefused(() -> json("{\"a\":" + "[".repeat(1_000_000)), "epth");
    assertRefused(() -> json("{\"a\":".repeat(1_000_000)), "epth");
    assertRefused(() -> yaml("a: " + "[".repeat(100_000)), "nesting");
    assertRefused(() -> yaml("a: " + "{b: ".repeat(100_000)), "nesting");
    assertRefused(() -> yaml("a:\n " + "- ".repeat(100_000)), "nesting");
  }

  @Test
  void refusesWhatIsTooLong() throws IOException {
    Path file = folder.resolve("config.json");
    Files.writeString(file, "{}" + " ".repeat((int) Config.MAX_BYTES));
    assertRefused(() -> Config.read(file), "at most 16000000 bytes");
  }

  @Test
  void findsTheFileInAFolder() throws IOException {
    assertRefused(() -> Config.ofFolder(folder), "config.json or config.yaml");
    Files.writeString(folder.resolve("config.yml"), "a: 3");
    assertEquals(3, Config.ofFolder(folder).integer("a", 0, 3));
    Files.writeString(folder.resolve("config.yaml"), "a: 2");
    assertEquals(2, Config.ofFolder(folder).integer("a", 0, 3));
    Files.writeString(folder.resolve("config.json"), "{\"a\": 1}");
    assertEquals(1, Config.ofFolder(folder).integer("a", 0, 3));
    assertRefused(() -> Config.read(folder), "a folder");
    assertRefused(() -> Config.read(folder.resolve("x.json")), "no such file");
  }

  @Test
  void changesLeaveTheOriginalAlone() throws IOException {
    Config config = json("{\"a\":1,\"b\":{\"c\":2}}");
    Config changed =
        config
            .with("a", "x")
            .with("q", Map.of("type", "q8"))
            .with("n", null)
            .with("b", config.child("b").with("d.e", List.of(1, 2L, 0.5f, 0.25, false)))
            .without("none");
    assertEquals(
        """
        {
          "a" : "x",
          "b" : {
            "c" : 2,
            "d.e" : [ 1, 2, 0.5, 0.25, false ]
          },
          "q" : {
            "type" : "q8"
          },
          "n" : null
        }
        """,
        changed.toJson());
    assertEquals(changed.toJson(), json(changed.toJson()).toJson());
    assertEquals(1, config.integer("a", 0, 1));
    assertEquals(List.of("b"), List.copyOf(config.without("a").keys()));
    assertThrows(IllegalArgumentException.class, () -> config.with("a", new Object()));
  }
}
