package org.xlstm4j.reliability.fuzzing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Reads files of some megabytes that consist of as many things as fit, in a heap of 16 MB and ten
 * times a file, and the JVM's own. Fuzzing does not get that far with files of a few kilobytes.
 */
public final class DenseFiles {
  /** Length of each file. */
  static final int BYTES = 2 << 20;

  /** Heap in megabytes: what is promised, and 8 for the JVM, the classes and the file itself. */
  static final int HEAP = 16 + 10 * (BYTES >> 20) + 8 + (BYTES >> 20);

  private DenseFiles() {}

  /**
   * A kind of file.
   *
   * @param target reads it
   * @param start what it begins with
   * @param part what is repeated; {@code #} stands for a number that counts up from 0, in base 36,
   *     and {@code @} for the next one in decimal
   * @param end what it ends with
   */
  record Kind(FuzzTarget target, String start, String part, String end) {
    /** The file. */
    byte[] file() throws IOException {
      ByteArrayOutputStream text = new ByteArrayOutputStream(BYTES + 128);
      text.write(start.getBytes(ISO_8859_1));
      for (int i = 0; text.size() < BYTES; i++) {
        String next = part.replace("#", Integer.toString(i, 36));
        text.write(next.replace("@", Integer.toString(i + 1)).getBytes(ISO_8859_1));
      }
      text.write(end.getBytes(ISO_8859_1));
      return switch (target) {
        case SAFETENSORS, HEAD -> safetensors(text.toByteArray());
        case ARCHIVE -> archive(text.toByteArray());
        default -> text.toByteArray();
      };
    }

    /** An archive of a pickle and the storage of a number. */
    private static byte[] archive(byte[] pickle) throws IOException {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream(pickle.length + 512);
      try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
        add(zip, "x/data.pkl", pickle);
        add(zip, "x/data/0", new byte[Float.BYTES]);
      }
      return bytes.toByteArray();
    }

    private static void add(ZipOutputStream zip, String name, byte[] contents) throws IOException {
      CRC32 checksum = new CRC32();
      checksum.update(contents);
      ZipEntry entry = new ZipEntry(name);
      entry.setMethod(ZipEntry.STORED);
      entry.setSize(contents.length);
      entry.setCrc(checksum.getValue());
      zip.putNextEntry(entry);
      zip.write(contents);
    }

    private static byte[] safetensors(byte[] header) {
      return ByteBuffer.allocate(Long.BYTES + header.length)
          .order(ByteOrder.LITTLE_ENDIAN)
          .putLong(header.length)
          .put(header)
          .array();
    }

