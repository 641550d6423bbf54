package org.xlstm4j.reliability.endurance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;
import org.xlstm4j.engine.cells.StateLayout;
import org.xlstm4j.engine.threads.Team;
import org.xlstm4j.models.language.LanguageModel;
import org.xlstm4j.models.language.LanguageSession;
import org.xlstm4j.models.language.SessionFile;

/**
 * One session that writes a text of its own. For each stretch it writes down how well the model
 * predicted it, the largest magnitude in the state, how many of the state's numbers are subnormal,
 * and how long a token took: none of these may drift. The session is saved after each stretch, so
 * that a later run goes on.
 */
public final class LongText {
  private static final int STRETCH = 10_000;
  private static final int LOOK = 500;

  private LongText() {}

  /**
   * Runs it; ends with an exception if something drifted.
   *
   * @param arguments most seconds, the session's file, the file with a line for each stretch
   */
  public static void main(String[] arguments) throws IOException {
    long end = System.nanoTime() + 1_000_000_000L * Integer.parseInt(arguments[0]);
    Path file = Path.of(arguments[1]);
    Path results = Path.of(arguments[2]);
    Path pretrained = Path.of(Objects.requireNonNull(System.getProperty("xlstm4j.pretrained")));
    try (LanguageModel model = LanguageModel.open(pretrained.resolve("xlstm-large-mini-q8"))) {
      LanguageSession session = model.newSession(Team.of(1));
      if (Files.exists(file)) {
        SessionFile.load(session, file);
      } else {
        session.step(0);
      }
      while (System.nanoTime() < end) {
        String line = stretch(session);
        SessionFile.save(session, file);
        Files.writeString(
            results, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        System.out.println(line);
      }
    }
    requireNoDrift(Files.readAllLines(results));
  }

  private static String stretch(LanguageSession session) {
    Random random = new Random(session.position());
    long start = System.nanoTime();
    double sum = 0;
    float largest = 0;
    int subnormal = 0;
    float[] logits = session.logits();
    for (int i = 0; i < STRETCH; i++) {
      double normalizer = normalizer(logits);
      int token = sample(logits, normalizer, random);
      sum += normalizer - logits[token];
      logits = session.step(token);
      if (i % LOOK == 0) {
        for (StateLayout.Slot slot : session.state().layout().slots()) {
          for (float value : session.state().read(slot)) {
            largest = Math.max(largest, Math.abs(value));
            subnormal += value != 0 && Math.abs(value) < Float.MIN_NORMAL ? 1 : 0;
          }
        }
      }
    }
    return String.format(
        Locale.ROOT,
        "%d,%.4f,%.1f,%d,%.1f",
        session.position(),
        sum / STRETCH,
        largest,
        subnormal,
        (System.nanoTime() - start) / 1e3 / STRETCH);
  }

  private static double normalizer(float[] logits) {
    float most = Float.NEGATIVE_INFINITY;
    for (float logit : logits) {
      most = Math.max(most, logit);
    }
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit - most);
    }
    return most + Math.log(sum);
  }

  private static int sample(float[] logits, double normalizer, Random random) {
    double left = random.nextDouble();
    for (int token = 0; token < logits.length; token++) {
      left -= Math.exp(logits[token] - normalizer);
      if (left < 0) {
        return token;
      }
    }
    return 0;
  }

  /** Compares the second half with the first one, by what the stretches differ among each other. */
  private static void requireNoDrift(List<String> lines) {
    List<double[]> stretches = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      String[] fields = line.split(",", -1);
      stretches.add(new double[] {Double.parseDouble(fields[1]), Double.parseDouble(fields[2])});
    }
    int half = stretches.size() / 2;
    if (half < 2) {
      return;
    }
    double[] first = {0, 0, 0};
    double[] second = {0, 0, 0};
    for (int i = 0; i < 2 * half; i++) {
      double[] sums = i < half ? first : second;
      double mean = stretches.get(i)[0];
      sums[0] += mean / half;
      sums[1] += mean * mean / half;
      sums[2] = Math.max(sums[2], stretches.get(i)[1]);
    }
    double variance = first[1] - first[0] * first[0] + second[1] - second[0] * second[0];
    double error = Math.sqrt(Math.max(variance, 0) / (half - 1));
    System.out.printf(
        Locale.ROOT,
        "halves of %d stretches: %.4f and %.4f, error %.4f; largest %.1f and %.1f%n",
        half,
        first[0],
        second[0],
        error,
        first[2],
        second[2]);
    if (Math.abs(first[0] - second[0]) > 4 * error) {
      throw new IllegalStateException("the perplexity drifts");
    }
    if (second[2] > 4 * first[2]) {
      throw new IllegalStateException("the state grows");
    }
  }
}
