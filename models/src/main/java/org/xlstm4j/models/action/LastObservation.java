package org.xlstm4j.models.action;

import org.jspecify.annotations.Nullable;

/** A copy of the last good observation of an episode. */
final class LastObservation {
  private final boolean pictures;
  private final float[] values;
  private final byte[] pixels;
  private boolean known;

  /** Room for an observation of the session's task; none if it is not wanted. */
  LastObservation(ActionSession session, boolean wanted) {
    pictures = session.task().pictures();
    ImageShape image = wanted && pictures ? session.model().image() : null;
    values = new float[wanted ? session.task().observationWidth() : 0];
    pixels = new byte[image == null ? 0 : image.bytes()];
  }

  void forget() {
    known = false;
  }

  /** Whether there is one. */
  boolean known() {
    return known;
  }

  /** Keeps a good vector, if there is room. */
  void keep(float[] observation) {
    if (values.length > 0) {
      System.arraycopy(observation, 0, values, 0, values.length);
      known = true;
    }
  }

  /** Keeps a good picture, if there is room. */
  void keep(byte[] picture) {
    if (pixels.length > 0) {
      System.arraycopy(picture, 0, pixels, 0, pixels.length);
      known = true;
    }
  }

  /** The vector, or null if observations are pictures. */
  float @Nullable [] values() {
    return pictures ? null : values;
  }

  /** The picture, or null if observations are vectors. */
  byte @Nullable [] pixels() {
    return pictures ? pixels : null;
  }
}
