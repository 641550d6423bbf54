package example.decay;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.xlstm4j.engine.cells.StateLayout;
import org.xlstm4j.engine.tokens.Columns;
import org.xlstm4j.engine.tokens.TokenWork;
import org.xlstm4j.engine.weights.Linear;
import org.xlstm4j.loader.TensorReader;
import org.xlstm4j.models.blocks.Layer;
import org.xlstm4j.models.blocks.LinearReader;
import org.xlstm4j.models.blocks.Pass;
import org.xlstm4j.models.blocks.TokenBuffers;
import org.xlstm4j.models.blocks.Weights;

/**
 * The simplest recurrent layer: a memory of every channel that decays.
 *
 * <pre>
 * v = value x
 * h = sigmoid(decay) * h + v
 * y = h
 * </pre>
 */
final class DecayLayer implements Layer {
  private final int width;
  private final Linear value;
  private final float[] decay;
  private final StateLayout.Slot memory;
  private final TokenBuffers<Columns> buffers;

  DecayLayer(int width, TensorReader tensors, StateLayout layout, String stateName) {
    this.width = width;
    value = LinearReader.one(tensors, "value", width, width, false);
    decay = tensors.vector("decay", width);
    for (int i = 0; i < decay.length; i++) {
      decay[i] = (float) (1 / (1 + Math.exp(-decay[i])));
    }
    memory = layout.add(stateName, width);
    buffers = new TokenBuffers<>(Columns.class, tokens -> Columns.allocate(tokens, width), width);
  }

  @Override
  public void forward(Pass pass, TokenWork before, Columns x, Columns y) {
    Columns v = buffers.of(pass.workspace(), pass.tokens());
    value.apply(pass.workspace(), before, x, pass.tokens(), v);
    MemorySegment h = pass.state().segment().asSlice(memory.byteOffset());
    for (int token = 0; token < pass.tokens(); token++) {
      for (int i = 0; i < width; i++) {
        float sum =
            decay[i] * h.getAtIndex(ValueLayout.JAVA_FLOAT, i) + v.data()[v.at(token) + i];
        h.setAtIndex(ValueLayout.JAVA_FLOAT, i, sum);
        y.data()[y.at(token) + i] = sum;
      }
    }
  }

  @Override
  public Weights weights() {
    return Weights.of(value);
  }
}
