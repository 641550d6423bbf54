package org.xlstm4j.models.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.tensors.Tensor;
import org.xlstm4j.models.image.Image;

/** The golden cases of the family, and the family's rule for how far a result may be off. */
public final class VilGolden {
  private VilGolden() {}

  public static Path folder(String name) {
    return Golden.root().resolve("vil").resolve(name);
  }

  public static Checkpoint expected(String name) throws IOException {
    return Checkpoint.open(folder(name).resolve("expected.safetensors"));
  }

  public static Image image(Tensor tensor) throws IOException {
    int[] shape = tensor.dimensions();
    return new Image(bytes(tensor), shape[0], shape[1], shape.length == 3 ? shape[2] : 1);
  }

  public static byte[] bytes(Tensor tensor) {
    return tensor.data().toArray(ValueLayout.JAVA_BYTE);
  }

  /** At most 2e-4 absolute or 2e-5 of the largest expected value, whichever is larger. */
  public static void assertClose(String what, float[] expected, float[] actual) {
    assertEquals(expected.length, actual.length, what);
    double largest = 0;
    double error = 0;
    for (int i = 0; i < expected.length; i++) {
      if (!Float.isFinite(actual[i])) {
        fail(what + ": value " + i + " is " + actual[i]);
      }
      largest = Math.max(largest, Math.abs(expected[i]));
      error = Math.max(error, Math.abs((double) expected[i] - actual[i]));
    }
    assertTrue(error <= Math.max(2e-4, 2e-5 * largest), what + ": error " + error);
  }
}
