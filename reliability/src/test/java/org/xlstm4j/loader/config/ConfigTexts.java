package org.xlstm4j.loader.config;

import java.io.IOException;
import java.nio.file.Path;

/** Reads configurations from bytes that are in no file. */
public final class ConfigTexts {
  private ConfigTexts() {}

  /** As JSON. */
  public static Value json(Path name, byte[] utf8) throws IOException {
    return JsonValues.read(name, utf8);
  }

  /** As YAML. */
  public static Value yaml(Path name, byte[] utf8) throws IOException {
    return YamlValues.read(name, utf8);
  }
}
