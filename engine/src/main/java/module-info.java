/**
 * The inference engine: weights off-heap, kernels, cells, layers and worker threads. Depends on the
 * JDK alone.
 *
 * <p>The Vector API is optional at run time: without the module {@code jdk.incubator.vector} the
 * scalar kernels carry on.
 */
module org.xlstm4j.engine {
  requires static org.jspecify;
  requires static jdk.incubator.vector;
  requires static java.management;

  exports org.xlstm4j.engine;
  exports org.xlstm4j.engine.cells;
  exports org.xlstm4j.engine.layers;
  exports org.xlstm4j.engine.limits;
  exports org.xlstm4j.engine.system;
  exports org.xlstm4j.engine.threads;
  exports org.xlstm4j.engine.tokens;
  exports org.xlstm4j.engine.weights;
}
