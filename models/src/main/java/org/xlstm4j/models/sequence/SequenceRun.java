package org.xlstm4j.models.sequence;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.loader.tensors.Tensor;
import org.xlstm4j.models.ModelOption;
import org.xlstm4j.models.NamedTensor;
import org.xlstm4j.models.RunOptions;
import org.xlstm4j.models.StateTensors;
import org.xlstm4j.models.TensorShapes;

/**
 * A model on tensors: {@code x} in, {@code [batch][tokens][width]}; {@code y} out, of the same
 * shape, and each sequence's last state.
 *
 * @param model which
 * @param options how
 */
record SequenceRun(SequenceModel model, RunOptions options) {
  List<NamedTensor> run(Checkpoint inputs) throws IOException {
    Tensor x = inputs.get("x");
    int[] shape = TensorShapes.of(x, 2, 3);
    int batch = shape.length == 3 ? shape[0] : 1;
    int tokens = shape[shape.length - 2];
    int width = model.width();
    if (shape[shape.length - 1] != width) {
      throw ModelFormatException.of(
          x.file(), "tensor x", "vectors of " + width + " values", Arrays.toString(shape));
    }
    float[] values = x.toFloats();
    float[] y = new float[values.length];
    StateTensors states = new StateTensors();
    for (int b = 0; b < batch; b++) {
      SequenceSession session = model.newSession(options.team());
      int count = options.has(ModelOption.STEPS) ? 1 : tokens;
      for (int t = 0; t < tokens; t += count) {
        int at = (b * tokens + t) * width;
        float[] part = forward(x, session, Arrays.copyOfRange(values, at, at + count * width));
        System.arraycopy(part, 0, y, at, part.length);
      }
      states.add(session.state());
    }
    List<NamedTensor> outputs = new ArrayList<>();
    outputs.add(NamedTensor.of("y", y, batch, tokens, width));
    outputs.addAll(states.tensors());
    return outputs;
  }

  private float[] forward(Tensor x, SequenceSession session, float[] part)
      throws ModelFormatException {
    try {
      return options.has(ModelOption.STEPS) ? session.step(part) : session.forward(part);
    } catch (IllegalArgumentException e) {
      throw ModelFormatException.of(
          x.file(), "tensor x", "finite values", String.valueOf(e.getMessage()));
    }
  }
}
