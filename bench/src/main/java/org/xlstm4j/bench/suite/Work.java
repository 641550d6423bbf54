package org.xlstm4j.bench.suite;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What the calls of a benchmark did; JMH divides it by the time. */
@AuxCounters(AuxCounters.Type.OPERATIONS)
@State(Scope.Thread)
public class Work {
  /** Gigabytes of weights read. */
  public double readGigabytes;

  /** Gigabytes of state read and written back. */
  public double updateGigabytes;

  /** Thousand millions of multiplications with addition. */
  public double gigaMultiplyAdds;
}
