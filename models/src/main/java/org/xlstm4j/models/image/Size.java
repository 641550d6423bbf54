package org.xlstm4j.models.image;

/**
 * Height and width: of an image or a patch in pixels, of a grid in tokens.
 *
 * @param height rows, at least 1
 * @param width columns, at least 1
 */
public record Size(int height, int width) {

  /** Checks that neither is below 1. */
  public Size {
    if (height < 1 || width < 1) {
      throw new IllegalArgumentException("a size of " + height + " x " + width);
    }
  }

  /**
   * Rows times columns.
   *
   * @return at least 1
   */
  public int area() {
    return Math.multiplyExact(height, width);
  }

  @Override
  public String toString() {
    return height + " x " + width;
  }
}
