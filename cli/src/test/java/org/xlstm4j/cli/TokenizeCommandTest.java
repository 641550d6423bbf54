package org.xlstm4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.xlstm4j.cli.process.ExitStatus;

class TokenizeCommandTest {
  private static final String NEOX =
      Outcome.golden("tokenizer", "gpt-neox-20b.tokenizer.json").toString();

  private static Outcome tokenize(String input, String... more) {
    String[] arguments = new String[more.length + 3];
    arguments[0] = "tokenize";
    arguments[1] = "-m";
    arguments[2] = NEOX;
    System.arraycopy(more, 0, arguments, 3, more.length);
    return Outcome.ofInput(input, arguments);
  }

  @Test
  void aTextIsShownAsIdsAndPieces() {
    String out = tokenize("", "-p", "Hello world").assertDone().out();
    assertEquals(
        " id  piece\n12092  \"Hello\"\n1533  \" world\"\n".strip().lines().count(),
        out.lines().count());
    assertTrue(out.contains("12092  \"Hello\""), out);
    assertTrue(out.contains("1533  \" world\""), out);
  }

  @Test
  void linesOfJsonBecomeArraysOfIdsAndBack() {
    String texts = "\"Hello world\"\n\"\"\n\"caf\\u00e9 \\ud83d\\ude00\\n\"\n";
    String ids = tokenize(texts, "--jsonl").assertDone().out();
    assertEquals("[12092, 1533]", ids.lines().findFirst().orElse(""));
    assertEquals("[]", ids.lines().skip(1).findFirst().orElse(""));
    assertEquals(
        "\"Hello world\"\n\"\"\n\"caf\u00e9 \ud83d\ude00\\n\"\n",
        tokenize(ids, "--jsonl", "--decode").assertDone().out());
  }

  @Test
  void idsBecomeText() {
    assertEquals("Hello world\n", tokenize("", "--decode", "-p", "[12092, 1533]").out());
    assertEquals("Hello world\n", tokenize("", "--decode", "-p", "12092 1533").out());
    tokenize("", "--decode", "-p", "99999999").assertWrongUsage("99999999");
  }

  @Test
  void aModelFolderHoldsItsTokenizer() {
    Outcome outcome = Outcome.of("tokenize", "-m", "xlstm-large-mini", "-p", "It was");
    assertTrue(outcome.assertDone().out().contains("835"), outcome.out());
  }

  @Test
  void aBrokenLineIsNamedByItsNumber() {
    Outcome failed = tokenize("\"good\"\n\"no end\n", "--jsonl");
    assertEquals(ExitStatus.FAILED, failed.status());
    assertEquals(1, failed.out().lines().count());
    assertEquals(1, failed.err().lines().count());
    assertTrue(failed.err().contains("line 2"), failed.err());
    tokenize("7\n", "--jsonl").assertFailed("line 1", "expected a JSON string");
    tokenize("\"a\" \"b\"\n", "--jsonl").assertFailed("line 1");
    tokenize("[1, \"b\"]\n", "--jsonl", "--decode").assertFailed("line 1", "expected an id");
    tokenize("[-1]\n", "--jsonl", "--decode").assertFailed("line 1", "-1");
    tokenize("[99999999999]\n", "--jsonl", "--decode").assertFailed("line 1", "99999999999");
  }

  @Test
  void standardInputIsTakenAsItIs() {
    assertEquals(
        tokenize("", "-p", "Hello world\n\n").assertDone(),
        tokenize("Hello world\n\n", "-p", "-").assertDone());
    assertEquals("Hello world\n", tokenize("12092 1533\n", "--decode", "-p", "-").out());
  }

  @Test
  void bytesThatAreNoUtf8AreRefused() {
    byte[] bytes = {'"', 'a', (byte) 0xFF, (byte) 0xFE, '"', '\n'};
    Outcome.ofInput(bytes, "tokenize", "-m", NEOX, "-p", "-")
        .assertFailed("standard input", "UTF-8");
    Outcome.ofInput(bytes, "tokenize", "-m", NEOX, "--jsonl")
        .assertFailed("standard input", "UTF-8");
  }
}
