package org.xlstm4j.models.image;

import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;

/**
 * From decoded samples to grey or RGB bytes. Samples are taken as they are, without the colour
 * conversions of {@code java.awt}, as other readers of these files do; deeper samples keep their
 * upper 8 bits; what is transparent lies on white.
 */
final class Rasters {
  private static final int WHITE = 255;

  private Rasters() {}

  /** The bytes of an image with grey, RGB or palette colours, with or without transparency. */
  static Image toImage(BufferedImage decoded) {
    Raster raster = decoded.getRaster();
    ColorModel colors = decoded.getColorModel();
    return colors instanceof IndexColorModel palette
        ? ofPalette(raster, palette)
        : ofSamples(raster, colors);
  }

  private static Image ofPalette(Raster raster, IndexColorModel palette) {
    int[] argb = new int[palette.getMapSize()];
    palette.getRGBs(argb);
    int width = raster.getWidth();
    int height = raster.getHeight();
    byte[] data = new byte[Math.multiplyExact(Math.multiplyExact(height, width), 3)];
    int[] line = new int[width];
    int to = 0;
    for (int row = 0; row < height; row++) {
      raster.getSamples(raster.getMinX(), raster.getMinY() + row, width, 1, 0, line);
      for (int index : line) {
        int color = index < argb.length ? argb[index] : 0;
        int alpha = color >>> 24;
        data[to++] = over(color >> 16 & 0xFF, alpha);
        data[to++] = over(color >> 8 & 0xFF, alpha);
        data[to++] = over(color & 0xFF, alpha);
      }
    }
    return new Image(data, height, width, 3);
  }

  private static Image ofSamples(Raster raster, ColorModel colors) {
    int bands = raster.getNumBands();
    boolean alpha = colors.hasAlpha();
    int channels = alpha ? bands - 1 : bands;
    if (channels != 1 && channels != 3) {
      throw new IllegalArgumentException(bands + " colour components");
    }
    int width = raster.getWidth();
    int height = raster.getHeight();
    byte[] data = new byte[Math.multiplyExact(Math.multiplyExact(height, width), channels)];
    int[] bits = raster.getSampleModel().getSampleSize();
    int[] line = new int[width * bands];
    int to = 0;
    for (int row = 0; row < height; row++) {
      raster.getPixels(raster.getMinX(), raster.getMinY() + row, width, 1, line);
      for (int column = 0; column < width; column++) {
        int from = column * bands;
        int opacity = alpha ? eightBits(line[from + channels], bits[channels]) : WHITE;
        for (int channel = 0; channel < channels; channel++) {
          data[to++] = over(eightBits(line[from + channel], bits[channel]), opacity);
        }
      }
    }
    return new Image(data, height, width, channels);
  }

  private static int eightBits(int sample, int bits) {
    if (bits >= 8) {
      return sample >>> (bits - 8) & 0xFF;
    }
    return sample * 255 / ((1 << bits) - 1);
  }

  private static byte over(int value, int alpha) {
    return (byte) ((value * alpha + WHITE * (255 - alpha) + 127) / 255);
  }

  /**
   * The bytes of a JPEG image with four components, which are inks stored as their complements, as
   * Adobe's programs write them; or a luma and two chromas in place of three of them.
   */
  static Image ofInks(Raster raster, boolean ycck) {
    int width = raster.getWidth();
    int height = raster.getHeight();
    byte[] data = new byte[Math.multiplyExact(Math.multiplyExact(height, width), 3)];
    int[] line = new int[width * 4];
    int to = 0;
    for (int row = 0; row < height; row++) {
      raster.getPixels(raster.getMinX(), raster.getMinY() + row, width, 1, line);
      for (int from = 0; from < line.length; from += 4) {
        if (ycck) {
          complementOfYcc(line, from);
        }
        int black = line[from + 3];
        for (int ink = 0; ink < 3; ink++) {
          data[to++] = (byte) ((line[from + ink] * black + 127) / 255);
        }
      }
    }
    return new Image(data, height, width, 3);
  }

  private static void complementOfYcc(int[] line, int from) {
    int luma = line[from];
    int blue = line[from + 1] - 128;
    int red = line[from + 2] - 128;
    line[from] = 255 - clamp(luma + 1.402 * red);
    line[from + 1] = 255 - clamp(luma - 0.344136 * blue - 0.714136 * red);
    line[from + 2] = 255 - clamp(luma + 1.772 * blue);
  }

  private static int clamp(double value) {
    return (int) Math.clamp(Math.round(value), 0L, 255L);
  }
}
