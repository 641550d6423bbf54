package org.xlstm4j.cli.serve.http;

/** Is told of every request that was answered, in any thread. */
public interface RequestObserver {
  /**
   * A request is through.
   *
   * @param path of its endpoint, or {@code other} if there is none
   * @param status of the answer
   * @param nanos since its first byte came
   */
  void answered(String path, int status, long nanos);
}
