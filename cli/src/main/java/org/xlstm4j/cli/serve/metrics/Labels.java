package org.xlstm4j.cli.serve.metrics;

/**
 * What sets the series of one metric apart.
 *
 * @param text such as {@code model="a",status="200"}, or empty
 */
record Labels(String text) {
  /** Labels of these names and values. */
  static Labels of(String[] names, Object[] values) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < names.length; i++) {
      String value = values[i].toString().replace("\\", "\\\\").replace("\"", "\\\"");
      text.append(i == 0 ? "" : ",")
          .append(names[i])
          .append("=\"")
          .append(value.replace("\n", "\\n"))
          .append('"');
    }
    return new Labels(text.toString());
  }

  /** With one more label of a histogram's. */
  String with(String name, String value) {
    return "{" + text + (text.isEmpty() ? "" : ",") + name + "=\"" + value + "\"}";
  }

  @Override
  public String toString() {
    return text.isEmpty() ? "" : "{" + text + "}";
  }
}
