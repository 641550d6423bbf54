package example.decay;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.xlstm4j.engine.cells.SlstmCell;
import org.xlstm4j.engine.cells.StateLayout;
import org.xlstm4j.engine.layers.RmsNorm;
import org.xlstm4j.engine.weights.Linear;
import org.xlstm4j.engine.weights.Matrix;
import org.xlstm4j.loader.Checkpoint;
import org.xlstm4j.loader.TensorReader;
import org.xlstm4j.loader.config.Config;
import org.xlstm4j.loader.files.ModelFormatException;
import org.xlstm4j.models.Model;
import org.xlstm4j.models.ModelFamily;
import org.xlstm4j.models.ModelOption;
import org.xlstm4j.models.blocks.Residual;
import org.xlstm4j.models.blocks.ResidualStack;
import org.xlstm4j.models.blocks.TokenNorm;
import org.xlstm4j.models.language.LanguageModel;
import org.xlstm4j.models.language.StackedLanguageModel;

/** Language models of decaying memories: {@code model_type} decay. */
public final class DecayFamily implements ModelFamily {
  private static final float EPSILON = 1e-6f;

  /** Made by the service loader. */
  public DecayFamily() {}

  @Override
  public String name() {
    return "Decay";
  }

  @Override
  public Class<? extends Model> capability() {
    return LanguageModel.class;
  }

  @Override
  public Set<ModelOption> options() {
    return Set.of(ModelOption.STEPS);
  }

  @Override
  public boolean recognizes(Config config) throws ModelFormatException {
    return config.textOr("model_type", "").equals("decay");
  }

  @Override
  public Model open(Config config, Checkpoint checkpoint, SlstmCell.Arithmetic arithmetic)
      throws ModelFormatException {
    int vocabularySize = config.integer("vocab_size", 1, 1 << 20);
    int width = config.integer("width", 1, 1 << 16);
    int blocks = config.integer("blocks", 1, 1000);

    TensorReader tensors = new TensorReader(checkpoint);
    StateLayout layout = new StateLayout();
    Matrix embedding = tensors.matrix("embedding.weight", vocabularySize, width);
    List<Residual> residuals = new ArrayList<>();
    for (int block = 0; block < blocks; block++) {
      TensorReader below = tensors.under("blocks." + block + ".");
      residuals.add(
          new Residual(
              norm(below, "norm", width),
              new DecayLayer(width, below, layout, "block_" + block + ".h")));
    }
    TokenNorm outNorm = norm(tensors, "out_norm", width);
    Matrix head = tensors.matrix("head.weight", vocabularySize, width);
    tensors.finish();
    return new StackedLanguageModel(
        name(),
        config,
        checkpoint,
        layout,
        new StackedLanguageModel.Parts(
            embedding,
            new ResidualStack(width, residuals),
            outNorm,
            new Linear(head),
            Float.POSITIVE_INFINITY));
  }

  private static TokenNorm norm(TensorReader tensors, String name, int width) {
    return new RmsNorm(tensors.vector(name + ".weight", width), new float[0], EPSILON)::apply;
  }
}
