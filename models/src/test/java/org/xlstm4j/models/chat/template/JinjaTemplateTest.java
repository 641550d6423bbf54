package org.xlstm4j.models.chat.template;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xlstm4j.loader.config.Config;
import org.xlstm4j.models.chat.ChatFixtures;

@Tag("slow")
class JinjaTemplateTest {
  private static final Clock NOON =
      Clock.fixed(Instant.parse("2024-05-01T12:34:56.5Z"), ZoneOffset.UTC);

  private static MarkedText render(String template, Map<String, TemplateValue> variables) {
    return JinjaTemplate.parse(template).render(variables, NOON, 0);
  }

  private static String render(String template) {
    return render(template, Map.of()).text();
  }

  /** The variables that a dictionary in the template language has. */
  private static Map<String, TemplateValue> variables(String dictionary) {
    Map<String, TemplateValue> variables = new HashMap<>();
    TemplateValue.Callable take =
        arguments -> {
          ((TemplateValue.Fields) arguments.get(0, "values"))
              .values()
              .forEach((name, value) -> variables.put(ValueOperations.text(name).text(), value));
          return TemplateValue.NONE;
        };
    render("{{ take(" + dictionary + ") }}", Map.of("take", take));
    return variables;
  }

  @Test
  void everyConstructGivesWhatTheOriginalGives() throws IOException {
    Config fixture = ChatFixtures.json("constructs.json");
    Map<String, TemplateValue> values = variables(fixture.text("values"));
    List<String> wrong = new ArrayList<>();
    for (Config one : fixture.children("cases")) {
      String template = one.text("template");
      String expected = one.isNull("text") ? null : one.text("text");
      String found;
      try {
        found = render(template, values).text();
      } catch (TemplateException e) {
        found = null;
        if (expected != null) {
          found = e.getMessage();
        }
      }
      boolean same = expected == null ? found == null : expected.equals(found);
      if (!same) {
        wrong.add(template + "\n  gives    " + found + "\n  expected " + expected);
      }
    }
    assertEquals(List.of(), wrong, String.join("\n", wrong));
  }

  @ParameterizedTest
  @CsvSource({
    "%d %b %Y,01 May 2024",
    "%Y-%m-%d %H:%M:%S,2024-05-01 12:34:56",
    "'%A, %B %-d, %I:%M %p','Wednesday, May 1, 12:34 PM'",
    "%a %e %y %j %%,'Wed  1 24 122 %'",
  })
  void timesAreWrittenAsInC(String format, String expected) {
    assertEquals(expected, render("{{ strftime_now('" + format + "') }}"));
  }

