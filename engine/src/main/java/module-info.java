/**
 * The inference engine: weights off-heap, kernels, cells and worker threads. Depends on the JDK
 * alone.
 */
module org.xlstm4j.engine {
  requires static transitive org.jspecify;
  requires static jdk.incubator.vector;
  requires java.management;

  exports org.xlstm4j.engine;
}
