package org.xlstm4j.models.vision;

import java.util.List;
import org.xlstm4j.engine.Columns;
import org.xlstm4j.engine.Linear;
import org.xlstm4j.engine.Team;
import org.xlstm4j.engine.WarmUp;
import org.xlstm4j.engine.Workspace;
import org.xlstm4j.engine.layers.LayerNorm;
import org.xlstm4j.models.blocks.Finite;
import org.xlstm4j.models.image.Image;
import org.xlstm4j.models.image.ImagePreparation;
import org.xlstm4j.models.image.Size;

/**
 * Room to run images of one size through a {@link VilModel}, one after the other, as a camera loop
 * does: after the first image nothing is allocated.
 *
 * <p>Not thread-safe; different sessions of one model may run in different threads. The arrays
 * handed out are the session's own, valid until the next image.
 */
public final class VilSession {
  private final VilModel model;
  private final VilConfig config;
  private final Workspace workspace;
  private final Size image;
  private final Size grid;
  private final ImagePreparation preparation;
  private final float[] positions;
  private final VilPass pass;
  private final float[] pixels;

  /** {@code [tokens][channels * patch rows * patch columns]}. */
  private final Columns patches;

  /** What the head sees: the pooled vector, or every token. */
  private final Columns features;

  private final int featureTokens;

  /** The features, channels first, where the model gives them so. */
  private final float[] featureImage;

  private final Columns logits;

  VilSession(VilModel model, Team team, Size image) {
    this.model = model;
    this.image = image;
    config = model.config();
    WarmUp.begin();
    workspace = new Workspace(team);
    grid = config.grid(image);
    int tokens = grid.area();
    preparation = new ImagePreparation(config.channels(), image, config.mean(), config.std());
    positions = model.positions().resized(grid).values();
    pass = new VilPass(config, model.cell(), model.historyLayout(), workspace, grid);
    pixels = new float[config.channels() * image.area()];
    patches = Columns.allocate(tokens, config.channels() * config.patch().area());
    featureTokens = config.pooling().endsOnly() ? 1 : tokens;
    features = Columns.allocate(featureTokens, config.featureWidth());
    featureImage = new float[config.pooling() == Pooling.TO_IMAGE ? features.data().length : 0];
    logits = Columns.allocate(featureTokens, Math.max(config.classes(), 1));
  }

  /**
   * Runs a decoded image of any size.
   *
   * @param picture grey or colour; prepared as the configuration says
   * @return as {@link #run(float[])}
   */
  public float[] run(Image picture) {
    preparation.prepare(picture, pixels);
    return run(pixels);
  }

  /**
   * Runs a prepared image.
   *
   * @param prepared {@code [channels][height][width]}, normalized
   * @return the logits, or the features of a model without a head; of the shape {@link
   *     #outputShape()}
   * @throws IllegalStateException if it is not finite, since the weights are damaged
   */
  public float[] run(float[] prepared) {
    embed(prepared);
    addPositions();
    List<VilBlock> blocks = model.blocks();
    for (int i = 0; i < blocks.size(); i++) {
      boolean last = i == blocks.size() - 1;
      runBlock(i, last && config.pooling().endsOnly());
    }
    float[] output = finish();
    Finite.require(config.classes() == 0 ? "features" : "logits", output, 0, output.length);
    return output;
  }

  /** Patches to tokens. */
  void embed(float[] prepared) {
    if (prepared.length != pixels.length) {
      throw new IllegalArgumentException(
          "an image of %d x %s takes %d values, not %d"
              .formatted(config.channels(), image, pixels.length, prepared.length));
    }
    cut(prepared);
    pass.reset();
    model.patchEmbedding().apply(workspace, patches, grid.area(), pass.x());
  }