  @ParameterizedTest
  @CsvSource({
    "'a{{ 1 / 0 }}',1",
    "'\n\n{{ x.y.z }}',3",
    "'{% if x %}\n{% endif %}\n{{ raise_exception(\"no\") }}',3",
    "'\n{% for x in 5 %}{% endfor %}',2",
    "'\n{{ 1 +\n+ }}',3",
    "'\n\n{% nothing %}',3",
    "'{#\n\n#}{{ (\n1 / 0) }}',4",
  })
  void errorsTellTheirLine(String template, int line) {
    TemplateException refused = assertThrows(TemplateException.class, () -> render(template));
    assertEquals(line, refused.line(), refused.getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}",
        "{% set ns = namespace(x='x') %}{% for i in range(99) %}{% set ns.x = ns.x ~ ns.x %}{%"
            + " endfor %}",
        "{{ 'x' * 9000000000 }}",
        "{{ ['x'] * 900000000 }}",
        "{{ range(1000000000) }}",
        "{{ 'x'|indent(2000000000) }}",
        "{% macro f(x) %}{{ f(x) }}{% endmacro %}{{ f(1) }}",
        "{% macro f(x) %}{% for i in [1, 2] %}{{ f(x + 1) if x < 60 }}{% endfor %}{% endmacro %}{{"
            + " f(1) }}",
        "{% set ns = namespace(x=[]) %}{% for i in range(99) %}{% set ns.x = [ns.x, ns.x] %}{%"
            + " endfor %}",
        "{% set ns = namespace(x=[]) %}{% for i in range(45) %}{% set ns.x = [ns.x, ns.x] %}{%"
            + " endfor %}{{ ns.x }}",
        "{% set ns = namespace(x=[], y=[]) %}{% for i in range(45) %}{% set ns.x = [ns.x, ns.x]"
            + " %}{% set ns.y = [ns.y, ns.y] %}{% endfor %}{{ ns.x == ns.y }}",
        "{% set a = 'a' * 1000000 %}{% for i in range(100) %}{{ a.split('a')|length }}{% endfor %}",
        "{{ 9223372036854775807 + 1 }}",
        "{{ 10 ** 1000000000000 }}",
        "{{ range(99999)|join('x' * 10000) }}",
        "{% set h = namespace(x=namespace({'': 1})) %}{% for i in range(999) %}{% set h.x ="
            + " namespace({'': h.x}) %}{% endfor %}{{ ([h.x] * 50000)|map(attribute='.' * 999)"
            + "|list|length }}",
        "{% set a = 'a' * 1000000 %}{% for i in range(9999) %}{{ 'a'.split(a) }}{% endfor %}",
        "{{ ('a' * 6000000)|list|length }}",
        "{{ ([1] * 6000000)|length }}",
        "{% set u = {}['a' * 500000] %}{% for i in range(9999) %}{{ {1: 1}[u] }}{% endfor %}",
      })
  void whatWouldTakeTooMuchIsRefused(String template) {
    assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () -> assertThrows(TemplateException.class, () -> render(template)));
  }

  @Test
  void textsAreComparedUpToWhereTheyDiffer() {
    String loops = "{% for i in range(120) %}{% for j in range(120) %}";
    assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () ->
            render("{% set a = 'a' * 500000 %}" + loops + "{{ a < 'b' }}{% endfor %}{% endfor %}"));
    assertEquals("True", render("{{ '\\uffff' < '\\U0001f600' }}"));
    assertEquals("True", render("{{ 'a' < 'aa' }}"));
  }

  @Test
  void textsOfOneHashAreKeysOfSeveral() {
    Set<Integer> hashes = new HashSet<>();
    for (int i = 0; i < 1024; i++) {
      StringBuilder key = new StringBuilder();
      for (int bit = 0; bit < 10; bit++) {
        key.append((i >> bit & 1) == 0 ? "Aa" : "BB");
      }
      hashes.add(TemplateValue.of(key.toString()).hashCode());
      hashes.add(TemplateValue.of((i + 1L) << 32 | i + 1).hashCode());
    }
    assertTrue(hashes.size() > 2000, hashes.size() + " hashes");
  }

  @Test
  void slicesOfTextsCountCharacters() {
    assertEquals(
        "b\ud83d\ude00|\ud83d\ude00c||c",
        render("{% set a = 'b\ud83d\ude00c' %}{{ a[:2] }}|{{ a[1:] }}|{{ a[2:1] }}|{{ a[-1:9] }}"));
  }

  @Test
  void tokensAreBounded() {
    assertEquals("30000", render("{{ [" + "1,".repeat(30_000) + "]|length }}"));
    String template = "{{ [" + "1,".repeat(40_000) + "]|length }}";
    assertThrows(TemplateException.class, () -> JinjaTemplate.parse(template));
  }

  @Test
  void deepNestingIsRefused() {
    for (String[] part :
        new String[][] {
          {"(", ")"},
          {"[", "]"},
          {"not ", ""},
          {"-", ""},
          {"{1:", "}"},
          {"1 if 1 else ", ""},
          {"f(", ")"},
          {"a[", "]"}
        }) {
      String template = "{{ " + part[0].repeat(9999) + "1" + part[1].repeat(9999) + " }}";
      assertThrows(TemplateException.class, () -> JinjaTemplate.parse(template), part[0]);
    }
    String ifs = "{% if 1 %}".repeat(9999) + "{% endif %}".repeat(9999);
    assertThrows(TemplateException.class, () -> JinjaTemplate.parse(ifs));
    assertEquals("1", render("{{ " + "(".repeat(40) + "1" + ")".repeat(40) + " }}"));
    assertEquals("9999", render("{{ 1" + " + 1".repeat(9998) + " }}"));
    assertEquals("1", render("{{ '1'" + "|trim".repeat(9999) + " }}"));
    assertEquals(
        "2", render("{% if 0 %}" + "{% elif 0 %}".repeat(9999) + "{% else %}2{% endif %}"));
  }

  @Test
  void randomTemplatesGiveATextOrTheOneException() throws IOException {
    String[] parts =
        (ChatFixtures.text("templates/thinking.jinja")
                + ChatFixtures.text("templates/whitespace.jinja")
                + " | map('trim') | selectattr(0) ** // 'x' \" \\ is in not 1e5 .5 -%} -}} {{- loop"
                + " | sort(attribute='x') [::-1] namespace range(3) tojson(indent=9) \u0000 \ud800")
            .split("(?<=\\W)|(?=\\W)", -1);
    Random random = new Random(7);
    int texts = 0;
    for (int i = 0; i < 20_000; i++) {
      StringBuilder template = new StringBuilder(random.nextBoolean() ? "{{ " : "{% ");
      int length = random.nextInt(24);
      for (int j = 0; j < length; j++) {
        template.append(
            random.nextInt(20) == 0
                ? Character.toString(random.nextInt(256))
                : parts[random.nextInt(parts.length)]);
      }
      template.append(random.nextBoolean() ? " }}" : " %}");
      try {
        render(template.toString());
        texts++;
      } catch (TemplateException e) {
        assertTrue(e.getMessage() != null && !e.getMessage().isEmpty());
      }
    }
    assertTrue(texts > 50, texts + " texts");
  }

  @Test
  void damagedTemplatesGiveATextOrTheOneException() throws IOException {
    Random random = new Random(8);
    Map<String, TemplateValue> variables =
        Map.of("messages", TemplateValue.list(List.of()), "bos_token", TemplateValue.of("<s>"));
    for (String name : List.of("thinking", "headers", "loops", "whitespace", "sections")) {
      String template = ChatFixtures.text("templates/" + name + ".jinja");
      for (int i = 0; i < 1000; i++) {
        StringBuilder damaged = new StringBuilder(template);
        for (int j = random.nextInt(3); j >= 0; j--) {
          int at = random.nextInt(damaged.length());
          int end = Math.min(damaged.length(), at + random.nextInt(8));
          damaged.replace(at, end, template.substring(at / 2, at / 2 + random.nextInt(6)));
        }
        try {
          render(damaged.toString(), variables);
        } catch (TemplateException e) {
          assertTrue(e.getMessage() != null);
        }
      }
    }
  }

  /** Whatever is done to a foreign text, its characters stay foreign. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "x{{ c }}x",
        "{{ 'x' + c + 'x' }}",
        "{{ 'x' ~ c }}{{ 'x' }}",
        "{{ c|trim|upper|lower|title|capitalize }}",
        "{{ c.strip().upper().title().lower() }}",
        "{{ c[2:] }}{{ c[0] }}{{ c[::-1] }}{{ c|first }}{{ c|last }}",
        "{{ c.split('b')|join('x') }}",
        "{{ c.split() }}",
        "{{ c.splitlines()[0] }}",
        "{{ c|replace('b', 'x') }}{{ 'xbx'|replace('b', c) }}{{ c.replace('c', c) }}",
        "{{ 'x'.join([c, c]) }}{{ c.join(['x', 'x']) }}{{ [c, 'x']|join(c) }}",
        "{{ [c] }}{{ {'x': c} }}{{ {c: 'x'} }}{{ (c,) }}",
        "{{ c|tojson }}{{ [c]|tojson(indent=2) }}{{ {c: c}|tojson }}",
        "{{ c|indent }}{{ c|reverse }}{{ c|list|join }}{{ c|string|safe }}",
        "{% for a in c %}{{ a }}x{% endfor %}",
        "{% set x %}x{{ c }}{% endset %}{{ x }}",
        "{% macro f(x) %}x{{ x }}{% endmacro %}{{ f(c) }}{{ f(f(c)) }}",
        "{% filter upper %}x{{ c }}{% endfilter %}",
        "{% set n = namespace(x=c) %}{% set n.x = n.x + 'x' + n.x %}{{ n.x }}",
        "{{ [{'a': c}]|map(attribute='a')|join }}{{ [c]|map('upper')|first }}{{ [c]|sort|first }}",
        "{{ c * 3 }}{{ c if c else 'x' }}{{ c or 'x' }}{{ x|default(c) }}",
        "{% for k, v in {c: c}.items() %}{{ k }}{{ v }}{% endfor %}{{ dict(a=c).a }}",
        "{{ strftime_now(c) }}{{ 'x\nx'|indent(c) }}",
        "{{ c.removeprefix('a') }}{{ c.rsplit('b', 1) }}",
      })
  void whatAMessageSaysStaysForeign(String template) {
    String letters = "aB\nc\u00e9 \"'\\D";
    MarkedText text = render(template, Map.of("c", TemplateValue.of(MarkedText.foreign(letters))));
    BitSet foreign = text.foreignCharacters();
    String own = "x'\"\\[](){}:, \n";
    int found = 0;
    for (int i = 0; i < text.length(); i++) {
      char character = text.text().charAt(i);
      boolean isOwn = own.indexOf(Character.toLowerCase(character)) >= 0;
      if (!isOwn) {
        // an escape's letter is of the text that it stands in
        found++;
        assertTrue(foreign.get(i), text + " at " + i);
      } else if (Character.toLowerCase(character) == 'x') {
        assertTrue(!foreign.get(i), text + " at " + i);
      }
    }
    assertTrue(found > 0, text.text());
  }

  @Test
  void listsAndDictionariesCannotBeChanged() {
    for (String change : List.of("[1].append(2)", "{}.update({})", "[1].pop()", "{}.pop('x')")) {
      assertThrows(TemplateException.class, () -> render("{{ " + change + " }}"), change);
    }
  }
}
