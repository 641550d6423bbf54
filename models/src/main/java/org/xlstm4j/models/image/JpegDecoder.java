package org.xlstm4j.models.image;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decodes a JPEG file, baseline or progressive with Huffman codes and samples of 8 bits. What lies
 * between segments, and segments that say nothing about the pixels, are passed over. Used once.
 */
final class JpegDecoder {
  private static final int START_OF_IMAGE = 0xD8;
  private static final int END_OF_IMAGE = 0xD9;
  private static final int START_OF_SCAN = 0xDA;
  private static final int HUFFMAN_TABLES = 0xC4;
  private static final int QUANTIZATION_TABLES = 0xDB;
  private static final int RESTART_INTERVAL = 0xDD;
  private static final int JFIF = 0xE0;
  private static final int EXIF = 0xE1;
  private static final int ADOBE = 0xEE;
  private static final String XMP = "http://ns.adobe.com/xap/1.0/\0";

  private final byte[] file;
  private final ImageLimits limits;
  private final Exif exif = new Exif();
  private final @Nullable HuffmanTable[] dc = new HuffmanTable[4];
  private final @Nullable HuffmanTable[] ac = new HuffmanTable[4];
  private final int[] @Nullable [] quantization = new int[4][];
  private int position = 2;
  private int restartInterval;
  private boolean jfif;
  private int adobeTransform = -1;
  private @Nullable JpegFrame frame;

  /** A decoder of the bytes of a file. */
  JpegDecoder(byte[] file, ImageLimits limits) {
    this.file = file;
    this.limits = limits;
    // single frames of cameras come without the tables that all have in common
    dc[0] = HuffmanTable.STANDARD_LUMA_DC;
    ac[0] = HuffmanTable.STANDARD_LUMA_AC;
    dc[1] = HuffmanTable.STANDARD_CHROMA_DC;
    ac[1] = HuffmanTable.STANDARD_CHROMA_AC;
  }

  /** Decodes the picture. */
  Image decode() throws UnreadableImageException {
    while (true) {
      int marker = nextMarker();
      if (marker == END_OF_IMAGE) {
        return finish();
      } else if (marker == START_OF_IMAGE) {
        throw new UnreadableImageException("segments", "one picture", "the start of another");
      } else if (marker == 0x01 || (marker & 0xF8) == 0xD0) {
        continue; // these have no body
      }
      ByteBuffer body = body();
      switch (marker) {
        case 0xC0, 0xC1, 0xC2 -> frame(body, marker == 0xC2);
        case 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF ->
            throw new UnreadableImageException(
                "frame",
                "baseline or progressive JPEG with Huffman codes",
                (marker & 8) == 0 ? "lossless or hierarchical JPEG" : "arithmetic codes");
        case HUFFMAN_TABLES -> huffmanTables(body);
        case QUANTIZATION_TABLES -> quantizationTables(body);
        case RESTART_INTERVAL -> restartInterval = body.getShort() & 0xFFFF;
        case JFIF -> jfif |= startsWith(body, "JFIF\0") && body.capacity() >= 14;
        case EXIF -> metadata(body);
        case ADOBE -> {
          if (startsWith(body, "Adobe") && body.capacity() >= 12) {
            adobeTransform = body.get(11) & 0xFF;
          }
        }
        case START_OF_SCAN -> {
          Image image = scan(body);
          if (image != null) {
            return image;
          }
        }
        default -> {
          if (marker < 0xC0) {
            throw new UnreadableImageException("segments", "a marker", "FF%02X".formatted(marker));
          }
        }
      }
    }
  }

  /** Passes over what is no marker. */
  private int nextMarker() {
    while (position + 1 < file.length) {
      int marker = file[position + 1] & 0xFF;
      if ((file[position] & 0xFF) == 0xFF && marker != 0 && marker != 0xFF) {
        position += 2;
        return marker;
      }
      position++;
    }
    throw new BufferUnderflowException();
  }

  private ByteBuffer body() {
    ByteBuffer rest = ByteBuffer.wrap(file, position, file.length - position);
    int length = rest.getShort() & 0xFFFF;
    if (length < 2 || length - 2 > rest.remaining()) {
      throw new BufferUnderflowException();
    }
    position += length;
    return rest.slice(rest.position(), length - 2);
  }

  private static boolean startsWith(ByteBuffer body, String text) {
    byte[] expected = text.getBytes(ISO_8859_1);
    return body.capacity() >= expected.length
        && body.slice(0, expected.length).equals(ByteBuffer.wrap(expected));
  }

  private void metadata(ByteBuffer body) {
    if (startsWith(body, "Exif\0\0")) {
      exif.readTiff(body.slice(6, body.capacity() - 6));
    } else if (startsWith(body, XMP)) {
      exif.readXmp(body);
    }
  }

  private void frame(ByteBuffer body, boolean progressive) throws UnreadableImageException {
    if (frame != null) {
      throw new UnreadableImageException("segments", "one frame", "another one");
    }
    frame = JpegFrame.read(body, progressive, limits);
  }

  private void huffmanTables(ByteBuffer body) throws UnreadableImageException {
    while (body.hasRemaining()) {
      int number = body.get() & 0xFF;
      boolean forDc = number < 16;
      int index = checkTable("Huffman table", forDc ? number : number - 16);
      (forDc ? dc : ac)[index] = HuffmanTable.read(body, forDc ? 15 : 255);
    }
  }

  private void quantizationTables(ByteBuffer body) throws UnreadableImageException {
    while (body.hasRemaining()) {
      int number = body.get() & 0xFF;
      int[] table = new int[64];
      for (int index : JpegBlocks.ZIGZAG) {
        table[index] = number >> 4 == 0 ? body.get() & 0xFF : body.getShort() & 0xFFFF;
      }
      quantization[checkTable("quantization table", number & 15)] = table;
    }
  }