  /** Each patch as one token: channel by channel, row by row. */
  private void cut(float[] prepared) {
    Size patch = config.patch();
    Size stride = config.stride();
    for (int token = 0; token < grid.area(); token++) {
      int top = token / grid.width() * stride.height();
      int left = token % grid.width() * stride.width();
      int to = patches.at(token);
      for (int channel = 0; channel < config.channels(); channel++) {
        for (int row = 0; row < patch.height(); row++) {
          int from = (channel * image.height() + top + row) * image.width() + left;
          System.arraycopy(prepared, from, patches.data(), to, patch.width());
          to += patch.width();
        }
      }
    }
  }

  void addPositions() {
    float[] x = pass.x().data();
    for (int i = 0; i < x.length; i++) {
      x[i] += positions[i];
    }
  }

  /** Even blocks walk from the top left, odd ones from the bottom right. */
  void runBlock(int index, boolean endsOnly) {
    pass.run(model.blocks().get(index), index % 2 == 1, endsOnly);
  }

  /** What stands behind the blocks: norm, pooling, norm, head. */
  float[] finish() {
    normalizeTokens();
    pool();
    LayerNorm headNorm = model.headNorm();
    if (headNorm != null) {
      headNorm.apply(features, featureTokens, features);
    }
    Linear head = model.head();
    if (head != null) {
      head.apply(workspace, features, featureTokens, logits);
      return logits.data();
    }
    return features();
  }

  private void normalizeTokens() {
    LayerNorm tokenNorm = model.tokenNorm();
    if (tokenNorm == null) {
      return;
    }
    Columns x = pass.x();
    if (config.pooling().endsOnly()) {
      Columns kept = pass.endsOfX();
      tokenNorm.apply(kept, pass.endCount(), kept);
    } else {
      tokenNorm.apply(x, grid.area(), x);
    }
  }

  private void pool() {
    Columns x = pass.x();
    int width = config.width();
    float[] target = features.data();
    switch (config.pooling()) {
      case BILATERAL_AVERAGE -> {
        int first = x.at(0);
        int last = x.at(grid.area() - 1);
        for (int i = 0; i < width; i++) {
          target[i] = (x.data()[first + i] + x.data()[last + i]) / 2;
        }
      }
      case BILATERAL_FLATTEN -> {
        System.arraycopy(x.data(), x.at(0), target, 0, width);
        System.arraycopy(x.data(), x.at(grid.area() - 1), target, width, width);
      }
      case NONE, TO_IMAGE -> System.arraycopy(x.data(), 0, target, 0, target.length);
    }
  }

  /**
   * The features of the last image: what the head sees, or would see.
   *
   * @return values of the shape {@link #featureShape()}
   */
  public float[] features() {
    if (config.pooling() != Pooling.TO_IMAGE) {
      return features.data();
    }
    int tokens = grid.area();
    for (int token = 0; token < tokens; token++) {
      int from = features.at(token);
      for (int i = 0; i < config.width(); i++) {
        featureImage[i * tokens + token] = features.data()[from + i];
      }
    }
    return featureImage;
  }

  /**
   * The shape of the features.
   *
   * @return {@code [width]} pooled, {@code [tokens, width]}, or {@code [width, rows, columns]}
   */
  public int[] featureShape() {
    return switch (config.pooling()) {
      case BILATERAL_AVERAGE, BILATERAL_FLATTEN -> new int[] {config.featureWidth()};
      case NONE -> new int[] {grid.area(), config.width()};
      case TO_IMAGE -> new int[] {config.width(), grid.height(), grid.width()};
    };
  }

  /**
   * The shape of the output.
   *
   * @return {@code [classes]}, {@code [tokens, classes]} without pooling, or that of the features
   */
  public int[] outputShape() {
    if (config.classes() == 0) {
      return featureShape();
    }
    return featureTokens == 1 && config.pooling().endsOnly()
        ? new int[] {config.classes()}
        : new int[] {featureTokens, config.classes()};
  }

  /**
   * The size of prepared images.
   *
   * @return whole patches
   */
  public Size image() {
    return image;
  }

  /** For tests: the activations. */
  VilPass pass() {
    return pass;
  }
}
