package org.xlstm4j.cli.commands;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.xlstm4j.cli.options.UsageException;
import org.xlstm4j.cli.terminal.Terminal;
import org.xlstm4j.models.forecast.QuantileInterpolation;
import picocli.CommandLine.Option;

/** The option that says which quantiles are wanted. */
final class QuantilesOption {
  private static final String NAME = "--quantiles";

  @Option(
      names = NAME,
      paramLabel = "L,L",
      description =
          "Levels of the quantiles, such as 0.05,0.5,0.95, interpolated between those of the model"
              + " (default: the model's).")
  private @Nullable String text;

  /** The levels asked for, or null. */
  private @Nullable QuantileInterpolation wanted() {
    if (text == null) {
      return null;
    }
    List<Double> levels = new ArrayList<>();
    try {
      for (String level : text.split(",", -1)) {
        levels.add(Double.parseDouble(level.strip()));
      }
      return new QuantileInterpolation(levels);
    } catch (IllegalArgumentException e) {
      throw new UsageException(
          NAME
              + " is '"
              + text
              + "', expected different levels between 0 and 1, such as 0.1,0.5,0.9");
    }
  }

  /** Checks what was given. */
  void check() {
    wanted();
  }

  /**
   * The levels asked for, or else a model's. A line on standard error says which of them the model
   * knows nothing about.
   *
   * @param ofModel its levels
   * @param terminal takes the line
   */
  QuantileInterpolation or(List<Double> ofModel, Terminal terminal) {
    QuantileInterpolation levels = wanted();
    if (levels == null) {
      return new QuantileInterpolation(ofModel);
    }
    List<Double> beyond = levels.beyond(ofModel);
    if (!beyond.isEmpty()) {
      terminal
          .err()
          .printf(
              "xlstm forecast: beyond the model's levels of %s to %s it knows nothing: %s%n",
              ofModel.stream().min(Double::compare).orElseThrow(),
              ofModel.stream().max(Double::compare).orElseThrow(),
              beyond.stream().map(String::valueOf).collect(Collectors.joining(" and "))
                  + (beyond.size() == 1
                      ? " gets the quantile of the nearest"
                      : " get the quantiles of the nearest"));
    }
    return levels;
  }
}
