package org.xlstm4j.cli.commands;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.TreeSet;
import org.xlstm4j.models.embedding.HeadFit;
import org.xlstm4j.models.embedding.LinearHead;

/** The labels of a file's rows, as a head is fitted to them. */
sealed interface HeadLabels {
  /** What a head of these labels gives. */
  LinearHead.Kind kind();

  /** The names of the head's outputs. */
  List<String> names();

  /**
   * Fits.
   *
   * @param embeddings of the labels' rows
   * @param penalty a fixed one, or none
   */
  HeadFit fit(List<float[]> embeddings, OptionalDouble penalty);

  /**
   * Checks the labels of other rows.
   *
   * @param file with the other rows
   * @param labels of the other rows
   * @throws IOException if they are not of this kind
   */
  void requireAlike(String file, List<String> labels) throws IOException;

  /**
   * How good a head is on other rows: the share of right classes, or R squared.
   *
   * @param head fitted to these labels
   * @param embeddings of the other rows
   * @param file with the other rows
   * @param labels of the other rows
   */
  double score(LinearHead head, List<float[]> embeddings, String file, List<String> labels)
      throws IOException;

  /** Labels that are classes, in the order of their numbers, or of their names. */
  static HeadLabels classes(String file, List<String> labels) throws IOException {
    List<String> names = List.copyOf(new TreeSet<>(labels));
    if (names.stream().allMatch(HeadLabels::isNumber)) {
      names = names.stream().sorted(HeadLabels::compareNumbers).toList();
    }
    if (names.size() < 2 || names.size() == labels.size()) {
      throw new IOException(
          file
              + ": "
              + (names.size() < 2 ? "all rows have the same label" : "no label occurs twice")
              + ", expected classes (see --label and --kind)");
    }
    return new Classes(names, labels);
  }

  private static boolean isNumber(String label) {
    return label.matches("[+-]?[0-9]{1,15}([.][0-9]{0,15})?");
  }

  private static int compareNumbers(String a, String b) {
    int byValue = Double.compare(Double.parseDouble(a), Double.parseDouble(b));
    return byValue == 0 ? a.compareTo(b) : byValue;
  }

  /** Labels that are values. */
  static HeadLabels values(String file, List<String> labels) throws IOException {
    return new Values(numbers(file, labels));
  }

  private static double[] numbers(String file, List<String> labels) throws IOException {
    double[] values = new double[labels.size()];
    for (int i = 0; i < values.length; i++) {
      try {
        values[i] = Double.parseDouble(labels.get(i));
      } catch (NumberFormatException e) {
        values[i] = Double.NaN;
      }
      if (!Double.isFinite(values[i])) {
        throw new IOException(
            "%s: row %d has the label '%.60s', expected a number"
                .formatted(file, i + 1, labels.get(i)));
      }
    }
    if (Arrays.stream(values).distinct().count() < 2) {
      throw new IOException(file + ": all rows have the same label, expected values that differ");
    }
    return values;
  }

  /**
   * Classes.
   *
   * @param names of all of them
   * @param labels of the rows
   */
  record Classes(List<String> names, List<String> labels) implements HeadLabels {
    @Override
    public LinearHead.Kind kind() {
      return LinearHead.Kind.CLASSIFICATION;
    }

    @Override
    public HeadFit fit(List<float[]> embeddings, OptionalDouble penalty) {
      int[] classes = labels.stream().mapToInt(names::indexOf).toArray();
      return HeadFit.ofClasses(embeddings, classes, names.size(), penalty);
    }

    @Override
    public void requireAlike(String file, List<String> others) throws IOException {
      if (others.stream().noneMatch(names::contains)) {
        throw new IOException(
            "%s: no row has a label of the others, such as '%.60s' (see --label)"
                .formatted(file, names.getFirst()));
      }
    }

    @Override
    public double score(
        LinearHead head, List<float[]> embeddings, String file, List<String> others) {
      int right = 0;
      for (int i = 0; i < others.size(); i++) {
        int found = LinearHead.best(head.apply(embeddings.get(i)));
        right += names.get(found).equals(others.get(i)) ? 1 : 0;
      }
      return (double) right / others.size();
    }
  }

  /**
   * Values.
   *
   * @param values of the rows
   */
  @SuppressWarnings("ArrayRecordComponent") // read once
  record Values(double[] values) implements HeadLabels {
    @Override
    public LinearHead.Kind kind() {
      return LinearHead.Kind.REGRESSION;
    }

    @Override
    public List<String> names() {
      return List.of("value");
    }

    @Override
    public HeadFit fit(List<float[]> embeddings, OptionalDouble penalty) {
      return HeadFit.ofValues(embeddings, values, penalty);
    }

    @Override
    public void requireAlike(String file, List<String> others) throws IOException {
      numbers(file, others);
    }

    @Override
    public double score(LinearHead head, List<float[]> embeddings, String file, List<String> others)
        throws IOException {
      double[] predicted =
          embeddings.stream().mapToDouble(embedding -> head.apply(embedding)[0]).toArray();
      return HeadFit.determination(predicted, numbers(file, others));
    }
  }
}
