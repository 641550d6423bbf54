package org.xlstm4j.cli.serve.compute;

import java.util.concurrent.CancellationException;

/** Whether anybody still waits for a result. */
public interface Demand {
  /**
   * Ends the work if nobody waits for it.
   *
   * @throws CancellationException if so
   */
  void require();
}
