package org.xlstm4j.models.language;

import java.io.IOException;
import java.util.ArrayList;
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
 * A language model on tensors: {@code input_ids} in, {@code [batch][tokens]}; {@code logits} out,
 * and each sequence's last state.
 *
 * @param model which
 * @param options how
 */
record LanguageRun(LanguageModel model, RunOptions options) {
  List<NamedTensor> run(Checkpoint inputs) throws IOException {
    Tensor ids = inputs.get("input_ids");
    int[] shape = TensorShapes.of(ids, 1, 2);
    int batch = shape.length == 2 ? shape[0] : 1;
    int length = shape[shape.length - 1];
    int width = model.vocabularySize();
    long size = (long) batch * length * width;
    if (size > NamedTensor.LARGEST) {
      throw ModelFormatException.of(
          ids.file(),
          "tensor input_ids",
          "at most " + NamedTensor.LARGEST / width + " tokens, for their logits to fit an array",
          (long) batch * length + " tokens");
    }
    float[] logits = new float[(int) size];
    int[] tokens = tokens(ids, width);
    StateTensors states = new StateTensors();
    for (int b = 0; b < batch; b++) {
      LanguageSession session = model.newSession(options.team());
      int count = options.has(ModelOption.STEPS) ? 1 : length;
      for (int t = 0; t < length; t += count) {
        float[] scored = new float[count * width];
        session.score(tokens, b * length + t, count, scored);
        System.arraycopy(scored, 0, logits, (b * length + t) * width, scored.length);
      }
      states.add(session.state());
    }
    List<NamedTensor> outputs = new ArrayList<>();
    outputs.add(NamedTensor.of("logits", logits, batch, length, width));
    outputs.addAll(states.tensors());
    return outputs;
  }

  private static int[] tokens(Tensor ids, int vocabularySize) throws IOException {
    long[] values = ids.toLongs();
    int[] tokens = new int[values.length];
    for (int i = 0; i < tokens.length; i++) {
      if (values[i] < 0 || values[i] >= vocabularySize) {
        throw ModelFormatException.of(
            ids.file(), "input_ids[" + i + "]", "0 to " + (vocabularySize - 1), "" + values[i]);
      }
      tokens[i] = (int) values[i];
    }
    return tokens;
  }
}
