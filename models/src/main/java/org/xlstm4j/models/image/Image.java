package org.xlstm4j.models.image;

/**
 * A decoded image, 8 bits a value. A camera loop keeps one image and refills its bytes.
 *
 * @param data the values, {@code [height][width][channels]}, not copied
 * @param height rows, at least 1
 * @param width columns, at least 1
 * @param channels 1 for gray, 3 for red, green and blue in this order
 */
@SuppressWarnings("ArrayRecordComponent") // sharing the buffer is its purpose
public record Image(byte[] data, int height, int width, int channels) {

  /** Checks that the sizes and the number of bytes fit each other. */
  public Image {
    if (height < 1 || width < 1) {
      throw new IllegalArgumentException("an image of " + height + " x " + width + " pixels");
    }
    if (channels != 1 && channels != 3) {
      throw new IllegalArgumentException("an image has 1 or 3 channels, not " + channels);
    }
    long expected = Math.multiplyExact((long) height * width, channels);
    if (data.length != expected) {
      throw new IllegalArgumentException(
          "an image of %d x %d pixels and %d channels takes %d bytes, not %d"
              .formatted(height, width, channels, expected, data.length));
    }
  }
}
