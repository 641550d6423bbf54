package org.xlstm4j.cli.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The variables of the hub's tools, and those of proxies. */
class HubEnvironmentTest {
  @TempDir private Path home;

  private HubEnvironment of(String... variables) {
    Map<String, String> map = new HashMap<>();
    for (int i = 0; i < variables.length; i += 2) {
      map.put(variables[i], variables[i + 1]);
    }
    return new HubEnvironment(map, home);
  }

  @Test
  void theCacheIsThatOfTheHubsTools() {
    assertEquals(home.resolve(".cache/huggingface/hub"), of().cache());
    assertEquals(Path.of("/x/huggingface/hub"), of("XDG_CACHE_HOME", "/x").cache());
    assertEquals(Path.of("/h/hub"), of("HF_HOME", "/h", "XDG_CACHE_HOME", "/x").cache());
    assertEquals(home.resolve("h/hub"), of("HF_HOME", "~/h").cache());
    assertEquals(Path.of("/c"), of("HF_HUB_CACHE", "/c", "HF_HOME", "/h").cache());
    assertEquals(Path.of("/d"), of("HUGGINGFACE_HUB_CACHE", "/d", "HF_HOME", "/h").cache());
  }

  @Test
  void theTokenIsTheVariablesOrTheFiles() throws IOException {
    assertNull(of().token());
    Path folder = Files.createDirectories(home.resolve(".cache/huggingface"));
    Files.writeString(folder.resolve("token"), "hf_file\n");
    assertEquals("hf_file", of().token());
    assertEquals("hf_variable", of("HF_TOKEN", "hf_variable").token());
    assertEquals("hf_file", of("HF_TOKEN", " ").token());
    Path other = Files.writeString(home.resolve("other"), " hf_other ");
    assertEquals("hf_other", of("HF_TOKEN_PATH", other.toString()).token());
  }

  @ParameterizedTest
  @ValueSource(strings = {"hf_a\r\nX-Header: b", "two words", "hf_\u00e4"})
  void aTokenThatIsNoneIsRefusedAndNotShown(String token) {
    IOException refused = assertThrows(IOException.class, () -> of("HF_TOKEN", token).token());
    assertEquals("HF_TOKEN: no access token, which is one word of ASCII", refused.getMessage());
  }

  @Test
  void theHubIsWhereTheVariableSays() throws IOException {
    assertEquals(URI.create("https://huggingface.co"), of().endpoint());
    assertEquals(URI.create("http://h:8/p"), of("HF_ENDPOINT", "http://h:8/p/").endpoint());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"h", "ftp://h", "file:///x", "https://", "https://u:p@h", "https://h?q", "a b"})
  void anAddressThatIsNoneIsRefused(String address) {
    IOException refused =
        assertThrows(IOException.class, () -> of("HF_ENDPOINT", address).endpoint());
    assertTrue(refused.getMessage().startsWith("HF_ENDPOINT is "), refused.getMessage());
  }

  @Test
  void theNetworkCanBeForbidden() {
    assertTrue(of("HF_HUB_OFFLINE", "1").offline());
    assertTrue(of("HF_HUB_OFFLINE", "true").offline());
    assertFalse(of("HF_HUB_OFFLINE", "0").offline());
    assertFalse(of().offline());
  }

  private static Proxy proxy(HubEnvironment environment, String address) throws IOException {
    return new ProxyVariables(environment).of(URI.create(address));
  }

  @ParameterizedTest
  @CsvSource({
    "HTTPS_PROXY, http://p:3128, p, 3128, HTTP",
    "https_proxy, p:3128, p, 3128, HTTP",
    "https_proxy, http://p, p, 80, HTTP",
    "ALL_PROXY, socks5://p, p, 1080, SOCKS"
  })
  void aVariableNamesTheProxy(String name, String value, String host, int port, Proxy.Type type)
      throws IOException {
    Proxy proxy = proxy(of(name, value), "https://hub.example");
    assertEquals(type, proxy.type());
    assertEquals(host, ((InetSocketAddress) proxy.address()).getHostString());
    assertEquals(port, ((InetSocketAddress) proxy.address()).getPort());
  }

  @ParameterizedTest
  @CsvSource({
    "hub.example, true",
    "example, true",
    ".example, true",
    "*.example, true",
    "*, true",
    "'other, HUB.example:443', true",
    "ub.example, false",
    "hub, false",
    "'', false"
  })
  void aListNamesServersWithoutProxy(String list, boolean exempt) throws IOException {
    HubEnvironment environment = of("HTTPS_PROXY", "http://p:3128", "NO_PROXY", list);
    assertEquals(exempt, proxy(environment, "https://hub.example").equals(Proxy.NO_PROXY));
  }

  @Test
  void theSchemeDecides() throws IOException {
    HubEnvironment environment = of("HTTPS_PROXY", "http://p:3128");
    assertEquals(Proxy.NO_PROXY, proxy(environment, "http://hub.example"));
  }

  @Test
  void theJavaPropertiesComeFirst() throws IOException {
    System.setProperty("https.proxyHost", "q");
    System.setProperty("https.proxyPort", "9");
    try {
      Proxy proxy = proxy(of("HTTPS_PROXY", "http://p:3128"), "https://hub.example");
      assertEquals("q", ((InetSocketAddress) proxy.address()).getHostString());
    } finally {
      System.clearProperty("https.proxyHost");
      System.clearProperty("https.proxyPort");
    }
  }

  @Test
  void aProxyThatCannotBeUsedIsRefusedWithoutItsPassword() {
    IOException refused =
        assertThrows(
            IOException.class,
            () -> proxy(of("HTTPS_PROXY", "http://me:secret@p:1"), "https://hub.example"));
    assertTrue(refused.getMessage().startsWith("HTTPS_PROXY: "), refused.getMessage());
    assertFalse(refused.getMessage().contains("secret"), refused.getMessage());
    assertThrows(
        IOException.class, () -> proxy(of("HTTPS_PROXY", "http://["), "https://hub.example"));
  }
}