  private static int checkTable(String place, int number) throws UnreadableImageException {
    if (number > 3) {
      throw new UnreadableImageException(place, "a number from 0 to 3", String.valueOf(number));
    }
    return number;
  }

  /** Reads a scan; returns the picture if it is in this scan alone. */
  private @Nullable Image scan(ByteBuffer header) throws UnreadableImageException {
    JpegFrame picture = frame;
    if (picture == null) {
      throw new UnreadableImageException("segments", "a frame before a scan", "none");
    }
    int count = header.get() & 0xFF;
    if (header.capacity() != 2 * count + 4 || count < 1 || count > picture.components().size()) {
      throw new UnreadableImageException("scan", "components of the frame", count + " components");
    }
    List<JpegComponent> components = new ArrayList<>();
    int[] tables = new int[count];
    for (int i = 0; i < count; i++) {
      components.add(component(picture, header.get() & 0xFF, components));
      tables[i] = header.get() & 0xFF;
    }
    JpegBlocks.Band band = band(picture, header, count);
    boolean alone = !picture.progressive() && count == picture.components().size();
    if (picture.components().getFirst().coefficients().length == 0) {
      if (!alone) {
        limits.checkCoefficients(picture.coefficients());
      }
      picture.components().forEach(component -> component.allocate(!alone));
    }
    JpegBits bits = new JpegBits(file, position);
    List<JpegBlocks> blocks = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      JpegComponent component = components.get(i);
      component.quantizeBy(table(quantization, component.table(), "quantization table"));
      component.scanned(band.first(), band.last(), band.bitsMissing());
      blocks.add(
          new JpegBlocks(
              component,
              band,
              band.needsDc() ? table(dc, tables[i] >> 4, "Huffman table") : null,
              band.needsAc() ? table(ac, tables[i] & 15, "Huffman table") : null,
              bits));
    }
    JpegScan scan = new JpegScan(picture, blocks, bits, restartInterval);
    if (alone) {
      return stream(picture, scan);
    }
    limits.countBlocks(scan.blocks());
    for (int row = 0; row < scan.rows(); row++) {
      scan.readRow(row);
    }
    position = bits.position();
    return null;
  }

  private static JpegComponent component(JpegFrame frame, int id, List<JpegComponent> taken)
      throws UnreadableImageException {
    for (JpegComponent component : frame.components()) {
      if (component.id() == id && !taken.contains(component)) {
        return component;
      }
    }
    throw new UnreadableImageException("scan", "a component of the frame", "component " + id);
  }

  private static JpegBlocks.Band band(JpegFrame frame, ByteBuffer header, int components)
      throws UnreadableImageException {
    int first = header.get() & 0xFF;
    int last = header.get() & 0xFF;
    int bits = header.get() & 0xFF;
    if (!frame.progressive()) {
      return new JpegBlocks.Band(0, 63, 0, 0); // whatever the header says
    }
    JpegBlocks.Band band = new JpegBlocks.Band(first, last, bits >> 4, bits & 15);
    boolean coefficients = first == 0 ? last == 0 : last <= 63 && first <= last && components == 1;
    boolean missing = band.bitsMissing() <= 13;
    boolean next = band.bitsBefore() == 0 || band.bitsBefore() == band.bitsMissing() + 1;
    if (!coefficients || !missing || !next) {
      throw new UnreadableImageException(
          "scan",
          "a part of a progressive picture",
          "coefficients %d to %d, bits %02X".formatted(first, last, bits));
    }
    return band;
  }

  private static <T> T table(@Nullable T[] tables, int number, String place)
      throws UnreadableImageException {
    T table = tables[checkTable(place, number)];
    if (table == null) {
      throw new UnreadableImageException(place, "number " + number, "none");
    }
    return table;
  }

  private Image stream(JpegFrame picture, JpegScan scan) throws UnreadableImageException {
    JpegOutput output = new JpegOutput(picture, colors(picture), exif.orientation());
    for (int row = 0; row < picture.unitRows(); row++) {
      scan.readRow(row);
      output.take(row);
      for (JpegComponent component : picture.components()) {
        Arrays.fill(component.coefficients(), (short) 0);
      }
    }
    return output.finish();
  }

  private Image finish() throws UnreadableImageException {
    JpegFrame picture = frame;
    if (picture == null || picture.components().getFirst().coefficients().length == 0) {
      throw new UnreadableImageException("pixels", "a scan", "none");
    }
    for (JpegComponent component : picture.components()) {
      if (picture.progressive() && !component.isComplete()) {
        throw new UnreadableImageException(
            "pixels", "all scans of a progressive picture", "only some");
      }
    }
    JpegOutput output = new JpegOutput(picture, colors(picture), exif.orientation());
    for (int row = 0; row < picture.unitRows(); row++) {
      output.take(row);
    }
    return output.finish();
  }

  /** The segments decide, without them the components' numbers. */
  private JpegColors colors(JpegFrame picture) {
    List<JpegComponent> components = picture.components();
    return switch (components.size()) {
      case 1 -> JpegColors.GRAY;
      case 3 -> {
        boolean named =
            components.get(0).id() == 'R'
                && components.get(1).id() == 'G'
                && components.get(2).id() == 'B';
        boolean rgb = adobeTransform == 0 || (adobeTransform < 0 && named);
        yield rgb && !jfif ? JpegColors.RGB : JpegColors.YCC;
      }
      default -> adobeTransform <= 0 ? JpegColors.INKS : JpegColors.YCC_BLACK;
    };
  }
}
