package org.xlstm4j.loader;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xlstm4j.loader.Refusals.assertRefused;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xlstm4j.engine.WeightType;
import org.xlstm4j.engine.weights.Matrix;
import org.xlstm4j.loader.formats.SafetensorsBytes;

class TensorReaderTest {
  @TempDir Path folder;
  private Checkpoint checkpoint;

  @BeforeEach
  void open() throws IOException {
    Path file = folder.resolve("model.safetensors");
    checkpoint = Checkpoint.open(Files.write(file, SafetensorsBytes.valid()));
  }

  @AfterEach
  void close() {
    checkpoint.close();
  }

  @Test
  void handsOutWhatIsThere() throws IOException {
    TensorReader reader = new TensorReader(checkpoint);
    assertTrue(reader.has("a"));
    assertFalse(reader.has("b"));
    assertArrayEquals(new int[] {2, 2}, reader.shape("a", 2));
    assertArrayEquals(new int[] {3}, reader.under("b.").shape("c", 1));
    assertEquals(Set.of("c"), reader.under("b.").names());
    assertArrayEquals(new float[] {1, 2, 3, 4}, reader.tensor("a", 2, 2));
    Matrix matrix = reader.matrix("a", 2, 2);
    assertEquals(WeightType.F32, matrix.type());
    float[] row = new float[2];
    matrix.copyRow(1, row, 0);
    assertArrayEquals(new float[] {3, 4}, row);
    assertEquals(4, reader.matrix("a", new int[] {2, 2}, 1, 4).columns());
    reader.finish();
  }

  @Test
  void namesAllThatIsMissingOrDifferentAtOnce() throws IOException {
    TensorReader reader = new TensorReader(checkpoint);
    assertEquals(0, reader.vector("x", Integer.MAX_VALUE).length);
    assertEquals(0, reader.under("y.").vector("z", 3).length);
    assertEquals(0, reader.tensor("a", 4).length);
    assertEquals(4, reader.matrix("a", 4, 1).rows());
    assertEquals(0, reader.vector("b.c", 3).length);
    reader.matrix("b.c", new int[] {3}, 1, 3);
    assertRefused(
        reader::finish,
        "model.safetensors: tensors: ",
        "6 missing or different: x (missing), y.z (missing), a (expected [4], found F32 [2, 2]), "
            + "a (expected [4, 1], found F32 [2, 2]), ",
        "b.c (");
  }

  @Test
  void matricesLargerThanAllOfTheFileAreRefusedAtOnce() throws IOException {
    TensorReader reader = new TensorReader(checkpoint);
    reader.vector("x", 3);
    UncheckedIOException thrown =
        assertThrows(
            UncheckedIOException.class,
            () -> reader.matrix("a", Integer.MAX_VALUE, Integer.MAX_VALUE));
    assertRefused(
        () -> {
          throw thrown.getCause();
        },
        "2 missing or different: x (missing), a (expected [2147483647, 2147483647], found F32");
  }

  @Test
  void namesAtMostTwenty() throws IOException {
    TensorReader reader = new TensorReader(checkpoint);
    for (int i = 0; i < 30; i++) {
      reader.vector("t" + i, 1);
    }
    assertRefused(reader::finish, "t19 (missing) and 10 more");
  }

  @Test
  void shapesMustBeThereAtOnce() {
    TensorReader reader = new TensorReader(checkpoint);
    assertRefused(() -> reader.shape("x", 2), "tensor x", "no such tensor");
    assertRefused(() -> reader.shape("a", 3), "tensor a", "3 dimensions", "F32 [2, 2]");
  }

  @Test
  void renames() throws IOException {
    TensorReader reader = new TensorReader(checkpoint, name -> "model." + name);
    assertArrayEquals(new float[] {1, 2, 3, 4}, reader.tensor("model.a", 2, 2));
    assertRefused(
        () -> new TensorReader(checkpoint, name -> "same"), "the same as", "something else");
  }
}
