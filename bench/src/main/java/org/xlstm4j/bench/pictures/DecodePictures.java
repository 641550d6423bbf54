package org.xlstm4j.bench.pictures;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.xlstm4j.models.image.Image;
import org.xlstm4j.models.image.ImageDecoder;

/**
 * Decodes all files of a folder: {@code DecodePictures FILES PIXELS} writes the pixels of each file
 * to the folder PIXELS as a PPM or PGM file, and a line to standard output with the file's name,
 * the milliseconds it took and, if it is refused, why; with tabs between them.
 */
public final class DecodePictures {
  private DecodePictures() {}

  /**
   * Runs the program.
   *
   * @param args the folder of files and the folder of pixels
   * @throws IOException if a folder cannot be read or written
   */
  public static void main(String[] args) throws IOException {
    Path pixels = Files.createDirectories(Path.of(args[1]));
    List<Path> files;
    try (Stream<Path> listed = Files.list(Path.of(args[0]))) {
      files = listed.sorted().toList();
    }
    for (Path file : files) {
      String name = file.getFileName().toString();
      long start = System.nanoTime();
      String refused = "";
      try {
        Image image = ImageDecoder.read(file);
        write(image, pixels.resolve(name + ".ppm"));
      } catch (IOException e) {
        refused = String.valueOf(e.getMessage());
      }
      long milliseconds = (System.nanoTime() - start) / 1_000_000;
      System.out.println(name + "\t" + milliseconds + "\t" + refused);
    }
  }

  private static void write(Image image, Path file) throws IOException {
    String kind = image.channels() == 1 ? "P5" : "P6";
    try (OutputStream out = Files.newOutputStream(file)) {
      String header = kind + "\n" + image.width() + " " + image.height() + "\n255\n";
      out.write(header.getBytes(US_ASCII));
      out.write(image.data());
    }
  }
}
