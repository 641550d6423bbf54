/** The {@code xlstm} command. */
module org.xlstm4j.cli {
  requires com.fasterxml.jackson.core;
  requires info.picocli;
  requires jdk.incubator.vector;
  requires jdk.management;
  requires jdk.net; // sockets that notice when the other side is gone
  requires jdk.unsupported; // signals
  requires org.eclipse.jetty.server;
  requires org.eclipse.jetty.websocket.server;
  requires org.xlstm4j.models;

  // Jetty calls what answers a WebSocket by public method handles
  opens org.xlstm4j.cli.serve.control;

  // picocli makes commands and reads their options from fields
  opens org.xlstm4j.cli to
      info.picocli;
  opens org.xlstm4j.cli.commands to
      info.picocli;
  opens org.xlstm4j.cli.options to
      info.picocli;
  opens org.xlstm4j.cli.series to
      info.picocli;
}
