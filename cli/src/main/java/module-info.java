/** The {@code xlstm} command. */
module org.xlstm4j.cli {
  requires org.xlstm4j.models;
  requires info.picocli;
}