    /** The kind in a line. */
    String describe() {
      String shown = part.replace("\n", "\\n").replaceAll("\\P{Print}", "~");
      return target.name().toLowerCase(Locale.ROOT)
          + " of "
          + shown.substring(0, Math.min(40, shown.length()));
    }
  }

  /** All kinds. */
  static List<Kind> kinds() {
    List<Kind> kinds = new ArrayList<>();
    for (String part : List.of("0,", "9,", "\"\",", "\"a\",", "[],", "{},", "{\"a\":0},", "1e9,")) {
      kinds.add(new Kind(FuzzTarget.JSON, "[", part, "0]"));
      kinds.add(new Kind(FuzzTarget.YAML, "[", part, "0]"));
    }
    kinds.add(new Kind(FuzzTarget.JSON, "{", "\"#\":0,", "\"\":0}"));
    kinds.add(new Kind(FuzzTarget.YAML, "", "- \n", ""));
    kinds.add(new Kind(FuzzTarget.YAML, "", "k#: \n", ""));
    kinds.add(new Kind(FuzzTarget.YAML, "a: ", "x", ""));
    kinds.add(new Kind(FuzzTarget.YAML, "", "[", ""));
    kinds.add(new Kind(FuzzTarget.YAML, "", "? ", ""));
    kinds.add(new Kind(FuzzTarget.YAML, "\"", "\\n", "\""));
    kinds.add(new Kind(FuzzTarget.YAML, "", "#a\n", ""));
    kinds.add(new Kind(FuzzTarget.INDEX, "{\"weight_map\":{", "\"#\":\"\",", "\"\":\"\"}}"));
    kinds.add(new Kind(FuzzTarget.INDEX, "{\"weight_map\":{", "\"#\":\"#\",", "\"\":\"\"}}"));
    kinds.add(new Kind(FuzzTarget.INDEX, "{\"x\":{", "\"#\":0,", "\"\":\"\"}}"));
    String tensor = "\"#\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]},";
    String last = tensor.replace("#", "").substring(0, tensor.length() - 2);
    kinds.add(new Kind(FuzzTarget.SAFETENSORS, "{", tensor, last + "}"));
    kinds.add(
        new Kind(FuzzTarget.SAFETENSORS, "{\"__metadata__\":{", "\"#\":\"\",", "\"\":\"\"}}"));
    kinds.add(new Kind(FuzzTarget.SAFETENSORS, "{\"a\":{\"dtype\":\"U8\",\"x\":[", "[],", "0]}}"));
    kinds.add(new Kind(FuzzTarget.HEAD, "{\"__metadata__\":{", "\"#\":\"\",", "\"\":\"\"}}"));
    String model = "{\"version\":\"1.0\",\"model\":{\"type\":\"BPE\",\"vocab\":{";
    kinds.add(new Kind(FuzzTarget.TOKENIZER, model, "\"#\":0,", "\"\":1}}}"));
    kinds.add(
        new Kind(FuzzTarget.TOKENIZER, model + "\"a\":0},\"merges\":[", "\"a a\",", "\"a a\"]}}"));
    kinds.add(
        new Kind(
            FuzzTarget.TOKENIZER, model + "\"a\":0},\"merges\":[", "[\"\",\"\"],", "\"a a\"]}}"));
    String first = "{\"added_tokens\":[{\"id\":0,\"content\":\"";
    String flags =
        "\",\"special\":true,\"single_word\":false,\"lstrip\":false,\"rstrip\":false,"
            + "\"normalized\":false}";
    String words = "\"pre_tokenizer\":{\"type\":\"ByteLevel\",\"add_prefix_space\":false}";
    String rest =
        ",\"decoder\":{\"type\":\"ByteLevel\",\"add_prefix_space\":false},"
            + "\"model\":{\"type\":\"BPE\",\"vocab\":{},\"merges\":[]}}";
    kinds.add(new Kind(FuzzTarget.TOKENIZER, first, "a", flags + "]," + words + rest));
    kinds.add(
        new Kind(
            FuzzTarget.TOKENIZER,
            first + "<" + flags,
            ",{\"id\":@,\"content\":\"#" + flags,
            "]," + words + rest));
    kinds.add(
        new Kind(
            FuzzTarget.TOKENIZER,
            first + "<" + flags,
            ",{\"id\":@,\"content\":\"#" + "a".repeat(400) + flags,
            "]," + words + rest));
    for (String key : List.of("Regex", "String")) {
      kinds.add(
          new Kind(
              FuzzTarget.TOKENIZER,
              "{\"pre_tokenizer\":{\"type\":\"Sequence\",\"pretokenizers\":[{\"type\":\"Split\","
                  + "\"pattern\":{\""
                  + key
                  + "\":\"",
              "a",
              "\"}}]}" + rest));
    }
    kinds.add(new Kind(FuzzTarget.COLUMNS, "0", "1\n", ""));
    kinds.add(new Kind(FuzzTarget.COLUMNS, "0", ",", "\n"));
    kinds.add(new Kind(FuzzTarget.COLUMNS, "0\"", "\n", "\""));
    kinds.add(new Kind(FuzzTarget.COLUMNS, "01,", "2000" + " ".repeat(28) + ",", "\n"));
    kinds.add(new Kind(FuzzTarget.COLUMNS, "1value,", "#" + " ".repeat(30) + ",", "\n"));
    kinds.add(new Kind(FuzzTarget.ROWS, "0", "1\n", ""));
    kinds.add(new Kind(FuzzTarget.ROWS, "1", "a,1\n", ""));
    kinds.add(new Kind(FuzzTarget.ROWS, "1", "#,1\n", ""));
    kinds.add(new Kind(FuzzTarget.REQUEST, "{\"observation\":[", "0,", "0]}"));
    kinds.add(new Kind(FuzzTarget.REQUEST, "{\"observation\":[", "{},", "0]}"));
    kinds.add(new Kind(FuzzTarget.REQUEST, "{\"picture\":\"", "AAAA", "\"}"));
    kinds.add(new Kind(FuzzTarget.REQUEST, "{\"observation\":[", "1", "]}"));
    kinds.add(new Kind(FuzzTarget.HUB, "[", "{},", "{}]"));
    kinds.add(
        new Kind(
            FuzzTarget.HUB,
            "[",
            "{\"type\":\"file\",\"path\":\"#\",\"size\":0,\"oid\":\"" + "a".repeat(40) + "\"},",
            "{}]"));
    kinds.add(new Kind(FuzzTarget.LIMITS, "{\"lowest\":[", "0,", "0]}"));
    kinds.addAll(archives());
    return kinds;
  }

  /** Pickles of a tensor of 64 dimensions and a list, to which each part appends an object. */
  private static List<Kind> archives() {
    String shape = "(" + "K\1".repeat(64) + "t";
    String start =
        "}X\1\0\0\0tctorch._utils\n_rebuild_tensor_v2\nq\0((X\7\0\0\0storage"
            + "ctorch\nFloatStorage\nX\1\0\0\0"
            + "0X\3\0\0\0cpuK\1tq\2QK\0"
            + shape
            + shape
            + "\u0089Ntq\1RsX\1\0\0\0l]";
    List<Kind> archives = new ArrayList<>();
    for (String part :
        List.of(
            "h\0h\1Ra", // a tensor
            "h\2Qa", // a storage
            "\u008c\0a", // an empty text
            "\u008a\0a", // a zero
            "N\u0094a", // a place in the memo
            "h\0a", // what is known
            "]a",
            ")\u0085a",
            "}NNsa")) {
      archives.add(new Kind(FuzzTarget.ARCHIVE, start, part, "s."));
    }
    return archives;
  }

  /**
   * Reads all of them, a line each on standard output; ends with status 1 if one did not fit.
   *
   * @param arguments none
   */
  public static void main(String[] arguments) throws IOException {
    boolean broken = false;
    for (Kind kind : kinds()) {
      byte[] file = kind.file();
      long time = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
      String how;
      try {
        kind.target().reader().read(file);
        how = "read";
      } catch (IOException refused) {
        how = "refused";
      } catch (OutOfMemoryError e) {
        how = "broken: " + e;
      }
      time = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - time;
      boolean slow = time > 1_000_000_000L * (1 + BYTES / (1 << 20));
      broken |= slow || how.startsWith("broken");
      System.out.printf(
          "%s: %s, %.1f s%s%n", kind.describe(), how, time / 1e9, slow ? ": too long" : "");
    }
    System.exit(broken ? 1 : 0);
  }
}
