package org.xlstm4j.models.vil;

import org.xlstm4j.engine.WarmUp;
import org.xlstm4j.engine.cells.State;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.engine.threads.Workspace;
import org.xlstm4j.engine.tokens.Columns;
import org.xlstm4j.engine.weights.Linear;
import org.xlstm4j.models.blocks.Finite;
import org.xlstm4j.models.blocks.Pass;
import org.xlstm4j.models.blocks.TokenNorm;
import org.xlstm4j.models.image.Image;
import org.xlstm4j.models.image.ImagePreparation;
import org.xlstm4j.models.image.Size;
import org.xlstm4j.models.vision.VisionSession;

/** One size of pictures through a {@link VilModel}: patches, blocks, pooling, head. */
final class VilSession implements VisionSession {
  private final VilModel model;
  private final VilConfig config;
  private final Workspace workspace;
  private final Size image;
  private final Size grid;
  private final ImagePreparation preparation;
  private final float[] positions;
  private final Pass pass;
  private final Pass lastPass;

  /** What causal convolutions remember within a picture. */
  private final State history;

  /** The residual stream, {@code [tokens][width]}. */
  private final Columns x;

  /** The first and the last token of it, which may be the same. */
  private final Columns ends;

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
    history = new State(model.historyLayout());
    pass = Pass.ofGrid(workspace, history, grid.height(), grid.width());
    lastPass = config.pooling().endsOnly() ? pass.ofEnds() : pass;
    x = Columns.allocate(tokens, config.width());
    ends = tokens == 1 ? x : x.ends(tokens);
    pixels = new float[config.channels() * image.area()];
    patches = Columns.allocate(tokens, config.channels() * config.patch().area());
    featureTokens = config.pooling().endsOnly() ? 1 : tokens;
    features = Columns.allocate(featureTokens, config.featureWidth());
    featureImage = new float[config.pooling() == Pooling.TO_IMAGE ? features.data().length : 0];
    logits = Columns.allocate(featureTokens, Math.max(config.classes(), 1));
  }

  @Override
  public float[] run(Image picture) {
    preparation.prepare(picture, pixels);
    return run(pixels);
  }

  @Override
  public float[] run(float[] prepared) {
    embed(prepared);
    addPositions();
    model.blocks().forward(pass, lastPass, x);
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
    history.reset();
    model.patchEmbedding().apply(workspace, patches, grid.area(), x);
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
    float[] data = x.data();
    for (int i = 0; i < data.length; i++) {
      data[i] += positions[i];
    }
  }

  /** What stands behind the blocks: norm, pooling, norm, head. */
  float[] finish() {
    normalizeTokens();
    pool();
    TokenNorm headNorm = model.headNorm();
    if (headNorm != null) {
      headNorm.apply(features, 0, featureTokens, features);
    }
    Linear head = model.head();
    if (head != null) {
      head.apply(workspace, features, featureTokens, logits);
      return logits.data();
    }
    return features();
  }

  private void normalizeTokens() {
    TokenNorm tokenNorm = model.tokenNorm();
    if (tokenNorm == null) {
      return;
    }
    if (config.pooling().endsOnly()) {
      tokenNorm.apply(ends, 0, Math.min(grid.area(), 2), ends);
    } else {
      tokenNorm.apply(x, 0, grid.area(), x);
    }
  }

  private void pool() {
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

  @Override
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

  @Override
  public int[] featureShape() {
    return switch (config.pooling()) {
      case BILATERAL_AVERAGE, BILATERAL_FLATTEN -> new int[] {config.featureWidth()};
      case NONE -> new int[] {grid.area(), config.width()};
      case TO_IMAGE -> new int[] {config.width(), grid.height(), grid.width()};
    };
  }

  @Override
  public int[] outputShape() {
    if (config.classes() == 0) {
      return featureShape();
    }
    return featureTokens == 1 && config.pooling().endsOnly()
        ? new int[] {config.classes()}
        : new int[] {featureTokens, config.classes()};
  }

  @Override
  public Size image() {
    return image;
  }

  /** For tests: the residual stream. */
  Columns x() {
    return x;
  }

  /** For tests: the way through the blocks. */
  Pass pass() {
    return pass;
  }
}
