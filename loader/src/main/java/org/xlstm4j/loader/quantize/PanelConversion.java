package org.xlstm4j.loader.quantize;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.engine.weights.PanelLayout;
import org.xlstm4j.loader.SafetensorsWriter;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.loader.tensors.MatrixForm;
import org.xlstm4j.loader.tensors.Packing;
import org.xlstm4j.loader.tensors.Tensor;

/** Matrices packed into panels. The panels of a batch are made by a team, one after the other. */
final class PanelConversion implements TensorConversion {
  /** About how many weights a member makes of a batch. */
  private static final int MEMBER_WEIGHTS = 1 << 20;

  private final Tensor tensor;
  private final Packing packing;
  private final float @Nullable [] importance;
  private final Team team;
  private final int panels;

  /** A conversion; {@code importance} has a number for each column of each matrix, or is null. */
  PanelConversion(Tensor tensor, Packing packing, float @Nullable [] importance, Team team) {
    this.tensor = tensor;
    this.packing = packing;
    this.importance = importance;
    this.team = team;
    panels = (packing.form().rows() + PanelLayout.ROWS - 1) / PanelLayout.ROWS;
  }

  @Override
  public TensorReport write(SafetensorsWriter file, long done, LongConsumer progress)
      throws IOException {
    MatrixForm form = packing.form();
    double squaredError = 0;
    double squaredSum = 0;
    for (int index = 0; index < form.count(); index++) {
      PanelQuantizer[] members = new PanelQuantizer[team.size()];
      for (int member = 0; member < members.length; member++) {
        members[member] = quantizer(index);
      }
      long before = done + (long) index * form.rows() * form.columns();
      writeMatrix(members, index, file, before, progress);
      for (PanelQuantizer member : members) {
        squaredError += member.squaredError();
        squaredSum += member.squaredSum();
      }
    }
    return new TensorReport(
        tensor.name(),
        packing.type().name(),
        form.elements(),
        packing.byteSize(),
        squaredError,
        squaredSum);
  }

  private PanelQuantizer quantizer(int index) {
    int columns = packing.form().columns();
    if (importance == null) {
      return PanelQuantizer.searching(packing.type(), columns);
    }
    int from = index * columns;
    return PanelQuantizer.weighted(
        packing.type(), Arrays.copyOfRange(importance, from, from + columns));
  }

  private void writeMatrix(
      PanelQuantizer[] members, int index, SafetensorsWriter file, long done, LongConsumer progress)
      throws IOException {
    MatrixForm form = packing.form();
    int panelBytes = Math.toIntExact(members[0].panelBytes());
    int share = Math.max(1, MEMBER_WEIGHTS / (PanelLayout.ROWS * form.columns()));
    int batch = Math.min(panels, Math.multiplyExact(share, team.size()));
    ByteBuffer bytes = ByteBuffer.allocateDirect(Math.multiplyExact(batch, panelBytes));
    MemorySegment segment = MemorySegment.ofBuffer(bytes);
    for (int first = 0; first < panels; first += batch) {
      int from = first;
      int count = Math.min(batch, panels - first);
      try {
        team.run(
            (member, all) -> {
              for (int panel = member; panel < count; panel += all) {
                MemorySegment target = segment.asSlice((long) panel * panelBytes, panelBytes);
                makePanel(members[member], index, from + panel, target);
              }
            });
      } catch (UncheckedIOException e) {
        throw e.getCause();
      }
      file.write(bytes.slice(0, count * panelBytes));
      long rows = Math.min((long) (first + count) * PanelLayout.ROWS, form.rows());
      progress.accept(done + rows * form.columns());
    }
  }

  private void makePanel(PanelQuantizer quantizer, int index, int panel, MemorySegment target) {
    MatrixForm form = packing.form();
    int firstRow = panel * PanelLayout.ROWS;
    int count = Math.min(PanelLayout.ROWS, form.rows() - firstRow);
    float[] rows = new float[count * form.columns()];
    try {
      new WeightRows(tensor, form.columns())
          .read((long) index * form.rows() + firstRow, count, rows);
    } catch (ModelFormatException e) {
      throw new UncheckedIOException(e);
    }
    quantizer.quantize(rows, count, target);
  }
}
