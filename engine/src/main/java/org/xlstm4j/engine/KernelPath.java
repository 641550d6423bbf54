package org.xlstm4j.engine;

import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.engine.kernels.VectorModule;
import org.xlstm4j.engine.kernels.dispatch.KernelFamily;
import org.xlstm4j.engine.kernels.dispatch.KernelNeeds;
import org.xlstm4j.engine.kernels.dispatch.KernelWarmUp;
import org.xlstm4j.engine.kernels.dispatch.Kernels;
import org.xlstm4j.engine.machine.Machine;
import org.xlstm4j.engine.machine.code.WeightFormat;

/**
 * Which kernels a process computes with. Without a choice it is the first of these that works here.
 * The system property {@code xlstm4j.kernels} chooses by name, as {@link #choose} does.
 *
 * <p>Thread-safe.
 */
public enum KernelPath {
  /**
   * Machine code of this project's own, for x86-64 with AVX2 or more and for AArch64 on Linux. It
   * needs native access. What it does not compute is computed as with {@link #VECTOR}.
   */
  MACHINE,
  /** The Vector API, which needs the module {@code jdk.incubator.vector} and a while to compile. */
  VECTOR,
  /** Plain loops of Java. */
  SCALAR;

  private static final String PROPERTY = "xlstm4j.kernels";

  /** The property's value for vector kernels from the first call on, for measurements. */
  private static final String VECTOR_AT_ONCE = "simd";

  private static volatile @Nullable KernelPath chosen;
  private static boolean decided;

  /** Decided once a process, so that compiled code can rely on it. */
  private static final class InUse {
    static final KernelPath PATH = decide();
  }

  /**
   * Chooses the kernels of this process. To be called before anything is loaded or computed.
   *
   * @param path the kernels wanted; where machine code cannot be had, the Vector API is used, and
   *     {@link #description} says why
   * @throws IllegalStateException if another path is in use already
   */
  public static synchronized void choose(KernelPath path) {
    if (decided && InUse.PATH != path) {
      throw new IllegalStateException(
          "the kernels are chosen before anything is loaded; " + InUse.PATH + " are in use");
    }
    chosen = path;
  }

  /**
   * The path in use. It does not change after the first call.
   *
   * @return the one that was chosen, or what is there instead
   */
  public static KernelPath inUse() {
    return InUse.PATH;
  }

  /**
   * The path of a name.
   *
   * @param name in lower case, such as {@code machine}
   * @return empty if there is no such path
   */
  public static Optional<KernelPath> named(String name) {
    for (KernelPath path : values()) {
      if (path.toString().equals(name)) {
        return Optional.of(path);
      }
    }
    return Optional.empty();
  }

  /**
   * What a user should know about the machine code, in one line: the level of the processor, or why
   * there is none.
   *
   * @return a part of a sentence; empty where other kernels were chosen
   */
  public static String description() {
    if (inUse() == MACHINE) {
      Machine machine = Machine.ofProcess();
      String reason = machine.reason();
      return "machine code for " + machine.level() + (reason.isEmpty() ? "" : ", but " + reason);
    }
    return wanted() == MACHINE ? "no machine code, as " + Machine.ofProcess().reason() : "";
  }

  /**
   * Starts making this path's kernels in a background thread, and returns at once: a cold JVM needs
   * a tenth of a second for machine code, and files can be read meanwhile. Whatever needs the same
   * kernels before they are made waits for them. This does not decide which path is used.
   *
   * @param types of the weights, as far as they are known; may be called again with others
   */
  public static void prepare(WeightType... types) {
    if (isWanted(MACHINE)) {
      Thread thread = new Thread(() -> make(types), "xlstm4j-machine-code");
      thread.setDaemon(true);
      thread.start();
    }
  }

  private static void make(WeightType... types) {
    Machine machine = Machine.ofProcess();
    if (machine.math() != null) {
      for (WeightType type : types) {
        machine.products(WeightFormat.valueOf(type.name()));
      }
      machine.mlstm();
    }
  }

  private static boolean isWanted(KernelPath path) {
    KernelPath choice = chosen;
    return choice == null
        ? System.getProperty(PROPERTY, MACHINE.toString()).equals(path.toString())
        : choice == path;
  }

  private static synchronized KernelPath decide() {
    decided = true;
    KernelPath path = wanted();
    if (path == SCALAR) {
      KernelWarmUp.stayScalar();
    } else if (path == MACHINE && Machine.ofProcess().level() == null) {
      path = VECTOR;
    }
    if (path == MACHINE) {
      provide(Machine.ofProcess());
    }
    if (path == VECTOR && !VectorModule.isPresent()) {
      path = SCALAR;
    }
    MissingFlags.warn(path);
    return path;
  }

  /**
   * From now on layers compute with what machine code there is. What not every model needs is made
   * when it is wanted: that takes a cold JVM some milliseconds.
   */
  private static void provide(Machine machine) {
    provide(machine.math(), Kernels::provide);
    KernelNeeds.offer(KernelFamily.SLSTM, () -> provide(machine.slstm(), Kernels::provide));
    KernelNeeds.offer(KernelFamily.BLOCKS, () -> provide(machine.blocks(), Kernels::provide));
    KernelNeeds.offer(KernelFamily.TILES, () -> provide(machine.tiles(), Kernels::provide));
    KernelNeeds.offer(KernelFamily.UNPACKING, () -> provide(machine.unpacking(), Kernels::provide));
    KernelNeeds.offer(KernelFamily.HALVES, () -> provide(machine.halves(), Kernels::provide));
    KernelNeeds.offer(KernelFamily.GRIDS, () -> provide(machine.grids(), Kernels::provide));
  }

  private static <K> void provide(@Nullable K kernels, Consumer<K> target) {
    if (kernels != null) {
      target.accept(kernels);
    }
  }

  private static KernelPath wanted() {
    if (chosen != null) {
      return chosen;
    }
    String name = System.getProperty(PROPERTY, MACHINE.toString());
    if (name.equals(VECTOR_AT_ONCE)) {
      return VECTOR;
    }
    return named(name)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "the property " + PROPERTY + " is " + name + ", expected a kernel path"));
  }

  /** The name that options take. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
