package org.xlstm4j.engine.machine;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.engine.machine.arm.ArmKernels;
import org.xlstm4j.engine.machine.code.InstructionSet;
import org.xlstm4j.engine.machine.code.KernelCode;
import org.xlstm4j.engine.machine.code.MachineLevel;
import org.xlstm4j.engine.machine.code.WeightFormat;
import org.xlstm4j.engine.machine.x86.X86Kernels;

/**
 * The machine code of this process: which level its processor has, and the kernels, each made and
 * checked when it is first asked for. Where there can be none, {@link #reason} says why.
 *
 * <p>The system property {@code xlstm4j.machine} sets the highest level to use, such as {@code
 * avx2}; {@code off} means none.
 *
 * <p>Thread-safe.
 */
public final class Machine {
  private static final String PROPERTY = "xlstm4j.machine";

  private static final class OfProcess {
    static final Machine MACHINE = start();
  }

  private final @Nullable MachineLevel level;
  private final @Nullable KernelCode code;
  private @Nullable TokenKernels tokens;

  /** By their class, or by the format of weights. */
  private final Map<Object, Object> kernels = new HashMap<>();

  private @Nullable MachineProbeKernels probes;
  private String reason;

  Machine(@Nullable MachineLevel level, String reason) {
    this.level = level;
    this.code = level == null ? null : code(level);
    this.reason = reason;
  }

  /** The one of this process. The first call takes a cold JVM about a tenth of a second. */
  public static Machine ofProcess() {
    return OfProcess.MACHINE;
  }

  private static Machine start() {
    String architecture = System.getProperty("os.arch", "");
    Optional<InstructionSet> set = InstructionSet.of(architecture);
    String most = System.getProperty(PROPERTY, "").toLowerCase(Locale.ROOT);
    Optional<MachineLevel> cap =
        MachineLevel.of(most).filter(level -> set.equals(Optional.of(level.instructionSet())));
    if (most.equals("off")) {
      return without("the property " + PROPERTY + " is off");
    } else if (!most.isEmpty() && cap.isEmpty()) {
      return without("the property " + PROPERTY + " is " + most + ", which is no level");
    } else if (set.isEmpty()) {
      return without("there is none for processors of " + architecture);
    } else if (set.get() == InstructionSet.AARCH64 && !isLinux()) {
      return without("on processors of " + architecture + " there is some for Linux only");
    } else if (!Machine.class.getModule().isNativeAccessEnabled()) {
      return without("Java was started without " + nativeAccessOption());
    }
    try {
      MachineLevel found =
          switch (set.get()) {
            case X86_64 -> ProcessorFeatures.ofProcessor().level();
            case AARCH64 -> ArmFeatures.ofProcessor().level();
          };
      if (found == null) {
        return without("the processor lacks AVX2, FMA or F16C");
      }
      MachineLevel level = found.atMost(cap.orElse(found));
      if (level.hasTiles() && !TilePermission.request()) {
        level = MachineLevel.AVX512_VNNI;
      }
      return new Machine(level, "");
    } catch (CodeMemoryException e) {
      return without(e.reason());
    }
  }

  /** The kernels of a level. */
  static KernelCode code(MachineLevel level) {
    return switch (level.instructionSet()) {
      case X86_64 -> new X86Kernels(level);
      case AARCH64 -> new ArmKernels(level);
    };
  }

  private static Machine without(String reason) {
    return new Machine(null, reason);
  }

  private static boolean isLinux() {
    return System.getProperty("os.name", "").equals("Linux");
  }

  private static String nativeAccessOption() {
    Module module = Machine.class.getModule();
    return "--enable-native-access=" + (module.isNamed() ? module.getName() : "ALL-UNNAMED");
  }

  /** The level that kernels are made for; null if there can be no machine code. */
  public @Nullable MachineLevel level() {
    return level;
  }

  /**
   * Why there is no machine code, or less than there could be.
   *
   * @return a part of a sentence; empty if there is no reason
   */
  public synchronized String reason() {
    return reason;
  }

  /**
   * The kernels for products of weights of a format.
   *
   * @return null if there can be no machine code, or if it computes something wrong here
   */
  public @Nullable ProductKernels products(WeightFormat format) {
    return made(
        format,
        ProductKernels.class,
        wanted -> ProductKernels.make(format, wanted),
        made -> new ProductCheck(made, newTokens()).isRight(),
        "products of " + format + " weights");
  }

  /**
   * The same for any number of tokens: those of {@link #products}, and where they are faster some
   * for larger groups of tokens.
   *
   * @return null if there can be no machine code, or if it computes something wrong here
   */
  public @Nullable ProductKernels groupProducts(WeightFormat format) {
    ProductKernels few = products(format);
    if (few == null || code == null || code.groupSizes(format).isEmpty()) {
      return few;
    }
    return made(
        "groups of " + format,
        ProductKernels.class,
        few::withGroups,
        made -> new ProductCheck(made, newTokens()).isRightAbove(few.mostTokens()),
        "products of " + format + " weights with groups of tokens");
  }

