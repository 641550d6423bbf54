package org.xlstm4j.loader.config;

import java.io.IOException;
import java.nio.file.Path;

/** Looks into configurations, and reads them from bytes that are in no file. */
public final class ConfigBytes {
  private ConfigBytes() {}

  /** As JSON. */
  public static Value json(Path named, byte[] bytes) throws IOException {
    return JsonValues.read(named, bytes);
  }

  /** As YAML. */
  public static Value yaml(Path named, byte[] bytes) throws IOException {
    return YamlValues.read(named, bytes);
  }

  /** The value of a field. */
  public static Value value(Config config, String name) {
    return config.value(name);
  }
}
