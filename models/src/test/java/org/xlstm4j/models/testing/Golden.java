package org.xlstm4j.models.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import org.xlstm4j.engine.KernelPath;
import org.xlstm4j.engine.kernels.dispatch.KernelWarmUp;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.config.Config;
import org.xlstm4j.loader.files.ModelFormatException;

/** One golden case: the folder, its expected tensors, and what the original itself was off by. */
public final class Golden implements AutoCloseable {
  private final Path folder;
  private final Checkpoint expected;
  private final Config entry;

  private Golden(Path folder, Checkpoint expected, Config entry) {
    this.folder = folder;
    this.expected = expected;
    this.entry = entry;
  }

  /** Opens {@code family/name} of the golden cases. */
  public static Golden open(String family, String name) throws IOException {
    Path familyFolder = root().resolve(family);
    Config manifest = Config.read(familyFolder.resolve("manifest.json"));
    for (Config entry : manifest.children("cases")) {
      if (entry.textOr("case", "").equals(name)) {
        Path folder = familyFolder.resolve(name);
        return new Golden(folder, Checkpoint.open(folder.resolve("expected.safetensors")), entry);
      }
    }
    throw new IllegalArgumentException("no case " + name + " in the manifest of " + family);
  }

  /**
   * Has what is fast compute from the first call on, so that nothing switches in the middle of a
   * test: machine code, or the Vector API, unless plain Java is to compute.
   */
  public static void useFastKernels() {
    if (KernelPath.inUse() != KernelPath.SCALAR) {
      KernelWarmUp.useVectorKernels();
    }
  }

  /** Folder of all golden cases. */
  public static Path root() {
    return Path.of(Objects.requireNonNull(System.getProperty("xlstm4j.golden")));
  }

  /** Folder of the shipped models. */
  public static Path pretrained(String name) {
    return Path.of(Objects.requireNonNull(System.getProperty("xlstm4j.pretrained"))).resolve(name);
  }

  /** The model's folder. */
  public Path folder() {
    return folder;
  }

  /** The case's entry in the manifest. */
  public Config entry() {
    return entry;
  }

  /** Whether there is such a tensor. */
  public boolean has(String name) {
    return expected.find(name) != null;
  }

  /** An expected tensor's values. */
  public float[] floats(String name) throws ModelFormatException {
    return expected.get(name).toFloats();
  }

  /** An expected tensor's integers. */
  public int[] ints(String name) throws ModelFormatException {
    return Arrays.stream(expected.get(name).toLongs()).mapToInt(Math::toIntExact).toArray();
  }

  /** An expected tensor's shape. */
  public long[] shape(String name) throws ModelFormatException {
    return expected.get(name).shape();
  }

  /** One batch entry of a tensor whose first dimension is the batch. */
  public float[] floats(String name, int batch) throws ModelFormatException {
    float[] all = floats(name);
    int part = all.length / (int) shape(name)[0];
    return Arrays.copyOfRange(all, batch * part, (batch + 1) * part);
  }

  /** Largest of the named measures of the original's own error; 0 for a missing one. */
  public double observed(String... names) throws ModelFormatException {
    Config observed = entry.child("observed");
    double largest = 0;
    for (String name : names) {
      largest = Math.max(largest, observed.numberOr(name, 0));
    }
    return largest;
  }

  /** The references' rule: ten times the original's own error and a little; a tight median. */
  public static void assertClose(float[] expected, float[] actual, double observed, String what) {
    double[] errors = errors(expected, actual);
    double limit = 10 * observed + 2e-6;
    assertTrue(errors[1] <= limit, what + ": error " + errors[1] + ", at most " + limit);
    assertTrue(errors[0] <= 2e-6, what + ": median error " + errors[0] + ", at most 2e-6");
  }

  /** Median and maximum of the absolute errors, relative to the largest expected value. */
  public static double[] errors(float[] expected, float[] actual) {
    assertEquals(expected.length, actual.length);
    double scale = 0;
    for (float value : expected) {
      scale = Math.max(scale, Math.abs(value));
    }
    double[] errors = new double[expected.length];
    for (int i = 0; i < expected.length; i++) {
      errors[i] = Math.abs((double) expected[i] - actual[i]) / Math.max(scale, Double.MIN_NORMAL);
      assertTrue(!Double.isNaN(errors[i]), "NaN at " + i);
    }
    Arrays.sort(errors);
    return new double[] {errors[errors.length / 2], errors[errors.length - 1]};
  }

  @Override
  public void close() {
    expected.close();
  }
}
