package org.xlstm4j.cli.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HubNameTest {
  @Test
  void aNameHasAnOwnerAModelAndARevision() {
    assertEquals(new HubName("NX-AI", "xLSTM-7b", "main"), HubName.parse("NX-AI/xLSTM-7b"));
    assertEquals(new HubName("a", "b.c_d", "refs/pr/1"), HubName.parse("a/b.c_d@refs/pr/1"));
    assertEquals("models--NX-AI--xLSTM-7b", FakeHub.name("NX-AI/xLSTM-7b@v1").folder());
    assertEquals("a/b@v1", FakeHub.name("a/b@v1").toString());
    assertEquals("a/b", FakeHub.name("a/b@main").toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "model",
        "a/b/c",
        "/a/b",
        "a/",
        "/b",
        "a//b",
        "../b",
        "a/..",
        "./b",
        "a/b..c",
        "a--b/c",
        "a/b--c",
        "a/-b",
        "a\\b/c",
        "C:/b",
        "a/b@",
        "a/b@..",
        "a/b@../x",
        "a/b@x/../../y",
        "a/b@/x",
        "a/b@x/",
        "a/b@.lock",
        "a/b@a b",
        "a/b@a@b",
        "a/b?c",
        "a/b#c",
        "a/b%2e",
        "a/b\n",
        "\u00e4/b"
      })
  void whatCouldLeadElsewhereIsNoName(String text) {
    assertNull(HubName.parse(text));
  }

  @Test
  void aLongTextIsNoName() {
    assertNull(HubName.parse("a/" + "b".repeat(97)));
    assertNull(HubName.parse("a/b@" + "c".repeat(201)));
  }
}
