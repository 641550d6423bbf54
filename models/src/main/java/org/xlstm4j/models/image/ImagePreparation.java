package org.xlstm4j.models.image;

import java.util.List;

/**
 * From an image of any size to a model's input, as the published checkpoints are evaluated: bicubic
 * resize until the image just covers the model's size, center crop, then {@code (value / 255 -
 * mean) / std} with the channels first. Equal to the Python original (Pillow and torchvision) bit
 * for bit.
 *
 * <p>An image whose number of channels is not the model's is made gray by luma, as Pillow's mode L,
 * or has its gray values repeated. Only the cropped part is ever computed, so that memory stays
 * within the image's own size however long and thin it is.
 *
 * <p>Buffers are kept: images of the same size after the first allocate nothing. Not thread-safe.
 */
public final class ImagePreparation {
  private static final int VALUES = 256;

  private final int channels;
  private final int height;
  private final int width;
  private final float[] normalized;
  private final BicubicResize resize = new BicubicResize();
  private final byte[] cropped;
  private byte[] gray = new byte[0];

  /** How images of the last image's size are resized. */
  private Size sourceSize;

  private Size resized;
  private BicubicResize.Window window;

  /**
   * A preparation.
   *
   * @param channels channels of the model, 1 or 3
   * @param size of the model's input
   * @param mean what is subtracted, one value a channel
   * @param std what is divided by, one value a channel, above 0
   */
  public ImagePreparation(int channels, Size size, List<Float> mean, List<Float> std) {
    if (channels != 1 && channels != 3) {
      throw new IllegalArgumentException("a model of images has 1 or 3 channels, not " + channels);
    }
    if (mean.size() != channels || std.size() != channels) {
      throw new IllegalArgumentException(
          "%d means and %d deviations for %d channels"
              .formatted(mean.size(), std.size(), channels));
    }
    this.channels = channels;
    height = size.height();
    width = size.width();
    sourceSize = size;
    resized = size;
    window = new BicubicResize.Window(0, 0, height, width);
    cropped = new byte[Math.multiplyExact(Math.multiplyExact(height, width), channels)];
    normalized = new float[channels * VALUES];
    for (int channel = 0; channel < channels; channel++) {
      for (int value = 0; value < VALUES; value++) {
        normalized[channel * VALUES + value] =
            (value / 255f - mean.get(channel)) / std.get(channel);
      }
    }
  }

  /**
   * Prepares an image.
   *
   * @param image any size, gray or color
   * @param pixels receives the model's input, {@code [channels][height][width]}
   * @throws IllegalArgumentException if the image is so thin that its other side, resized, would
   *     have more than 2^31 pixels
   */
  public void prepare(Image image, float[] pixels) {
    crop(image);
    int plane = height * width;
    for (int channel = 0; channel < channels; channel++) {
      for (int i = 0; i < plane; i++) {
        int value = cropped[i * channels + channel] & 0xFF;
        pixels[channel * plane + i] = normalized[channel * VALUES + value];
      }
    }
  }

  /** Resizes and crops; the result is {@code [height][width][channels]} and is used again. */
  byte[] crop(Image image) {
    if (image.height() != sourceSize.height() || image.width() != sourceSize.width()) {
      plan(new Size(image.height(), image.width()));
    }
    if (image.channels() == channels) {
      resize.resize(image.data(), sourceSize, channels, resized, window, cropped);
    } else if (channels == 1) {
      resize.resize(grayOf(image), sourceSize, 1, resized, window, cropped);
    } else {
      // its values are repeated where there are few of them, with the same result
      int count = height * width;
      if (gray.length < count) {
        gray = new byte[count];
      }
      resize.resize(image.data(), sourceSize, 1, resized, window, gray);
      for (int i = 0; i < count; i++) {
        cropped[3 * i] = gray[i];
        cropped[3 * i + 1] = gray[i];
        cropped[3 * i + 2] = gray[i];
      }
    }
    return cropped;
  }

  private void plan(Size source) {
    boolean heightDecides = (long) height * source.width() >= (long) width * source.height();
    resized =
        heightDecides
            ? new Size(height, scaled(height, source.width(), source.height()))
            : new Size(scaled(width, source.height(), source.width()), width);
    int top = margin(resized.height() - height);
    int left = margin(resized.width() - width);
    window = new BicubicResize.Window(top, left, height, width);
    sourceSize = source;
  }

  private static int scaled(int size, int longer, int shorter) {
    long scaled = (long) size * longer / shorter;
    if (scaled > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "an image of " + shorter + " by " + longer + " pixels is too thin to be resized");
    }
    return (int) scaled;
  }

  /** What is cut off at the top or left: half, and of a half pixel the even neighbor. */
  private static int margin(int excess) {
    return (int) Math.rint(excess / 2.0);
  }

  private byte[] grayOf(Image image) {
    byte[] data = image.data();
    int count = image.height() * image.width();
    if (gray.length < count) {
      gray = new byte[count];
    }
    for (int i = 0; i < count; i++) {
      gray[i] = luma(data[3 * i] & 0xFF, data[3 * i + 1] & 0xFF, data[3 * i + 2] & 0xFF);
    }
    return gray;
  }

  /** ITU-R 601-2 luma with 16 fractional bits, as Pillow rounds it. */
  private static byte luma(int red, int green, int blue) {
    return (byte) ((19595 * red + 38470 * green + 7471 * blue + 0x8000) >> 16);
  }
}
