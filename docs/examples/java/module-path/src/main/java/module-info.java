/** A program on the module path. */
module example.tale {
  requires org.xlstm4j.models;
}
