package org.xlstm4j.cli.serve.metrics;

/** Something that is counted or timed. Thread-safe. */
interface Metric {
  /** Appends the lines of its values. */
  void write(String name, StringBuilder text);
}
