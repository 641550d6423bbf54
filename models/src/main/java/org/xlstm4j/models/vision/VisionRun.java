package org.xlstm4j.models.vision;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.tensors.Tensor;
import org.xlstm4j.models.NamedTensor;
import org.xlstm4j.models.RunOptions;
import org.xlstm4j.models.TensorShapes;
import org.xlstm4j.models.Workload;
import org.xlstm4j.models.image.Image;
import org.xlstm4j.models.image.Size;

/**
 * A model on tensors: {@code pixel_values} in, prepared, {@code [batch][channels][height][width]};
 * or {@code image_u8_hwc}, to be prepared; {@code output} out.
 *
 * @param model which
 * @param options how
 */
record VisionRun(VisionModel model, RunOptions options) {
  List<NamedTensor> run(Checkpoint inputs) throws IOException {
    try {
      Tensor raw = inputs.find("image_u8_hwc");
      return raw != null ? raw(raw) : prepared(inputs.get("pixel_values"));
    } catch (IllegalArgumentException e) {
      throw new IOException(inputs.path() + ": " + e.getMessage(), e);
    }
  }

  private List<NamedTensor> raw(Tensor raw) throws IOException {
    int[] shape = TensorShapes.of(raw, 3, 3);
    byte[] pixels = raw.data().toArray(ValueLayout.JAVA_BYTE);
    VisionSession session = model.newSession(options.team());
    float[] output = session.run(new Image(pixels, shape[0], shape[1], shape[2])).clone();
    return List.of(output(session, List.of(output)));
  }

  private List<NamedTensor> prepared(Tensor prepared) throws IOException {
    int[] shape = TensorShapes.of(prepared, 3, 4);
    int batch = shape.length == 4 ? shape[0] : 1;
    Size size = new Size(shape[shape.length - 2], shape[shape.length - 1]);
    VisionSession session = model.newSession(options.team(), size);
    float[] all = prepared.toFloats();
    int each = all.length / batch;
    List<float[]> outputs = new ArrayList<>();
    for (int b = 0; b < batch; b++) {
      outputs.add(session.run(Arrays.copyOfRange(all, b * each, (b + 1) * each)).clone());
    }
    return List.of(output(session, outputs));
  }

  private static NamedTensor output(VisionSession session, List<float[]> batch) {
    int[] each = session.outputShape();
    int[] shape = new int[each.length + 1];
    shape[0] = batch.size();
    System.arraycopy(each, 0, shape, 1, each.length);
    return NamedTensor.of("output", NamedTensor.concatenate(batch), shape);
  }

  /** A picture of the model's own size, to be timed. */
  static Workload.Run picture(VisionModel model, Team team) {
    VisionSession session = model.newSession(team);
    float[] pixels = new float[model.channels() * session.image().area()];
    return Workload.repeated(() -> session.run(pixels));
  }
}
