package org.xlstm4j.engine.weights;

import java.lang.foreign.MemorySegment;
import org.xlstm4j.engine.WeightType;

/** The place of a matrix that its file does not have; see {@link Matrix#absent}. */
final class AbsentMatrix extends Matrix {
  AbsentMatrix(int rows, int columns) {
    super(rows, columns);
  }

  @Override
  public WeightType type() {
    throw missing();
  }

  @Override
  public long byteSize() {
    return 0;
  }

  @Override
  public Matrix slice(int firstRow, int rowCount) {
    return new AbsentMatrix(rowCount, columns());
  }

  @Override
  public void copyRow(int row, float[] target, int offset) {
    throw missing();
  }

  @Override
  void multiply(Operand x, int firstRow, int lastRow, float[] y, int yOffset, int yStride) {
    throw missing();
  }

  @Override
  void unpack(int firstRow, int firstColumn, int columnCount, float[] panel, float[] scratch) {
    throw missing();
  }

  @Override
  int fewTokens() {
    throw missing();
  }

  @Override
  void wantForTokens(int tokens) {
    throw missing();
  }

  @Override
  void wantForPanels() {
    throw missing();
  }

  @Override
  MemorySegment data() {
    throw missing();
  }

  @Override
  long offset(int row) {
    throw missing();
  }

  @Override
  int depth() {
    throw missing();
  }

  @Override
  int height(int count) {
    throw missing();
  }

  private static IllegalStateException missing() {
    return new IllegalStateException("this matrix was missing in the model's file");
  }
}
