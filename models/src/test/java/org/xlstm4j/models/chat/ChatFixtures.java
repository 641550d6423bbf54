package org.xlstm4j.models.chat;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Objects;
import org.xlstm4j.loader.config.Config;

/**
 * Templates, and what the transformers library makes of them: {@code
 * bench/reference/chat_templates.py} makes the files.
 */
public final class ChatFixtures {
  private ChatFixtures() {}

  /** A file of the fixtures as text. */
  public static String text(String name) throws IOException {
    try (InputStream in = ChatFixtures.class.getResourceAsStream("/chat/" + name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), UTF_8);
    }
  }

  /** A JSON file of the fixtures. */
  public static Config json(String name) throws IOException {
    return Config.parse(Path.of(name), text(name));
  }
}
