package org.xlstm4j.models.action;

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

  /** Has a session act on it. */
  void act(ActionSession session, float reward, float[] action) {
    if (pictures) {
      session.act(pixels, reward, action);
    } else {
      session.act(values, reward, action);
    }
  }
}
