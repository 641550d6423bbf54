/** The {@code xlstm} command. */
module org.xlstm4j.cli {
  requires com.fasterxml.jackson.core;
  requires info.picocli;
  requires jdk.incubator.vector;
  requires jdk.management;
  requires org.xlstm4j.models;

  // picocli reads the options of a command from its fields
  opens org.xlstm4j.cli to
      info.picocli;
}
