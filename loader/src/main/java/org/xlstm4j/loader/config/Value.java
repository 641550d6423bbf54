package org.xlstm4j.loader.config;

import java.util.Collections;
import java.util.List;
import java.util.Map;

/** A plain value of a configuration, whatever file format it came from. Immutable. */
public sealed interface Value {
  /** Most values of a configuration: each takes far more than its text. */
  int MOST = 1 << 16;

  /** What it is. */
  Config.Kind kind();

  /** How an error message names this value: short, whatever its size. */
  String describe();

  /** No value, said explicitly: {@code null}. */
  enum Null implements Value {
    NULL;

    @Override
    public Config.Kind kind() {
      return Config.Kind.NULL;
    }

    @Override
    public String describe() {
      return "null";
    }
  }

  /** True or false. */
  record Bool(boolean value) implements Value {
    @Override
    public Config.Kind kind() {
      return Config.Kind.BOOL;
    }

    @Override
    public String describe() {
      return Boolean.toString(value);
    }
  }

  /** A whole number. */
  record Whole(long value) implements Value {
    @Override
    public Config.Kind kind() {
      return Config.Kind.NUMBER;
    }

    @Override
    public String describe() {
      return Long.toString(value);
    }
  }

  /** A number with a fraction or exponent, or a whole one beyond the range of a long. */
  record Real(double value) implements Value {
    @Override
    public Config.Kind kind() {
      return Config.Kind.NUMBER;
    }

    @Override
    public String describe() {
      return Double.toString(value);
    }
  }

  /** A text. */
  record Text(String value) implements Value {
    @Override
    public Config.Kind kind() {
      return Config.Kind.TEXT;
    }

    @Override
    public String describe() {
      return '"' + value + '"';
    }
  }

  /** A list. */
  record Items(List<Value> values) implements Value {
    public Items {
      values = List.copyOf(values);
    }

    @Override
    public Config.Kind kind() {
      return Config.Kind.LIST;
    }

    @Override
    public String describe() {
      return "a list of " + values.size();
    }
  }

  /** An object: values by name, in the file's order. */
  record Fields(Map<String, Value> values) implements Value {
    public static final Fields NONE = new Fields(Map.of());

    /** Takes the map as it is: whoever passes it keeps no reference. */
    public Fields {
      values = Collections.unmodifiableMap(values);
    }

    @Override
    public Config.Kind kind() {
      return Config.Kind.OBJECT;
    }

    @Override
    public String describe() {
      return "an object of " + values.size() + " fields";
    }
  }
}