  /**
   * Room for a few tokens to be multiplied.
   *
   * @throws IllegalStateException if there can be no machine code
   */
  public synchronized TokenVectors newTokens() {
    KernelCode source = code;
    if (source == null) {
      throw new IllegalStateException("no machine code: " + reason);
    }
    TokenKernels kernels = tokens;
    if (kernels == null) {
      kernels = TokenKernels.make(source);
      tokens = kernels;
    }
    return new TokenVectors(kernels);
  }

  /**
   * The mLSTM's steps of one to four tokens.
   *
   * @return null if there can be no machine code, or if it computes something wrong here
   */
  public @Nullable MachineMlstmKernels mlstm() {
    return made(
        MachineMlstmKernels.class,
        MachineMlstmKernels::make,
        MatrixMemoryCheck::isRight,
        "steps of matrix memories");
  }

  /**
   * The kernels of the sLSTM.
   *
   * @return null if there can be no machine code, or if it computes something wrong here
   */
  public @Nullable MachineSlstmKernels slstm() {
    return made(
        MachineSlstmKernels.class,
        MachineSlstmKernels::make,
        SlstmCheck::isRight,
        "steps of the sLSTM");
  }

  /**
   * The kernels for block-diagonal weights.
   *
   * @return null if there can be no machine code, or if it computes something wrong here
   */
  public @Nullable MachineBlockKernels blocks() {
    return made(
        MachineBlockKernels.class,
        MachineBlockKernels::make,
        BlockCheck::isRight,
        "products of block-diagonal weights");
  }

  /**
   * Elementwise functions and norms.
   *
   * @return null if there can be no machine code, or if it computes something wrong here
   */
  public @Nullable MachineMathKernels math() {
    return made(
        MachineMathKernels.class,
        MachineMathKernels::make,
        MathCheck::isRight,
        "elementwise functions");
  }

  /**
   * Dense products with many tokens.
   *
   * @return null if there can be no machine code, or if it computes something wrong here
   */
  public @Nullable MachineTileKernels tiles() {
    return made(
        MachineTileKernels.class,
        MachineTileKernels::make,
        ManyTokensCheck::tilesAreRight,
        "dense products");
  }

  /**
   * Dense products of floats by tiles of AMX.
   *
   * @return null if the processor has no tiles, there can be no machine code, or it computes
   *     something wrong here
   */
  public @Nullable SplitTiles splitTiles() {
    if (level == null || !level.hasTiles()) {
      return null;
    }
    return made(SplitTiles.class, SplitTiles::make, SplitTilesCheck::isRight, "products by tiles");
  }

  /**
   * Quantized weights on their way to products with many tokens.
   *
   * @return null if there can be no machine code, or if it computes something wrong here
   */
  public @Nullable MachineUnpackKernels unpacking() {
    return made(
        MachineUnpackKernels.class,
        MachineUnpackKernels::make,
        ManyTokensCheck::unpackingIsRight,
        "unpacked weights");
  }

  /**
   * 16-bit weights on their way to products with many tokens.
   *
   * @return null if there can be no machine code, or if it computes something wrong here
   */
  public @Nullable MachineHalfKernels halves() {
    return made(
        MachineHalfKernels.class,
        MachineHalfKernels::make,
        ManyTokensCheck::halvesAreRight,
        "widened weights");
  }

  /**
   * Convolutions over grids of tokens.
   *
   * @return null if there can be no machine code, or if it computes something wrong here
   */
  public @Nullable MachineGridKernels grids() {
    return made(
        MachineGridKernels.class,
        MachineGridKernels::make,
        ManyTokensCheck::gridsAreRight,
        "convolutions");
  }

  private <K> @Nullable K made(
      Class<K> type, Function<KernelCode, K> maker, Predicate<K> isRight, String what) {
    return made(type, type, maker, isRight, what);
  }

  /** Kernels made and checked once for each key. */
  private synchronized <K> @Nullable K made(
      Object key, Class<K> type, Function<KernelCode, K> maker, Predicate<K> isRight, String what) {
    KernelCode wanted = code;
    if (wanted == null || !reason.isEmpty()) {
      return null;
    }
    Object found = kernels.get(key);
    if (found == null) {
      found = checked(() -> maker.apply(wanted), isRight, what);
      if (found != null) {
        kernels.put(key, found);
      }
    }
    return found == null ? null : type.cast(found);
  }

  /**
   * Loops that reach the processor's limits, made once because executable memory is not given back.
   *
   * @return empty if there can be no machine code
   */
  public synchronized Optional<MachineProbeKernels> probes() {
    if (probes == null && code != null) {
      probes = new MachineProbeKernels(code);
    }
    return Optional.ofNullable(probes);
  }

  /** New kernels if they compute what Java does; null, and the reason is kept, if they do not. */
  private <K> @Nullable K checked(Supplier<K> maker, Predicate<K> isRight, String what) {
    try {
      K made = maker.get();
      if (isRight.test(made)) {
        return made;
      }
      fail("its " + what + " are wrong on this processor");
    } catch (CodeMemoryException e) {
      fail(e.reason());
    }
    return null;
  }

  private void fail(String why) {
    reason = why;
    System.getLogger("org.xlstm4j.engine")
        .log(System.Logger.Level.WARNING, "Machine code is not used: {0}.", why);
  }
}
